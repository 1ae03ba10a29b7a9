/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Letting a device in, in two steps.
 *
 *	prepare   The bus is seen to deny interfaces. Then the device is authorised, so that it gets its
 *	          configuration, and is compared with what was decided about, interface by interface. No
 *	          interface is authorised: no driver binds, no disk appears, usbfs claims are refused
 *	          (usb_probe_interface() and usb_driver_claim_interface() of the kernel ask for that flag).
 *	open      The interfaces that the verdict grants are authorised and offered to drivers.
 *
 * A permit takes effect with the second step, and that one waits for its journal entry to be durable;
 * the first may run meanwhile. Whoever stops between them leaves a device of which nothing can be
 * used, and which counts as not let in: usb_kernel_state() says USB_KERNEL_LESS, or USB_KERNEL_MORE
 * once it is refused.
 */
#ifndef AIRGAP_CORE_USB_USB_GRANT_H
#define AIRGAP_CORE_USB_USB_GRANT_H

#include <stdbool.h>

#include "agent/core/usb/usb_interfaces.h"

/* Zero before its first use. */
struct usb_grant {
	bool prepared;
	int error; /* why it could not be prepared: -errno; 0: was not tried, or is prepared */
	struct usb_interfaces interfaces;
};

/**
 * usb_grant_ready - has the kernel done its own part with a device that has just appeared?
 * @wait_us: how long to wait for that, in microseconds; it takes some ten
 *
 * Its event comes before the kernel offers it to the driver that stands for whole devices, and that
 * one configures whatever is authorised by then: a second time, so that drivers lose what they had
 * begun with (usb_generic_driver_probe()). From when the driver's link is there, authorising waits
 * for the kernel by itself.
 */
bool usb_grant_ready(int folder, unsigned int wait_us);

/**
 * usb_grant_prepare - first step
 * @hub: folder of the root hub of its bus, which is closed if it does not deny interfaces; or -1
 * @folder: of the device
 *
 * On any failure the device is blocked again. Returns 0, or -errno, which stands in grant->error too;
 * -ESTALE: the device is not what the verdict was about.
 */
int usb_grant_prepare(struct usb_grant *grant, const char *root, int hub, int folder,
		      const struct usb_verdict *verdict);

/* usb_grant_is_shut - it is prepared, and not one of its interfaces is authorised */
bool usb_grant_is_shut(const struct usb_grant *grant);

/**
 * usb_grant_open - second step: grant exactly what @verdict grants
 * @probe: descriptor from usb_grant_probe()
 *
 * Flags are set, drivers are asked, and then the whole is read back. On any failure the device is
 * blocked again. In either case the grant is released. Returns 0 or -errno.
 */
int usb_grant_open(struct usb_grant *grant, int probe, int folder,
		   const struct usb_verdict *verdict);

/* usb_grant_release - forget what was prepared; what the kernel shows stays */
void usb_grant_release(struct usb_grant *grant);

/* usb_grant_probe - descriptor through which drivers are asked; or -errno */
int usb_grant_probe(const char *root);

/**
 * usb_grant_hub - see that a root hub works
 *
 * Its own interface comes after its event. A bus that is closed in between takes the interface for a
 * stranger's: the hub has no driver then, and nothing plugged into it is ever seen. Returns 0 or
 * -errno.
 */
int usb_grant_hub(int probe, int folder, const struct usb_verdict *verdict);

#endif
