// SPDX-License-Identifier: GPL-2.0
/*
 * The USB gate: a notifier on the bus, which sees every device and every binding, whichever driver was
 * there first.
 *
 * BUS_NOTIFY_BIND_DRIVER comes before usb_probe_interface() looks at the interface's flag `authorized`:
 * clearing it there is a veto. What binds past that (usb_driver_claim_interface() for usbfs) is seen by
 * BUS_NOTIFY_BOUND_DRIVER and evicted by a work, for a notifier holds the device's lock. Permits belong to a
 * plug-in, from BUS_NOTIFY_ADD_DEVICE to DEL_DEVICE, never to a port. Only a spinlock is taken in notifiers.
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/hid.h>
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/string.h>
#include <linux/usb.h>
#include <linux/usb/hcd.h>
#include <linux/workqueue.h>

#include "airgap.h"

static atomic64_t refused;
static struct bus_type *bus;

static bool is_type(const struct device *dev, const char *name)
{
	/* usb_device_type is not exported; the name is what is left. */
	return dev->type && dev->type->name && strcmp(dev->type->name, name) == 0;
}

static bool is_device(const struct device *dev)
{
	return is_type(dev, "usb_device");
}

static bool is_interface(const struct device *dev)
{
	return is_type(dev, "usb_interface");
}

static u32 number_of(const struct usb_interface *intf)
{
	return intf->altsetting ? intf->altsetting[0].desc.bInterfaceNumber : 0;
}

static void tell(u32 kind, struct usb_device *udev, u32 detail, const char *name)
{
	struct airgap_record record = {
		.kind = kind,
		.detail = detail,
		.object = airgap_plugs_look(udev).number,
		.bus = (u32)udev->bus->busnum,
		.device = (u32)udev->devnum,
		.vendor = le16_to_cpu(udev->descriptor.idVendor),
		.product = le16_to_cpu(udev->descriptor.idProduct),
	};

	strscpy(record.name, name, sizeof(record.name));
	airgap_record(&record);
}

/* --- what is taken back --- */

static void evict_interfaces(struct usb_device *udev)
{
	struct usb_host_config *config = udev->actconfig;
	int i;

	for (i = 0; config && i < config->desc.bNumInterfaces; i++) {
		struct usb_interface *intf = config->interface[i];

		if (!intf || airgap_plugs_permit(intf))
			continue;
		intf->authorized = 0;
		/* The device's lock, which the bus wants held over it, is. */
		if (intf->dev.driver)
			device_release_driver(&intf->dev);
	}
}

static void evict(struct usb_device *udev, bool permitted)
{
	usb_lock_device(udev);
	if (udev->state != USB_STATE_NOTATTACHED) {
		if (!permitted) {
			udev->authorized = 0;
			if (udev->actconfig)
				usb_set_configuration(udev, -1);
		} else {
			evict_interfaces(udev);
		}
	}
	usb_unlock_device(udev);
	/* A driver for whole devices (usbip-host) asks for no flag; the kernel's own does no harm. */
	if (!permitted && udev->dev.driver && strcmp(udev->dev.driver->name, "usb") != 0)
		device_release_driver(&udev->dev);
}

static void evict_all(struct work_struct *work)
{
	struct usb_device *udev;
	bool permitted;

	while ((udev = airgap_plugs_ordered(&permitted))) {
		evict(udev, permitted);
		usb_put_dev(udev);
	}
}

static DECLARE_WORK(evicting, evict_all);

void airgap_usb_evict(void)
{
	queue_work(airgap_queue, &evicting);
}

/* --- what the bus says --- */

static void close_bus(struct usb_bus *ubus)
{
	bus_to_hcd(ubus)->dev_policy = USB_DEVICE_AUTHORIZE_NONE;
}

static void on_add(struct usb_device *udev)
{
	static const u64 none[4];

	close_bus(udev->bus);
	if (!udev->parent)
		return;
	udev->authorized = 0;
	airgap_plugs_add(udev, false, none);
	tell(AIRGAP_RECORD_USB_ADD, udev, 0, udev->product ? udev->product : "");
}

static void on_remove(struct usb_device *udev)
{
	if (!udev->parent)
		return;
	tell(AIRGAP_RECORD_USB_REMOVE, udev, 0, "");
	airgap_plugs_remove(udev);
}

static void on_bind(struct usb_interface *intf)
{
	const struct device_driver *driver = intf->dev.driver;

	/* The kernel refuses what is not authorised by itself; that is how a permit is prepared, and no news. */
	if (airgap_plugs_permit(intf) || !intf->authorized)
		return;
	intf->authorized = 0;
	atomic64_inc(&refused);
	tell(AIRGAP_RECORD_USB_VETO, interface_to_usbdev(intf), number_of(intf),
	     driver ? driver->name : "");
}

static void on_bound(struct usb_device *udev, u32 detail, const struct device_driver *driver)
{
	atomic64_inc(&refused);
	airgap_plugs_order(udev);
	tell(AIRGAP_RECORD_USB_EVICT, udev, detail, driver ? driver->name : "");
}

