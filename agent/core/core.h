/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * airgapd, the core: holds the policy, decides, enforces, keeps state.
 *
 *	hearing (from monitord) ──▶ devices ──▶ govern (decide) ──▶ usb_kernel (enforce)
 *	                               │
 *	                               ├──▶ recorder (to journald)
 *	                               ├──▶ showing (to doord) ◀── control
 *	                               ├──▶ noticing (to noticed)
 *	                               ├─── reporting (documents from reportd)
 *	                               ├──▶ handling (media: to mountd, to transferd)
 *	                               └─── transferring (questions from transferd)
 */
#ifndef AIRGAP_CORE_CORE_H
#define AIRGAP_CORE_CORE_H

#include "agent/core/usb/devices.h"
#include "agent/core/govern/govern.h"
#include "agent/core/network/network.h"
#include "agent/core/handling.h"
#include "agent/core/noticing.h"
#include "agent/core/recorder.h"
#include "agent/core/reporting.h"
#include "agent/core/sleeping.h"
#include "agent/core/shim/shim.h"
#include "agent/core/transferring.h"
#include "agent/lib/clock_watch.h"
#include "agent/lib/daemon.h"
#include "agent/lib/link.h"

/* Who was asked and says nothing for so long does not answer. */
#define CORE_ANSWER_US UINT64_C(5000000)

struct core {
	struct daemon daemon;
	struct recorder *recorder;
	struct govern govern;
	struct devices *devices;
	struct network network;
	bool network_shown;	  /* the door knows what open links may reach */
	sd_event_source *handing; /* event sockets to the monitor, tried again */
	uint32_t handed;	  /* 1 << enum msg_net_socket: it has it */
	int hand_error;
	struct shim *shim; /* the kernel module */
	bool defaults_closed; /* the kernel's own of USB, at the start */
	struct link *monitor;
	uint64_t monitor_heard_us; /* its last word */
	struct link *door;
	struct noticing noticing;
	struct reporting reporting;
	struct handling handling;
	struct sleeping sleeping;
	struct transferring transferring;
	uint32_t mode_told; /* enum agent_mode of the last notice */
	struct clock_watch *clocks;
	sd_event_source *dates;	  /* the next date at which the mode changes */
	sd_event_source *showing; /* tells the door the status, once for many changes */
	uint64_t started_us;
	bool journal_was_ready;
	uint32_t monitor_sandbox;
	uint32_t door_sandbox;
	uint32_t rescans;
	uint32_t overruns;
};

/* hearing_open - listen for monitord; 0 or -errno */
int hearing_open(struct core *core);

/* hearing_rescan - ask monitord to state everything anew */
void hearing_rescan(struct core *core, enum msg_scan_cause cause);

/* showing_open - listen for doord; 0 or -errno */
int showing_open(struct core *core);

/* showing_outcome - a device changed */
void showing_outcome(struct core *core, const struct usb_outcome *outcome);

/* showing_status - something about the agent changed; told when there is nothing else to do */
void showing_status(struct core *core);

/* hearing_net_open, _up - the network's event sockets, for a monitor that has just come up */
int hearing_net_open(struct core *core);
void hearing_net_up(struct core *core);

/* showing_send - to the door; one that does not keep up is dropped */
void showing_send(struct core *core, enum msg_type type, const void *body);

/* showing_network - tell the door all of the network anew */
void showing_network(struct core *core);

/* What the network's side tells: passed on to door, people and monitor. */
extern const struct network_handler showing_network_handler;

/* hearing_answers - does the monitor? It is asked once more */
bool hearing_answers(struct core *core);

/* core_policy_changed - another policy or mode governs: judge everything anew, look out for dates */
void core_policy_changed(struct core *core);

#endif
