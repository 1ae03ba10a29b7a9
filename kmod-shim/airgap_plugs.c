// SPDX-License-Identifier: GPL-2.0
/* Every USB device that is plugged in, by a number that no other ever gets, and what it may be used as. */
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/usb.h>

#include "airgap.h"

/* 127 addresses on each of sixteen buses; what is beyond has no entry, and is refused. */
#define PLUGS_MAX 2032

struct plug {
	struct list_head list;
	struct usb_device *udev; /* until its BUS_NOTIFY_DEL_DEVICE */
	u64 number;
	u64 session; /* that permitted or confirmed it last */
	u64 interfaces[4];
	bool permitted;
	bool kept;
	bool evict; /* the work shall look at it */
};

static LIST_HEAD(plugs);
static u64 plug_last;
static u32 plug_count;

static struct plug *find_device(const struct usb_device *udev)
{
	struct plug *plug;

	list_for_each_entry (plug, &plugs, list)
		if (plug->udev == udev)
			return plug;
	return NULL;
}

static struct plug *find_number(u64 number)
{
	struct plug *plug;

	list_for_each_entry (plug, &plugs, list)
		if (plug->number == number)
			return plug;
	return NULL;
}

static bool has_bit(const u64 interfaces[4], u32 number)
{
	return interfaces[(number & 255) / 64] & BIT_ULL(number % 64);
}

struct airgap_plug airgap_plugs_look(const struct usb_device *udev)
{
	struct airgap_plug out = { .permitted = !udev->parent };
	const struct plug *plug;

	if (!udev->parent)
		return out;
	spin_lock_bh(&airgap_lock);
	plug = find_device(udev);
	if (plug)
		out = (struct airgap_plug){ plug->number, plug->permitted };
	spin_unlock_bh(&airgap_lock);
	return out;
}

bool airgap_plugs_permit(const struct usb_interface *intf)
{
	/* The parent of an interface is its device; the kernel's accessor takes no const. */
	const struct usb_device *udev = to_usb_device(intf->dev.parent);
	const struct plug *plug;
	bool yes;

	if (!udev->parent)
		return true;
	spin_lock_bh(&airgap_lock);
	plug = find_device(udev);
	yes = plug && plug->permitted &&
	      has_bit(plug->interfaces, intf->altsetting[0].desc.bInterfaceNumber);
	spin_unlock_bh(&airgap_lock);
	return yes;
}

static void order(struct plug *plug)
{
	lockdep_assert_held(&airgap_lock);
	plug->evict = true;
	airgap_usb_evict();
}

void airgap_plugs_order(const struct usb_device *udev)
{
	struct plug *plug;

	spin_lock_bh(&airgap_lock);
	plug = find_device(udev);
	if (plug)
		order(plug);
	spin_unlock_bh(&airgap_lock);
}

struct usb_device *airgap_plugs_ordered(bool *permitted)
{
	struct usb_device *udev = NULL;
	struct plug *plug;

	spin_lock_bh(&airgap_lock);
	list_for_each_entry (plug, &plugs, list) {
		if (!plug->evict)
			continue;
		plug->evict = false;
		*permitted = plug->permitted;
		udev = usb_get_dev(plug->udev);
		break;
	}
	spin_unlock_bh(&airgap_lock);
	return udev;
}

void airgap_plugs_add(struct usb_device *udev, bool kept, const u64 interfaces[4])
{
	struct plug *plug = kzalloc(sizeof(*plug), GFP_KERNEL);

	if (!plug)
		return;
	plug->udev = udev;
	plug->permitted = kept;
	plug->kept = kept;
	memcpy(plug->interfaces, interfaces, sizeof(plug->interfaces));
	spin_lock_bh(&airgap_lock);
	if (!find_device(udev) && plug_count < PLUGS_MAX) {
		plug->number = ++plug_last;
		list_add_tail(&plug->list, &plugs);
		plug_count++;
		if (!kept && udev->actconfig)
			order(plug);
		plug = NULL;
	}
	spin_unlock_bh(&airgap_lock);
	kfree(plug);
}