static void on_device(unsigned long event, struct usb_device *udev)
{
	const struct device_driver *driver = udev->dev.driver;

	if (event == BUS_NOTIFY_ADD_DEVICE)
		on_add(udev);
	else if (event == BUS_NOTIFY_DEL_DEVICE)
		on_remove(udev);
	else if (event == BUS_NOTIFY_BIND_DRIVER && !airgap_plugs_look(udev).permitted)
		udev->authorized = 0;
	else if (event == BUS_NOTIFY_BOUND_DRIVER && driver && strcmp(driver->name, "usb") != 0 &&
		 !airgap_plugs_look(udev).permitted)
		on_bound(udev, 0, driver);
}

static int on_bus(struct notifier_block *block, unsigned long event, void *data)
{
	struct device *dev = data;

	if (is_device(dev)) {
		on_device(event, to_usb_device(dev));
	} else if (is_interface(dev)) {
		struct usb_interface *intf = to_usb_interface(dev);

		if (event == BUS_NOTIFY_ADD_DEVICE && !airgap_plugs_permit(intf))
			intf->authorized = 0;
		else if (event == BUS_NOTIFY_BIND_DRIVER)
			on_bind(intf);
		else if (event == BUS_NOTIFY_BOUND_DRIVER && !airgap_plugs_permit(intf))
			on_bound(interface_to_usbdev(intf), number_of(intf), dev->driver);
	}
	return NOTIFY_DONE;
}

static struct notifier_block bus_block = { .notifier_call = on_bus };

/* A new controller: its root hub comes after this. */
static int on_usb(struct notifier_block *block, unsigned long event, void *data)
{
	if (event == USB_BUS_ADD)
		close_bus(data);
	return NOTIFY_DONE;
}

static struct notifier_block usb_block = { .notifier_call = on_usb };

/* --- what was there before --- */

/*
 * Keyboards and hubs that are in use when the module is loaded late stay, or nobody could type: all
 * interfaces are HID and one is a boot keyboard, or all are a hub's. The core judges them like all others.
 */
static bool is_kept(const struct usb_device *udev, u64 interfaces[4])
{
	const struct usb_host_config *config = udev->actconfig;
	bool keyboard = false, hub = true, hid = true;
	int i;

	for (i = 0; config && i < config->desc.bNumInterfaces; i++) {
		const struct usb_interface *intf = config->interface[i];
		const struct usb_interface_descriptor *desc = &intf->altsetting[0].desc;

		hub = hub && desc->bInterfaceClass == USB_CLASS_HUB;
		hid = hid && desc->bInterfaceClass == USB_CLASS_HID;
		keyboard =
			keyboard || (desc->bInterfaceSubClass == USB_INTERFACE_SUBCLASS_BOOT &&
				     desc->bInterfaceProtocol == USB_INTERFACE_PROTOCOL_KEYBOARD);
		interfaces[desc->bInterfaceNumber / 64] |= BIT_ULL(desc->bInterfaceNumber % 64);
	}
	return config && config->desc.bNumInterfaces && (hub || (hid && keyboard));
}

static int adopt(struct device *dev, void *data)
{
	u64 interfaces[4] = { 0 };
	struct usb_device *udev;
	bool kept;

	if (!is_device(dev))
		return 0;
	udev = to_usb_device(dev);
	close_bus(udev->bus);
	if (!udev->parent)
		return 0;
	usb_lock_device(udev);
	kept = is_kept(udev, interfaces);
	if (!kept)
		memset(interfaces, 0, sizeof(interfaces));
	airgap_plugs_add(udev, kept, interfaces);
	usb_unlock_device(udev);
	return 0;
}

bool airgap_usb_permits(struct net_device *dev)
{
	struct device *at;

	for (at = dev->dev.parent; at; at = at->parent)
		if (at->bus == bus && is_interface(at))
			return airgap_plugs_permit(to_usb_interface(at));
	return true;
}

void airgap_usb_status(struct airgap_status *status)
{
	status->usb_refused = (u64)atomic64_read(&refused);
}

/* --- coming and going --- */

/* The bus is not exported; a driver that matches nothing knows it. */
static int no_probe(struct usb_interface *intf, const struct usb_device_id *id)
{
	return -ENODEV;
}

static void no_disconnect(struct usb_interface *intf)
{
}

static const struct usb_device_id no_ids[] = { {} };

static struct usb_driver driver = {
	.name = "airgap",
	.probe = no_probe,
	.disconnect = no_disconnect,
	.id_table = no_ids,
	.no_dynamic_id = 1,
};

int airgap_usb_init(void)
{
	int r;

	r = usb_register(&driver);
	if (r < 0)
		return r;
	bus = driver.driver.bus;
	usb_register_notify(&usb_block);
	r = bus_register_notifier(bus, &bus_block);
	if (r < 0) {
		usb_unregister_notify(&usb_block);
		usb_deregister(&driver);
		return r;
	}
	bus_for_each_dev(bus, NULL, NULL, adopt);
	return 0;
}

void airgap_usb_exit(void)
{
	bus_unregister_notifier(bus, &bus_block);
	usb_unregister_notify(&usb_block);
	cancel_work_sync(&evicting);
	airgap_plugs_exit();
	usb_deregister(&driver);
}
