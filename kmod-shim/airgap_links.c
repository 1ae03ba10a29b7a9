// SPDX-License-Identifier: GPL-2.0
/*
 * The link gate: no link but lo comes up, in any network namespace, unless it is permitted.
 *
 * NETDEV_PRE_UP is asked before a device opens, whatever its kind, name or namespace, and its extended
 * acknowledgement carries the reason to whoever asked. An entry exists for a permitted link alone, so
 * nobody but the core can cause one. It is found by the device itself, and goes with NETDEV_UNREGISTER,
 * which also says that a device leaves its namespace. USB is never touched from here: rtnl is held.
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include "airgap.h"

#define LINKS_MAX 1024
/* Found in one walk over all namespaces; the walk is repeated until it finds none. */
#define BATCH 32

struct entry {
	struct list_head list;
	struct net_device *dev; /* until its NETDEV_UNREGISTER */
	struct airgap_hook *hook;
	u64 number;
	u64 session;
	bool closed;  /* it was up when it was closed by a lock */
	bool dropped; /* the session that armed does not permit it: the work takes it away */
};

static LIST_HEAD(entries);
static u64 entry_last;
static u32 entry_count;
static atomic64_t refused;

static bool is_lo(const struct net_device *dev)
{
	return dev == dev_net(dev)->loopback_dev;
}

static struct entry *find(const struct net_device *dev)
{
	struct entry *entry;

	list_for_each_entry(entry, &entries, list) if (entry->dev == dev) return entry;
	return NULL;
}

static bool permits(const struct net_device *dev)
{
	const struct entry *entry;
	bool yes;

	if (is_lo(dev))
		return true;
	spin_lock_bh(&airgap_lock);
	entry = find(dev);
	yes = airgap_armed() && entry && !entry->dropped;
	spin_unlock_bh(&airgap_lock);
	return yes;
}

static void tell(u32 kind, const struct net_device *dev)
{
	struct airgap_record record = {
		.kind = kind,
		.device = (u32)dev->ifindex,
		.object = dev_net(dev)->ns.inum,
	};

	strscpy(record.name, dev->name, sizeof(record.name));
	airgap_record(&record);
}

/*
 * A frozen queue takes nothing, neither from a queueing discipline, nor by what goes past it: AF_XDP in
 * copy mode, pktgen, a frame that tc sends on from another link (netfilter's egress is not asked then).
 */
static void freeze(struct net_device *dev, bool on)
{
	unsigned int i;

	for (i = 0; i < dev->num_tx_queues; i++) {
		if (on)
			set_bit(__QUEUE_STATE_FROZEN, &netdev_get_tx_queue(dev, i)->state);
		else
			clear_bit(__QUEUE_STATE_FROZEN, &netdev_get_tx_queue(dev, i)->state);
	}
}

/* --- closing --- */

static unsigned int collect(struct net_device *found[BATCH])
{
	unsigned int count = 0;
	struct net_device *dev;
	struct net *net;

	down_read(&net_rwsem);
	for_each_net(net) for_each_netdev(net, dev) if (count < BATCH && dev->flags & IFF_UP &&
							!permits(dev)) found[count++] = dev;
	up_read(&net_rwsem);
	return count;
}

/* Under rtnl, as all that changes the list. */
static void forget(struct entry *entry)
{
	spin_lock_bh(&airgap_lock);
	list_del(&entry->list);
	entry_count--;
	freeze(entry->dev, false);
	spin_unlock_bh(&airgap_lock);
	airgap_egress_unhook(entry->hook);
	kfree(entry);
}

static void forget_dropped(void)
{
	struct entry *entry, *next;

	list_for_each_entry_safe(entry, next, &entries, list) if (entry->dropped) forget(entry);
}

/* While rtnl is held no device vanishes. */
static void close_forbidden(struct work_struct *work)
{
	struct net_device *found[BATCH];
	unsigned int count, i;

	rtnl_lock();
	while ((count = collect(found)) > 0) {
		for (i = 0; i < count; i++) {
			/* Closing one may close another, as a bond its slaves. */
			if (!(found[i]->flags & IFF_UP))
				continue;
			tell(AIRGAP_RECORD_NET_CLOSE, found[i]);
			dev_close(found[i]);
		}
	}
	forget_dropped();
	rtnl_unlock();
}