void airgap_plugs_remove(struct usb_device *udev)
{
	struct plug *plug;

	spin_lock_bh(&airgap_lock);
	plug = find_device(udev);
	if (plug) {
		list_del(&plug->list);
		plug_count--;
	}
	spin_unlock_bh(&airgap_lock);
	kfree(plug);
}

/* --- verbs --- */

static int check(const struct airgap_usb *usb)
{
	return usb->flags || usb->reserved ? -EINVAL : 0;
}

static u32 flags_of(const struct plug *plug)
{
	return (plug->permitted ? AIRGAP_USB_PERMITTED : 0) | (plug->kept ? AIRGAP_USB_KEPT : 0);
}

int airgap_plugs_find(struct airgap_usb *usb)
{
	struct plug *plug;
	bool unlocked;
	int r = check(usb);

	if (r < 0)
		return r;
	spin_lock_bh(&airgap_lock);
	r = airgap_session_check(usb->session, &unlocked);
	if (r == 0)
		r = -ENODEV;
	list_for_each_entry (plug, &plugs, list) {
		if (r != -ENODEV || (u32)plug->udev->bus->busnum != usb->bus ||
		    (u32)plug->udev->devnum != usb->device)
			continue;
		usb->plug = plug->number;
		usb->flags = flags_of(plug);
		memcpy(usb->interfaces, plug->interfaces, sizeof(usb->interfaces));
		r = 0;
	}
	spin_unlock_bh(&airgap_lock);
	return r;
}

static bool is_within(const u64 some[4], const u64 all[4])
{
	return !((some[0] & ~all[0]) | (some[1] & ~all[1]) | (some[2] & ~all[2]) |
		 (some[3] & ~all[3]));
}

int airgap_plugs_allow(struct airgap_usb *usb)
{
	struct plug *plug = NULL;
	bool unlocked;
	int r = check(usb);

	if (r < 0)
		return r;
	spin_lock_bh(&airgap_lock);
	r = airgap_session_check(usb->session, &unlocked);
	if (r == 0) {
		plug = find_number(usb->plug);
		r = plug ? 0 : -ESTALE;
	}
	if (r == 0 && !unlocked &&
	    !(plug->permitted && is_within(usb->interfaces, plug->interfaces)))
		r = -EAGAIN;
	if (r == 0) {
		if (!is_within(plug->interfaces, usb->interfaces))
			order(plug);
		memcpy(plug->interfaces, usb->interfaces, sizeof(plug->interfaces));
		plug->permitted = true;
		plug->kept = false;
		plug->session = usb->session;
		usb->flags = flags_of(plug);
	}
	spin_unlock_bh(&airgap_lock);
	return r;
}

static void forbid(struct plug *plug)
{
	plug->permitted = false;
	plug->kept = false;
	memset(plug->interfaces, 0, sizeof(plug->interfaces));
	order(plug);
}

int airgap_plugs_deny(struct airgap_usb *usb)
{
	struct plug *plug;
	bool unlocked;
	int r = check(usb);

	if (r < 0)
		return r;
	spin_lock_bh(&airgap_lock);
	r = airgap_session_check(usb->session, &unlocked);
	if (r == 0) {
		plug = find_number(usb->plug);
		if (plug)
			forbid(plug);
		else
			r = -ESTALE;
	}
	spin_unlock_bh(&airgap_lock);
	return r;
}

void airgap_plugs_renew(u64 session)
{
	struct plug *plug;

	lockdep_assert_held(&airgap_lock);
	list_for_each_entry (plug, &plugs, list)
		if (plug->permitted && plug->session != session)
			forbid(plug);
}

void airgap_plugs_status(struct airgap_status *status)
{
	spin_lock_bh(&airgap_lock);
	status->plugs = plug_count;
	spin_unlock_bh(&airgap_lock);
	status->plugs_max = PLUGS_MAX;
}

void airgap_plugs_exit(void)
{
	struct plug *plug, *next;

	list_for_each_entry_safe (plug, next, &plugs, list)
		kfree(plug);
	INIT_LIST_HEAD(&plugs);
}
