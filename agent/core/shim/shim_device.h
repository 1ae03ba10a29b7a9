/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The requests of kmod-shim/airgap_uapi.h, which is where their meaning is written down.
 *
 * All return 0 or -errno; -ESTALE also when the session ended, or the plug-in or link is gone.
 */
#ifndef AIRGAP_CORE_SHIM_SHIM_DEVICE_H
#define AIRGAP_CORE_SHIM_SHIM_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kmod-shim/airgap_uapi.h"

struct shim_device {
	int fd;		  /* -1: not open */
	uint64_t session; /* 0: none */
};

/* shim_device_open - descriptor of @path, AIRGAP_DEVICE mostly, that does not block; -ENOENT: no module */
int shim_device_open(struct shim_device *device, const char *path);

/* shim_device_close - the module locks, unless a goodbye asked for grace */
void shim_device_close(struct shim_device *device);

/* shim_device_hello - @answer: what the module said, also the state; may be NULL */
int shim_device_hello(struct shim_device *device, uint32_t timeout_ms, struct airgap_hello *answer);

int shim_device_beat(struct shim_device *device);
int shim_device_unlock(struct shim_device *device);
int shim_device_lock(struct shim_device *device);

/* shim_device_goodbye - ends the session; @grace_ms: stay armed that long for a successor */
int shim_device_goodbye(struct shim_device *device, uint32_t grace_ms);

int shim_device_status(const struct shim_device *device, struct airgap_status *status);

/* shim_device_usb_find - number of what is at that bus and device number now */
int shim_device_usb_find(struct shim_device *device, uint32_t bus, uint32_t number,
			 struct airgap_usb *found);

/* shim_device_usb_allow - @interfaces: bit bInterfaceNumber */
int shim_device_usb_allow(struct shim_device *device, uint64_t plug, const uint64_t interfaces[4]);
int shim_device_usb_deny(struct shim_device *device, uint64_t plug);

/* shim_device_net_allow - @link: 0, or a number; set to it. @flags: in and out. @netns: descriptor or -1 */
int shim_device_net_allow(struct shim_device *device, int netns, uint32_t index, uint64_t *link,
			  uint32_t *flags);
int shim_device_net_deny(struct shim_device *device, int netns, uint32_t index, uint64_t link);

int shim_device_cidrs(struct shim_device *device, const struct airgap_cidr *cidrs, size_t count,
		      bool all);
int shim_device_modules(struct shim_device *device, const char *const *names, size_t count);

/* shim_device_read - next record; -EAGAIN: none is there */
int shim_device_read(const struct shim_device *device, struct airgap_record *record);

/* shim_device_done - records up to this one need not be kept by the module */
int shim_device_done(struct shim_device *device, uint64_t sequence);

/* shim_device_state_name, ... - for people and JSON: "armed", "silent", "usb-veto"; "unknown" beyond */
const char *shim_device_state_name(uint32_t state);
const char *shim_device_cause_name(uint32_t cause);
const char *shim_device_record_name(uint32_t kind);

#endif