static DECLARE_WORK(closing, close_forbidden);

void airgap_links_freeze(void)
{
	struct entry *entry;

	lockdep_assert_held(&airgap_lock);
	list_for_each_entry(entry, &entries, list)
	{
		freeze(entry->dev, true);
		entry->closed = entry->closed || entry->dev->flags & IFF_UP;
	}
	queue_work(airgap_queue, &closing);
}

/* --- what the network says --- */

static int veto_up(struct net_device *dev, struct netlink_ext_ack *extack)
{
	atomic64_inc(&refused);
	tell(AIRGAP_RECORD_NET_VETO, dev);
	switch (READ_ONCE(airgap_state)) {
	case AIRGAP_STATE_ARMED:
		NL_SET_ERR_MSG(
			extack,
			"airgap: the policy does not permit this link; ask the security officer");
		break;
	case AIRGAP_STATE_BOOT:
		NL_SET_ERR_MSG(extack, "airgap: links stay down until airgapd has read the policy");
		break;
	default:
		NL_SET_ERR_MSG(extack, "airgap: links stay down while airgapd does not answer");
	}
	return notifier_from_errno(-EPERM);
}

static void on_unregister(struct net_device *dev)
{
	struct entry *entry;

	spin_lock_bh(&airgap_lock);
	entry = find(dev);
	spin_unlock_bh(&airgap_lock);
	if (entry)
		forget(entry);
}

