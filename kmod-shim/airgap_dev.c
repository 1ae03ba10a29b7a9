// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/airgap: one opener, fixed-size requests.
 *
 * Each opening has a number, and one at a time is the holder. When the session's owner closes the
 * device its opening holds no more, even if the descriptor lives on in another process: the next core
 * can open, and the leaked descriptor gets ESTALE for ever.
 */
#include <linux/atomic.h>
#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "airgap.h"

/* Requests but heartbeats come one after the other. It is never taken in a notifier. */
static DEFINE_MUTEX(request_mutex);
static atomic64_t opened;
static atomic64_t holder; /* 0: nobody */

union request {
	struct airgap_hello hello;
	struct airgap_session session;
	struct airgap_status status;
	struct airgap_usb usb;
	struct airgap_net net;
	struct airgap_cidrs cidrs;
	struct airgap_modules modules;
	struct airgap_done done;
};

struct opening {
	s64 number;
	union request request; /* too large for the stack; under request_mutex */
};

static bool holds(const struct opening *opening)
{
	return atomic64_read(&holder) == opening->number;
}

static int dev_open(struct inode *inode, struct file *file)
{
	struct opening *opening;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	opening = kzalloc(sizeof(*opening), GFP_KERNEL_ACCOUNT);
	if (!opening)
		return -ENOMEM;
	opening->number = atomic64_inc_return(&opened);
	if (atomic64_cmpxchg(&holder, 0, opening->number) != 0) {
		kfree(opening);
		return -EBUSY;
	}
	file->private_data = opening;
	airgap_records_open();
	return stream_open(inode, file);
}

static int dev_flush(struct file *file, fl_owner_t id)
{
	struct opening *opening = file->private_data;

	if (holds(opening) && airgap_session_end(false))
		atomic64_cmpxchg(&holder, opening->number, 0);
	return 0;
}

static int dev_release(struct inode *inode, struct file *file)
{
	struct opening *opening = file->private_data;

	if (holds(opening)) {
		airgap_session_end(true);
		atomic64_cmpxchg(&holder, opening->number, 0);
	}
	kfree(opening);
	return 0;
}

static int get_status(struct airgap_status *status)
{
	memset(status, 0, sizeof(*status));
	airgap_session_status(status);
	airgap_records_status(status);
	airgap_usb_status(status);
	airgap_plugs_status(status);
	airgap_links_status(status);
	airgap_permits_status(status);
	airgap_egress_status(status);
	airgap_table_status(status);
	airgap_modules_status(status);
	return 0;
}

static int forget_records(const struct airgap_done *done)
{
	bool unlocked;
	int r;

	spin_lock_bh(&airgap_lock);
	r = airgap_session_check(done->session, &unlocked);
	spin_unlock_bh(&airgap_lock);
	if (r == 0)
		airgap_records_done(done->sequence);
	return r;
}

static int say_goodbye(const struct airgap_session *session)
{
	return session->reserved ? -EINVAL
				 : airgap_session_goodbye(session->session, session->grace_ms);
}

static int act(unsigned int command, union request *request)
{
	switch (command) {
	case AIRGAP_IOC_HELLO:
		return airgap_session_hello(&request->hello);
	case AIRGAP_IOC_LOCK:
		return airgap_session_lock(request->session.session);
	case AIRGAP_IOC_UNLOCK:
		return airgap_session_unlock(request->session.session);
	case AIRGAP_IOC_GOODBYE:
		return say_goodbye(&request->session);
	case AIRGAP_IOC_STATUS:
		return get_status(&request->status);
	case AIRGAP_IOC_USB_FIND:
		return airgap_plugs_find(&request->usb);
	case AIRGAP_IOC_USB_ALLOW:
		return airgap_plugs_allow(&request->usb);
	case AIRGAP_IOC_USB_DENY:
		return airgap_plugs_deny(&request->usb);
	case AIRGAP_IOC_NET_ALLOW:
		return airgap_permits_allow(&request->net);
	case AIRGAP_IOC_NET_DENY:
		return airgap_permits_deny(&request->net);
	case AIRGAP_IOC_CIDR_SET:
		return airgap_table_set(&request->cidrs);
	case AIRGAP_IOC_MODULES:
		return airgap_modules_set(&request->modules);
	case AIRGAP_IOC_DONE:
		return forget_records(&request->done);
	default:
		return -ENOTTY;
	}
}

/* On no lock that anything slow is done under. */
static long beat(const void __user *from)
{
	struct airgap_session session;

	if (copy_from_user(&session, from, sizeof(session)))
		return -EFAULT;
	return airgap_session_beat(session.session);
}

static long dev_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct opening *opening = file->private_data;
	void __user *user = (void __user *)argument;
	size_t size = _IOC_SIZE(command);
	int r;

	if (!holds(opening))
		return -ESTALE;
	if (!airgap_session_owned())
		return -EPERM;
	if (_IOC_TYPE(command) != _IOC_TYPE(AIRGAP_IOC_HELLO) || size > sizeof(opening->request))
		return -ENOTTY;
	if (command == AIRGAP_IOC_HEARTBEAT)
		return beat(user);
	if (mutex_lock_interruptible(&request_mutex))
		return -ERESTARTSYS;
	memset(&opening->request, 0, sizeof(opening->request));
	r = 0;
	if (_IOC_DIR(command) & _IOC_WRITE && copy_from_user(&opening->request, user, size))
		r = -EFAULT;
	if (r == 0)
		r = act(command, &opening->request);
	if ((r == 0 || command == AIRGAP_IOC_HELLO) && _IOC_DIR(command) & _IOC_READ &&
	    copy_to_user(user, &opening->request, size))
		r = -EFAULT;
	mutex_unlock(&request_mutex);
	return r;
}

static ssize_t dev_read(struct file *file, char __user *to, size_t size, loff_t *offset)
{
	struct airgap_record record;
	size_t done = 0;
	int r = 0;

	if (!holds(file->private_data))
		return -ESTALE;
	if (!airgap_session_owned())
		return -EPERM;
	if (size < sizeof(record))
		return -EINVAL;
	if (!(file->f_flags & O_NONBLOCK))
		r = wait_event_interruptible(*airgap_records_wait(), airgap_records_ready());
	while (r == 0 && done + sizeof(record) <= size && airgap_records_next(&record)) {
		if (copy_to_user(to + done, &record, sizeof(record)))
			r = -EFAULT;
		else
			done += sizeof(record);
	}
	if (r < 0)
		return r;
	return done ? (ssize_t)done : -EAGAIN;
}

static __poll_t dev_poll(struct file *file, poll_table *wait)
{
	if (!holds(file->private_data))
		return EPOLLERR | EPOLLHUP;
	poll_wait(file, airgap_records_wait(), wait);
	return airgap_records_ready() ? EPOLLIN | EPOLLRDNORM : 0;
}

static const struct file_operations dev_operations = {
	.owner = THIS_MODULE,
	.open = dev_open,
	.flush = dev_flush,
	.release = dev_release,
	.unlocked_ioctl = dev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.read = dev_read,
	.poll = dev_poll,
	.llseek = no_llseek,
};

static struct miscdevice misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "airgap",
	.fops = &dev_operations,
	.mode = 0600,
};

int airgap_dev_init(void)
{
	return misc_register(&misc);
}

void airgap_dev_exit(void)
{
	misc_deregister(&misc);
}
