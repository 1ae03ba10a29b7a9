// SPDX-License-Identifier: GPL-2.0
/* State, session and dead man's switch; see airgap_uapi.h for what they promise. */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "airgap.h"

DEFINE_SPINLOCK(airgap_lock);
int airgap_state = AIRGAP_STATE_BOOT;
struct workqueue_struct *airgap_queue;

static struct {
	u64 session; /* 0: none */
	u64 last;    /* number of the last session that there was */
	struct pid *owner;
	unsigned long timeout; /* jiffies */
	unsigned long grace;   /* until when it is armed without an unlocked session */
	bool unlocked;
	u32 cause;
	struct timer_list timer;
} session;

static void on_silence(struct timer_list *timer);

/*
 * Under airgap_lock. Packets stop with the first line, queues with the second; links are closed by a
 * work, for that takes rtnl, which others may hold for seconds. The timer may be the caller: it is not
 * waited for, and finds nothing to do when it runs once more.
 */
static struct pid *shut(u32 cause, u32 state)
{
	struct pid *owner = session.owner;

	WRITE_ONCE(airgap_state, (int)state);
	airgap_permits_freeze();
	session.session = 0;
	session.owner = NULL;
	session.unlocked = false;
	session.cause = cause;
	del_timer(&session.timer);
	return owner;
}

static void lock_now(u32 cause)
{
	struct pid *owner = NULL;
	bool done = false;

	spin_lock_bh(&airgap_lock);
	if (session.session || airgap_armed()) {
		owner = shut(cause, AIRGAP_STATE_LOCKED);
		done = true;
	}
	spin_unlock_bh(&airgap_lock);
	put_pid(owner);
	if (done)
		airgap_record_plain(AIRGAP_RECORD_LOCKED, cause, 0);
}

static bool in_grace(void)
{
	return airgap_armed() && !READ_ONCE(session.unlocked);
}

static void on_silence(struct timer_list *timer)
{
	lock_now(in_grace() ? AIRGAP_LOCK_GRACE : AIRGAP_LOCK_SILENT);
}

/* A successor that beats but never unlocks does not stretch the grace. */
static void await_beat(void)
{
	unsigned long end = jiffies + session.timeout;

	if (in_grace() && time_after(end, session.grace))
		end = session.grace;
	mod_timer(&session.timer, end);
}

int airgap_session_check(u64 number, bool *unlocked)
{
	lockdep_assert_held(&airgap_lock);
	*unlocked = session.unlocked;
	return number && number == session.session ? 0 : -ESTALE;
}

int airgap_session_hello(struct airgap_hello *hello)
{
	struct pid *owner = get_pid(task_tgid(current)), *before;
	int r = 0;

	if (hello->abi != AIRGAP_ABI)
		r = -EPROTO;
	else if (hello->timeout_ms < AIRGAP_TIMEOUT_MIN_MS ||
		 hello->timeout_ms > AIRGAP_TIMEOUT_MAX_MS)
		r = -EINVAL;
	if (r < 0) {
		put_pid(owner);
		return r;
	}
	spin_lock_bh(&airgap_lock);
	if (READ_ONCE(airgap_state) == AIRGAP_STATE_PARKED) {
		before = owner;
		r = -ESHUTDOWN;
	} else {
		before = session.owner;
		session.session = ++session.last;
		session.owner = owner;
		session.timeout = msecs_to_jiffies(hello->timeout_ms);
		if (session.unlocked)
			session.grace = jiffies + session.timeout;
		session.unlocked = false;
		await_beat();
		hello->session = session.session;
	}
	hello->state = (u32)READ_ONCE(airgap_state);
	hello->cause = session.cause;
	spin_unlock_bh(&airgap_lock);
	put_pid(before);
	if (r == 0)
		airgap_record_plain(AIRGAP_RECORD_HELLO, 0, hello->session);
	return r;
}

int airgap_session_beat(u64 number)
{
	bool unlocked;
	int r;

	spin_lock_bh(&airgap_lock);
	r = airgap_session_check(number, &unlocked);
	if (r == 0)
		await_beat();
	spin_unlock_bh(&airgap_lock);
	return r;
}

int airgap_session_unlock(u64 number)
{
	bool unlocked, news;
	int r;

	spin_lock_bh(&airgap_lock);
	r = airgap_session_check(number, &unlocked);
	news = r == 0 && !unlocked;
	if (news) {
		airgap_plugs_renew(number);
		airgap_permits_renew(number);
		airgap_table_renew(number);
		session.unlocked = true;
		session.cause = AIRGAP_LOCK_NONE;
		WRITE_ONCE(airgap_state, AIRGAP_STATE_ARMED);
		await_beat();
	}
	spin_unlock_bh(&airgap_lock);
	if (news)
		airgap_record_plain(AIRGAP_RECORD_UNLOCKED, 0, number);
	return r;
}

int airgap_session_lock(u64 number)
{
	bool unlocked;
	int r;

	spin_lock_bh(&airgap_lock);
	r = airgap_session_check(number, &unlocked);
	spin_unlock_bh(&airgap_lock);
	if (r == 0)
		lock_now(AIRGAP_LOCK_ASKED);
	return r;
}

