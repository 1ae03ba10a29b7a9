// SPDX-License-Identifier: GPL-2.0
/*
 * What happened, kept for whoever asks next: the ring outlives sessions, so that a core that was dead
 * learns what was tried meanwhile. Records stay until somebody says that they are safe elsewhere.
 *
 * The ring never overwrites. What anybody can cause may fill all but a reserve; the end of a session, a
 * lock and an eviction always find room after that flood. What finds none is counted, and the count is
 * a record itself.
 */
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include "airgap.h"

#define RING_SIZE    1024 /* a power of two; 120 KiB */
#define RING_RESERVE 256

static DEFINE_SPINLOCK(ring_lock);
static DECLARE_WAIT_QUEUE_HEAD(ring_wait);
static struct airgap_record *ring;
static u64 ring_first = 1;  /* oldest that is kept */
static u64 ring_next = 1;   /* sequence of the one to come */
static u64 ring_cursor = 1; /* next to be read */
static u64 ring_lost;	    /* since the last record about it */
static u64 ring_lost_total;

static bool is_grave(u32 kind)
{
	switch (kind) {
	case AIRGAP_RECORD_LOADED:
	case AIRGAP_RECORD_HELLO:
	case AIRGAP_RECORD_UNLOCKED:
	case AIRGAP_RECORD_LOCKED:
	case AIRGAP_RECORD_PARKED:
	case AIRGAP_RECORD_USB_EVICT:
		return true;
	default:
		return false;
	}
}

static struct airgap_record *at(u64 sequence)
{
	return &ring[sequence & (RING_SIZE - 1)];
}

static void append(const struct airgap_record *record)
{
	struct airgap_record *to = at(ring_next);

	*to = *record;
	to->sequence = ring_next++;
}

/* The same again, before anybody has read the first. */
static bool merge(const struct airgap_record *record)
{
	struct airgap_record *last;

	if (ring_next == ring_first || ring_cursor == ring_next)
		return false;
	last = at(ring_next - 1);
	if (last->kind != record->kind || last->detail != record->detail ||
	    last->object != record->object || last->pid != record->pid ||
	    last->uid != record->uid || last->device != record->device ||
	    strcmp(last->name, record->name) != 0 || last->repeats == U32_MAX)
		return false;
	last->repeats++;
	return true;
}

static void confess(const struct airgap_record *cause)
{
	struct airgap_record lost = {
		.kind = AIRGAP_RECORD_LOST,
		.repeats = 1,
		.detail = (u32)min_t(u64, ring_lost, U32_MAX),
		.time_ns = cause->time_ns,
	};

	if (!ring_lost)
		return;
	append(&lost);
	ring_lost = 0;
}

void airgap_record(struct airgap_record *record)
{
	u64 room;

	record->repeats = 1;
	record->time_ns = ktime_get_boottime_ns();
	if (in_task() && !(current->flags & PF_KTHREAD)) {
		record->pid = (u32)task_tgid_nr(current);
		record->uid = from_kuid(&init_user_ns, current_uid());
	}
	spin_lock_bh(&ring_lock);
	if (!merge(record)) {
		room = RING_SIZE - (ring_next - ring_first);
		if (room > (is_grave(record->kind) ? 1 : RING_RESERVE)) {
			confess(record);
			append(record);
		} else {
			ring_lost++;
			ring_lost_total++;
		}
	}
	spin_unlock_bh(&ring_lock);
	wake_up_interruptible(&ring_wait);
}

void airgap_record_plain(u32 kind, u32 detail, u64 object)
{
	struct airgap_record record = { .kind = kind, .detail = detail, .object = object };

	airgap_record(&record);
}

void airgap_records_open(void)
{
	spin_lock_bh(&ring_lock);
	ring_cursor = ring_first;
	spin_unlock_bh(&ring_lock);
}

bool airgap_records_next(struct airgap_record *record)
{
	bool found;

	spin_lock_bh(&ring_lock);
	found = ring_cursor != ring_next;
	if (found)
		*record = *at(ring_cursor++);
	spin_unlock_bh(&ring_lock);
	return found;
}

bool airgap_records_ready(void)
{
	bool ready;

	spin_lock_bh(&ring_lock);
	ready = ring_cursor != ring_next;
	spin_unlock_bh(&ring_lock);
	return ready;
}

/* Only what was read can be safe elsewhere. */
void airgap_records_done(u64 sequence)
{
	spin_lock_bh(&ring_lock);
	if (sequence >= ring_first)
		ring_first = min(sequence + 1, ring_cursor);
	spin_unlock_bh(&ring_lock);
}

struct wait_queue_head *airgap_records_wait(void)
{
	return &ring_wait;
}

void airgap_records_status(struct airgap_status *status)
{
	spin_lock_bh(&ring_lock);
	status->records = (u32)(ring_next - ring_first);
	status->records_max = RING_SIZE;
	status->records_lost = ring_lost_total;
	spin_unlock_bh(&ring_lock);
}

int airgap_records_init(void)
{
	ring = vzalloc(array_size(RING_SIZE, sizeof(*ring)));
	return ring ? 0 : -ENOMEM;
}

void airgap_records_exit(void)
{
	vfree(ring);
}