static int on_netdev(struct notifier_block *block, unsigned long event, void *data)
{
	struct net_device *dev = netdev_notifier_info_to_dev(data);

	switch (event) {
	case NETDEV_POST_INIT:
		if (airgap_usb_permits(dev))
			break;
		tell(AIRGAP_RECORD_NET_STRANGER, dev);
		NL_SET_ERR_MSG(netdev_notifier_info_to_extack(data),
			       "airgap: this USB device may not have a network link");
		return notifier_from_errno(-EPERM);
	case NETDEV_PRE_UP:
		if (!permits(dev))
			return veto_up(dev, netdev_notifier_info_to_extack(data));
		break;
	case NETDEV_UP:
		/* Locked while it came up, or up since before this module. */
		if (!permits(dev))
			queue_work(airgap_queue, &closing);
		break;
	case NETDEV_UNREGISTER:
		on_unregister(dev);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block netdev_block = { .notifier_call = on_netdev };

/* --- verbs --- */

static struct net *namespace_of(const struct airgap_net *net)
{
	if (net->netns == -1)
		return get_net(current->nsproxy->net_ns);
	return net->netns < 0 ? ERR_PTR(-EBADF) : get_net_ns_by_fd(net->netns);
}

/* Under airgap_lock. */
static int check(const struct airgap_net *net, const struct entry *entry)
{
	bool unlocked;
	int r = airgap_session_check(net->session, &unlocked);

	return r == 0 && !unlocked && !entry ? -EAGAIN : r;
}

static struct entry *make(struct net_device *dev)
{
	struct entry *entry = kzalloc(sizeof(*entry), GFP_KERNEL);

	if (!entry)
		return NULL;
	entry->dev = dev;
	entry->hook = airgap_egress_hook(dev);
	if (!entry->hook) {
		kfree(entry);
		return NULL;
	}
	return entry;
}

/* The hook is in place before the permit is, and a permit of an ended session never is. */
static int permit_new(struct airgap_net *net, struct net_device *dev)
{
	struct entry *entry;
	int r;

	if (entry_count >= LINKS_MAX)
		return -ENOSPC;
	entry = make(dev);
	if (!entry)
		return -ENOMEM;
	spin_lock_bh(&airgap_lock);
	r = check(net, NULL);
	if (r == 0) {
		entry->number = ++entry_last;
		entry->session = net->session;
		list_add_tail(&entry->list, &entries);
		entry_count++;
		net->link = entry->number;
	}
	spin_unlock_bh(&airgap_lock);
	if (r == 0) {
		airgap_egress_eapol(entry->hook, net->flags & AIRGAP_NET_EAPOL);
		net->flags = 0;
		return 0;
	}
	airgap_egress_unhook(entry->hook);
	kfree(entry);
	return r;
}

/* Under rtnl: @dev is the device, or NULL and the link goes by number. */
static int permit(struct airgap_net *net, struct net_device *dev)
{
	struct entry *entry = NULL, *each;
	int r;

	spin_lock_bh(&airgap_lock);
	list_for_each_entry(each, &entries, list) if (dev ? each->dev == dev
							  : each->number == net->link) entry = each;
	r = check(net, entry);
	if (r == 0 && entry) {
		entry->session = net->session;
		entry->dropped = false;
		airgap_egress_eapol(entry->hook, net->flags & AIRGAP_NET_EAPOL);
		net->link = entry->number;
		net->flags = entry->closed ? AIRGAP_NET_CLOSED : 0;
		if (airgap_armed()) {
			entry->closed = false;
			freeze(entry->dev, false);
		} else {
			net->flags = 0;
		}
	} else if (r == 0 && !dev) {
		r = -ESTALE;
	}
	spin_unlock_bh(&airgap_lock);
	return r < 0 || entry ? r : permit_new(net, dev);
}

static int prohibit(struct airgap_net *net, struct net_device *dev)
{
	struct entry *entry = NULL, *each;
	bool unlocked;
	int r;

	spin_lock_bh(&airgap_lock);
	r = airgap_session_check(net->session, &unlocked);
	list_for_each_entry(each, &entries, list) if (dev ? each->dev == dev
							  : each->number == net->link) entry = each;
	spin_unlock_bh(&airgap_lock);
	if (r < 0)
		return r;
	if (!entry && !dev)
		return -ESTALE;
	if (entry) {
		dev = entry->dev;
		/* Closed first, while its hook still stands. */
		dev_close(dev);
		forget(entry);
	}
	return 0;
}

static int act(struct airgap_net *net, int (*verb)(struct airgap_net *net, struct net_device *dev))
{
	struct net_device *dev = NULL;
	struct net *space = NULL;
	int r = 0;

	if (net->flags & ~(u32)AIRGAP_NET_EAPOL || net->reserved)
		return -EINVAL;
	if (!net->link) {
		space = namespace_of(net);
		if (IS_ERR(space))
			return PTR_ERR(space);
	}
	rtnl_lock();
	if (space) {
		dev = __dev_get_by_index(space, (int)net->ifindex);
		if (!dev || dev->reg_state != NETREG_REGISTERED)
			r = -ENODEV;
		else if (is_lo(dev))
			r = -EINVAL;
	}
	if (r == 0)
		r = verb(net, dev);
	rtnl_unlock();
	if (space)
		put_net(space);
	return r;
}

int airgap_links_allow(struct airgap_net *net)
{
	return act(net, permit);
}

int airgap_links_deny(struct airgap_net *net)
{
	return act(net, prohibit);
}

void airgap_links_renew(u64 session)
{
	struct entry *entry;

	lockdep_assert_held(&airgap_lock);
	list_for_each_entry(entry, &entries, list)
	{
		if (entry->session == session)
			freeze(entry->dev, false);
		else
			entry->dropped = true;
	}
	queue_work(airgap_queue, &closing);
}

void airgap_links_status(struct airgap_status *status)
{
	spin_lock_bh(&airgap_lock);
	status->links = entry_count;
	spin_unlock_bh(&airgap_lock);
	status->links_max = LINKS_MAX;
	status->links_refused = (u64)atomic64_read(&refused);
}

int airgap_links_init(void)
{
	int r = register_netdevice_notifier(&netdev_block);

	/* What was up before is closed before loading is over. */
	if (r == 0)
		close_forbidden(NULL);
	return r;
}

void airgap_links_exit(void)
{
	struct entry *entry, *next;

	unregister_netdevice_notifier(&netdev_block);
	cancel_work_sync(&closing);
	rtnl_lock();
	list_for_each_entry_safe(entry, next, &entries, list) forget(entry);
	rtnl_unlock();
}
