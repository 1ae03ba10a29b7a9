/* SPDX-License-Identifier: GPL-2.0 */
/*
 * airgap: what the module's files share.
 *
 *	airgap_dev (ioctls) ──▶ airgap_main (state, session, dead man)
 *	     │                       │ lock, unlock
 *	     ├──▶ airgap_plugs ◀─────┤──▶ airgap_usb
 *	     ├──▶ airgap_permits ◀───┤──▶ airgap_links, airgap_egress
 *	     ├──▶ airgap_table ◀─────┤
 *	     ├──▶ airgap_modules     │
 *	     └──▶ airgap_records ◀───┴── all
 *
 * One spinlock, airgap_lock, covers state, session and every permit; nothing sleeps under it, and it is
 * taken last. A permit takes effect where the lock is held and the session was checked, so none outlives
 * its session's end. Packets take no lock: they read airgap_state and, under RCU, the table.
 */
#ifndef AIRGAP_H
#define AIRGAP_H

#include <linux/compiler.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "airgap_uapi.h"

struct net_device;
struct sk_buff;
struct usb_device;
struct usb_interface;
struct workqueue_struct;

/* --- airgap_main: state and session --- */

extern spinlock_t airgap_lock;
extern int airgap_state;
extern struct workqueue_struct *airgap_queue;

/* Shut is everything but this one state. */
static inline bool airgap_armed(void)
{
	return READ_ONCE(airgap_state) == AIRGAP_STATE_ARMED;
}

/* airgap_session_check - may a permit of that session take effect now? Under airgap_lock. 0 or -ESTALE */
int airgap_session_check(u64 session, bool *unlocked);

int airgap_session_hello(struct airgap_hello *hello);
int airgap_session_beat(u64 session);
int airgap_session_unlock(u64 session);
int airgap_session_goodbye(u64 session, u32 grace_ms);

/* airgap_session_lock - by its own wish */
int airgap_session_lock(u64 session);

/* airgap_session_owned - the calling process is not another one than the session's */
bool airgap_session_owned(void);

/* airgap_session_end - the calling process closes the device; @last: nobody has it open any more */
bool airgap_session_end(bool last);

void airgap_session_status(struct airgap_status *status);

/* --- airgap_records --- */

int airgap_records_init(void);
void airgap_records_exit(void);

/* airgap_record - write one down, with time and process filled in here; from any context but hard interrupts */
void airgap_record(struct airgap_record *record);
void airgap_record_plain(u32 kind, u32 detail, u64 object);

/* airgap_records_open - a reader begins with the first that is not known to be safe */
void airgap_records_open(void);
bool airgap_records_next(struct airgap_record *record);
bool airgap_records_ready(void);
void airgap_records_done(u64 sequence);
struct wait_queue_head *airgap_records_wait(void);
void airgap_records_status(struct airgap_status *status);

/* --- airgap_usb: the gate --- */

int airgap_usb_init(void);
void airgap_usb_exit(void);

/* airgap_usb_permits - is it no USB device's link, or a permitted one's? */
bool airgap_usb_permits(struct net_device *dev);

/* airgap_usb_evict - take what is not permitted out of its drivers' hands; any context, also under airgap_lock */
void airgap_usb_evict(void);
void airgap_usb_status(struct airgap_status *status);

/* --- airgap_plugs: who may pass it --- */

struct airgap_plug {
	u64 number; /* 0: none is known */
	bool permitted;
};

/* airgap_plugs_add - @kept: permitted already, with these interfaces; a known one stays as it is */
void airgap_plugs_add(struct usb_device *udev, bool kept, const u64 interfaces[4]);
void airgap_plugs_remove(struct usb_device *udev);

/* airgap_plugs_look - what is known of it; a root hub is always permitted */
struct airgap_plug airgap_plugs_look(const struct usb_device *udev);
bool airgap_plugs_permit(const struct usb_interface *intf);

/* airgap_plugs_order - have the device looked at by the eviction */
void airgap_plugs_order(const struct usb_device *udev);

/* airgap_plugs_ordered - the next such, held for the caller, or NULL */
struct usb_device *airgap_plugs_ordered(bool *permitted);

int airgap_plugs_find(struct airgap_usb *usb);
int airgap_plugs_allow(struct airgap_usb *usb);
int airgap_plugs_deny(struct airgap_usb *usb);

/* airgap_plugs_renew - the session arms: permits of others are void. Under airgap_lock */
void airgap_plugs_renew(u64 session);
void airgap_plugs_status(struct airgap_status *status);
void airgap_plugs_exit(void);

/* --- airgap_links: the gate --- */

int airgap_links_init(void);
void airgap_links_exit(void);

/* airgap_links_close - close what is up and may not be, a moment later; any context */
void airgap_links_close(void);
void airgap_links_status(struct airgap_status *status);

/* --- airgap_permits: links that may pass it --- */

/* airgap_permits_link - may it be up now? lo always */
bool airgap_permits_link(const struct net_device *dev);

/* airgap_permits_end - the device leaves its namespace. Under rtnl */
void airgap_permits_end(struct net_device *dev);

/* airgap_permits_sweep - forget those that no session wants, once they are closed. Under rtnl */
void airgap_permits_sweep(void);

int airgap_permits_allow(struct airgap_net *net);
int airgap_permits_deny(struct airgap_net *net);

/* airgap_permits_freeze - nothing leaves by a link from now on; they are closed a moment later. Under airgap_lock */
void airgap_permits_freeze(void);

/* airgap_permits_renew - the session arms: permits of others are void. Under airgap_lock */
void airgap_permits_renew(u64 session);
void airgap_permits_status(struct airgap_status *status);
void airgap_permits_exit(void);

/* --- airgap_egress --- */

struct airgap_hook;

int airgap_egress_init(void);
void airgap_egress_exit(void);

/* airgap_egress_hook - watch what leaves by @dev, until airgap_egress_unhook(); under rtnl. NULL: no memory */
struct airgap_hook *airgap_egress_hook(struct net_device *dev);
void airgap_egress_unhook(struct airgap_hook *hook);
void airgap_egress_eapol(struct airgap_hook *hook, bool eapol);

void airgap_egress_status(struct airgap_status *status);

/* --- airgap_table --- */

/* airgap_table_passes4, _passes6 - does the header at @offset name a destination of the table? Under RCU */
bool airgap_table_passes4(const struct sk_buff *skb, int offset);
bool airgap_table_passes6(const struct sk_buff *skb, int offset);

/* airgap_table_passes_all - there is no table, and everything passes */
bool airgap_table_passes_all(void);

/* airgap_table_set - the table, from user memory */
int airgap_table_set(const struct airgap_cidrs *cidrs);

/* airgap_table_renew - the session arms: the table that it set is in force, or none. Under airgap_lock */
void airgap_table_renew(u64 session);
void airgap_table_status(struct airgap_status *status);
void airgap_table_exit(void);

/* --- airgap_modules --- */

int airgap_modules_init(void);
void airgap_modules_exit(void);
int airgap_modules_set(const struct airgap_modules *modules);
void airgap_modules_status(struct airgap_status *status);

/* --- airgap_dev --- */

int airgap_dev_init(void);
void airgap_dev_exit(void);

#endif
