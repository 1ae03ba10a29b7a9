/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which programs there are, and how the core says that they all fare. */
#ifndef AIRGAP_LIB_MSG_STATUS_H
#define AIRGAP_LIB_MSG_STATUS_H

#include <stdint.h>

#include "agent/lib/msg_record.h"
#include "policy/decide/facts.h"

enum msg_role {
	MSG_ROLE_CORE,
	MSG_ROLE_MONITOR,
	MSG_ROLE_JOURNAL,
	MSG_ROLE_DOOR,
	MSG_ROLE_ATTRIBUTION,
	MSG_ROLE_NOTICE,
	MSG_ROLE_REPORT,
	MSG_ROLE_TRANSFER,
	MSG_ROLE_MOUNT,
	MSG_ROLE_COUNT,
};

/* How the core governs now. */
enum agent_mode {
	AGENT_MODE_STARTING,
	AGENT_MODE_ENFORCING,
	AGENT_MODE_MONITORING, /* policy says mode monitor */
	AGENT_MODE_RESTRICTED, /* expired policy or suspect clock */
	AGENT_MODE_LOCKDOWN,
	AGENT_MODE_COUNT,
};

/* How the network guard fares. */
enum network_state {
	NETWORK_STATE_OFF,	 /* it guards nothing: see airgapd(8) about --root */
	NETWORK_STATE_BOOT_DENY, /* closed; nothing was read yet */
	NETWORK_STATE_SYNC,	 /* closed while everything is read for the first time */
	NETWORK_STATE_ENFORCING,
	NETWORK_STATE_RESYNC, /* rules hold; everything is read anew, or the monitor is away */
	NETWORK_STATE_LOCKDOWN,
	NETWORK_STATE_MAINTENANCE, /* as enforcing, but by a signed order nothing is undone */
	NETWORK_STATE_COUNT,
};

/* The kernel module: not there, or in which state; the order is that of enum airgap_state. */
enum agent_module {
	AGENT_MODULE_ABSENT,
	AGENT_MODULE_BOOT,
	AGENT_MODULE_ARMED,
	AGENT_MODULE_LOCKED,
	AGENT_MODULE_PARKED,
	AGENT_MODULE_COUNT,
};

/* What holds a refusal in the kernel now, each without the others. */
#define AGENT_LAYER_MODULE   (1u << 0) /* the kernel module, held by this core and unlocked */
#define AGENT_LAYER_SYSFS    (1u << 1) /* the kernel's own USB defaults are closed */
#define AGENT_LAYER_NFTABLES (1u << 2) /* the packet filter is as it was meant */
#define AGENT_LAYER_EARLY    (1u << 3) /* the packet filter was closed before this core started */

struct agent_status {
	uint32_t mode; /* enum agent_mode */
	uint32_t trust_number;
	uint64_t policy_serial;
	uint8_t policy_digest[MSG_DIGEST_SIZE];
	char policy_id[256];
	char terminal[64];
	char unit[64];
	char level[64];
	char reason[MSG_TEXT_SIZE]; /* why not enforcing, and what to do */
	char valid_from[16];	    /* "2026-12-01", "": no policy */
	char valid_until[16];
	uint64_t started_us; /* CLOCK_BOOTTIME */
	uint64_t powered_s;  /* powered-on seconds under the active policy */
	uint32_t devices;
	uint32_t refused; /* present devices that are blocked */
	uint64_t journal_next;
	uint64_t journal_lost;
	int32_t journal_error; /* -ENOTCONN: journald is not there */
	int32_t monitor_error; /* 0 or -ENOTCONN */
	uint32_t rescans;
	uint32_t overruns;
	uint32_t network;      /* enum network_state */
	int32_t network_error; /* 0, or why the packet filter could not be set */
	uint32_t links;	       /* of this namespace, without lo */
	uint32_t links_open;
	uint64_t violations; /* of the network since the core started, each repeat counted */
	uint64_t maintenance_until_us; /* CLOCK_BOOTTIME; 0: none runs */
	char maintenance_order[POLICY_NAME_SIZE];
	char maintenance_reason[POLICY_BECAUSE_SIZE];
	uint32_t sandbox[MSG_ROLE_COUNT]; /* MSG_SANDBOX_… of each program; 0 when not there */
	uint32_t present;		  /* bit 1 << enum msg_role: connected to the core */
	uint32_t module;		  /* enum agent_module */
	int32_t module_error;		  /* why a module that is there is not held; 0 */
	uint32_t layers;		  /* AGENT_LAYER_… */
};

#endif
