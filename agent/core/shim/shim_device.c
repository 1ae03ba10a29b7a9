// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/shim/shim_device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int request(const struct shim_device *device, unsigned long command, void *argument)
{
	return ioctl(device->fd, command, argument) < 0 ? -errno : 0;
}

int shim_device_open(struct shim_device *device, const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	*device = (struct shim_device){ .fd = fd };
	return fd < 0 ? -errno : 0;
}

void shim_device_close(struct shim_device *device)
{
	if (device->fd >= 0)
		close(device->fd);
	*device = (struct shim_device){ .fd = -1 };
}

int shim_device_hello(struct shim_device *device, uint32_t timeout_ms, struct airgap_hello *answer)
{
	struct airgap_hello hello = { .abi = AIRGAP_ABI, .timeout_ms = timeout_ms };
	int r = request(device, AIRGAP_IOC_HELLO, &hello);

	device->session = r == 0 ? hello.session : 0;
	if (answer)
		*answer = hello;
	return r;
}

static int by_session(const struct shim_device *device, unsigned long command, uint32_t grace_ms)
{
	struct airgap_session session = { .session = device->session, .grace_ms = grace_ms };

	return request(device, command, &session);
}

int shim_device_beat(struct shim_device *device)
{
	return by_session(device, AIRGAP_IOC_HEARTBEAT, 0);
}

int shim_device_unlock(struct shim_device *device)
{
	return by_session(device, AIRGAP_IOC_UNLOCK, 0);
}

int shim_device_lock(struct shim_device *device)
{
	return by_session(device, AIRGAP_IOC_LOCK, 0);
}

int shim_device_goodbye(struct shim_device *device, uint32_t grace_ms)
{
	return by_session(device, AIRGAP_IOC_GOODBYE, grace_ms);
}

int shim_device_status(const struct shim_device *device, struct airgap_status *status)
{
	return request(device, AIRGAP_IOC_STATUS, status);
}

int shim_device_usb_find(struct shim_device *device, uint32_t bus, uint32_t number,
			 struct airgap_usb *found)
{
	*found = (struct airgap_usb){ .session = device->session, .bus = bus, .device = number };
	return request(device, AIRGAP_IOC_USB_FIND, found);
}

int shim_device_usb_allow(struct shim_device *device, uint64_t plug, const uint64_t interfaces[4])
{
	struct airgap_usb usb = { .session = device->session, .plug = plug };

	memcpy(usb.interfaces, interfaces, sizeof(usb.interfaces));
	return request(device, AIRGAP_IOC_USB_ALLOW, &usb);
}

int shim_device_usb_deny(struct shim_device *device, uint64_t plug)
{
	struct airgap_usb usb = { .session = device->session, .plug = plug };

	return request(device, AIRGAP_IOC_USB_DENY, &usb);
}

int shim_device_net_allow(struct shim_device *device, int netns, uint32_t index, uint64_t *link,
			  uint32_t *flags)
{
	struct airgap_net net = { .session = device->session,
				  .link = *link,
				  .netns = netns,
				  .ifindex = index,
				  .flags = *flags };
	int r = request(device, AIRGAP_IOC_NET_ALLOW, &net);

	if (r == 0) {
		*link = net.link;
		*flags = net.flags;
	}
	return r;
}

int shim_device_net_deny(struct shim_device *device, int netns, uint32_t index, uint64_t link)
{
	struct airgap_net net = {
		.session = device->session, .link = link, .netns = netns, .ifindex = index
	};

	return request(device, AIRGAP_IOC_NET_DENY, &net);
}

int shim_device_cidrs(struct shim_device *device, const struct airgap_cidr *cidrs, size_t count,
		      bool all)
{
	struct airgap_cidrs table = { .session = device->session,
				      .table = (uint64_t)(uintptr_t)cidrs,
				      .count = (uint32_t)count,
				      .flags = all ? AIRGAP_CIDR_ALL : 0 };

	return count > AIRGAP_CIDRS_MAX ? -E2BIG : request(device, AIRGAP_IOC_CIDR_SET, &table);
}

int shim_device_modules(struct shim_device *device, const char *const *names, size_t count)
{
	struct airgap_modules modules = { .session = device->session, .count = (uint32_t)count };

	if (count > AIRGAP_MODULES_MAX)
		return -E2BIG;
	for (size_t i = 0; i < count; i++)
		snprintf(modules.names[i], sizeof(modules.names[i]), "%s", names[i]);
	return request(device, AIRGAP_IOC_MODULES, &modules);
}

int shim_device_read(const struct shim_device *device, struct airgap_record *record)
{
	ssize_t n = read(device->fd, record, sizeof(*record));

	if (n < 0)
		return -errno;
	record->name[sizeof(record->name) - 1] = 0;
	return n == (ssize_t)sizeof(*record) ? 0 : -EPROTO;
}

int shim_device_done(struct shim_device *device, uint64_t sequence)
{
	struct airgap_done done = { .session = device->session, .sequence = sequence };

	return request(device, AIRGAP_IOC_DONE, &done);
}

static const char *name_of(const char *const *names, size_t count, uint32_t value)
{
	return value < count && names[value] ? names[value] : "unknown";
}

const char *shim_device_state_name(uint32_t state)
{
	static const char *const names[] = {
		[AIRGAP_STATE_BOOT] = "boot",
		[AIRGAP_STATE_ARMED] = "armed",
		[AIRGAP_STATE_LOCKED] = "locked",
		[AIRGAP_STATE_PARKED] = "parked",
	};

	return name_of(names, COUNT(names), state);
}

const char *shim_device_cause_name(uint32_t cause)
{
	static const char *const names[] = {
		[AIRGAP_LOCK_NONE] = "none",	   [AIRGAP_LOCK_SILENT] = "silent",
		[AIRGAP_LOCK_CLOSED] = "closed",   [AIRGAP_LOCK_ASKED] = "asked",
		[AIRGAP_LOCK_GOODBYE] = "goodbye", [AIRGAP_LOCK_GRACE] = "grace",
		[AIRGAP_LOCK_UNLOAD] = "unload",
	};

	return name_of(names, COUNT(names), cause);
}

const char *shim_device_record_name(uint32_t kind)
{
	static const char *const names[] = {
		[AIRGAP_RECORD_LOADED] = "loaded",
		[AIRGAP_RECORD_HELLO] = "hello",
		[AIRGAP_RECORD_UNLOCKED] = "unlocked",
		[AIRGAP_RECORD_LOCKED] = "locked",
		[AIRGAP_RECORD_PARKED] = "parked",
		[AIRGAP_RECORD_USB_ADD] = "usb-add",
		[AIRGAP_RECORD_USB_REMOVE] = "usb-remove",
		[AIRGAP_RECORD_USB_VETO] = "usb-veto",
		[AIRGAP_RECORD_USB_EVICT] = "usb-evict",
		[AIRGAP_RECORD_NET_VETO] = "net-veto",
		[AIRGAP_RECORD_NET_CLOSE] = "net-close",
		[AIRGAP_RECORD_NET_STRANGER] = "net-stranger",
		[AIRGAP_RECORD_MODULE_VETO] = "module-veto",
		[AIRGAP_RECORD_LOST] = "lost",
	};

	return name_of(names, COUNT(names), kind);
}