/* With grace what was permitted stays so until the timer, with no session that could permit more. */
static int begin_grace(u64 number, u32 grace_ms)
{
	struct pid *owner = NULL;
	bool unlocked;
	int r;

	spin_lock_bh(&airgap_lock);
	r = airgap_session_check(number, &unlocked);
	if (r == 0 && !unlocked)
		r = -EAGAIN; /* nothing to hold open */
	if (r == 0) {
		owner = session.owner;
		session.session = 0;
		session.owner = NULL;
		session.unlocked = false;
		session.grace = jiffies + msecs_to_jiffies(grace_ms);
		mod_timer(&session.timer, session.grace);
	}
	spin_unlock_bh(&airgap_lock);
	put_pid(owner);
	return r;
}

int airgap_session_goodbye(u64 number, u32 grace_ms)
{
	bool unlocked;
	int r;

	if (grace_ms > AIRGAP_GRACE_MAX_MS)
		return -EINVAL;
	if (grace_ms)
		return begin_grace(number, grace_ms);
	spin_lock_bh(&airgap_lock);
	r = airgap_session_check(number, &unlocked);
	spin_unlock_bh(&airgap_lock);
	if (r == 0)
		lock_now(AIRGAP_LOCK_GOODBYE);
	return r;
}

bool airgap_session_owned(void)
{
	bool owned;

	spin_lock_bh(&airgap_lock);
	owned = !session.owner || session.owner == task_tgid(current);
	spin_unlock_bh(&airgap_lock);
	return owned;
}

bool airgap_session_end(bool last)
{
	bool ends;

	spin_lock_bh(&airgap_lock);
	ends = session.session && (last || session.owner == task_tgid(current));
	spin_unlock_bh(&airgap_lock);
	if (ends)
		lock_now(AIRGAP_LOCK_CLOSED);
	return ends;
}

void airgap_session_status(struct airgap_status *status)
{
	spin_lock_bh(&airgap_lock);
	status->state = (u32)READ_ONCE(airgap_state);
	status->cause = session.cause;
	status->session = session.session;
	spin_unlock_bh(&airgap_lock);
}

/* /sys/module/airgap/parameters/state: for whoever has not opened the device. */
static int show_state(char *buffer, const struct kernel_param *parameter)
{
	static const char *const names[] = {
		[AIRGAP_STATE_BOOT] = "boot",
		[AIRGAP_STATE_ARMED] = "armed",
		[AIRGAP_STATE_LOCKED] = "locked",
		[AIRGAP_STATE_PARKED] = "parked",
	};

	return sysfs_emit(buffer, "%s\n", names[READ_ONCE(airgap_state)]);
}

static const struct kernel_param_ops state_ops = { .get = show_state };
module_param_cb(state, &state_ops, NULL, 0444);
MODULE_PARM_DESC(state, "boot, armed, locked or parked");

static int __init airgap_init(void)
{
	int r;

	timer_setup(&session.timer, on_silence, 0);
	airgap_queue = alloc_workqueue("airgap", WQ_UNBOUND | WQ_HIGHPRI, 0);
	if (!airgap_queue)
		return -ENOMEM;
	r = airgap_records_init();
	if (r < 0)
		goto no_records;
	r = airgap_modules_init();
	if (r < 0)
		goto no_modules;
	r = airgap_egress_init();
	if (r < 0)
		goto no_egress;
	r = airgap_links_init();
	if (r < 0)
		goto no_links;
	r = airgap_usb_init();
	if (r < 0)
		goto no_usb;
	r = airgap_dev_init();
	if (r < 0)
		goto no_dev;
	/* rmmod is refused from here on; rmmod -f is not, see airgap_exit(). */
	__module_get(THIS_MODULE);
	airgap_record_plain(AIRGAP_RECORD_LOADED, 0, 0);
	return 0;
no_dev:
	airgap_usb_exit();
no_usb:
	airgap_links_exit();
no_links:
	airgap_egress_exit();
no_egress:
	airgap_modules_exit();
no_modules:
	airgap_records_exit();
no_records:
	destroy_workqueue(airgap_queue);
	return r;
}

/* Whoever forces the module out waits here for ever, and with him the module, which goes on gating. */
static void __exit airgap_exit(void)
{
	struct pid *owner;

	spin_lock_bh(&airgap_lock);
	owner = shut(AIRGAP_LOCK_UNLOAD, AIRGAP_STATE_PARKED);
	spin_unlock_bh(&airgap_lock);
	put_pid(owner);
	airgap_record_plain(AIRGAP_RECORD_PARKED, AIRGAP_LOCK_UNLOAD, 0);
	pr_alert("airgap: forced out; everything stays shut until the machine is started anew\n");
	for (;;)
		schedule_timeout_idle(MAX_SCHEDULE_TIMEOUT);
}

module_init(airgap_init);
module_exit(airgap_exit);
MODULE_DESCRIPTION("Keeps USB devices, links and packets shut unless airgapd permits them");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("pre: usbcore");
