// SPDX-License-Identifier: GPL-2.0
/*
 * Links that are permitted, and nobody else's: so only the core can cause an entry. One is found by the device
 * itself, and goes when the device leaves its namespace. All that changes the list holds rtnl as well.
 */
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "airgap.h"

#define LINKS_MAX 1024

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

static bool is_lo(const struct net_device *dev)
{
	return dev == dev_net(dev)->loopback_dev;
}

static struct entry *find(const struct net_device *dev)
{
	struct entry *entry;

	list_for_each_entry (entry, &entries, list)
		if (entry->dev == dev)
			return entry;
	return NULL;
}

bool airgap_permits_link(const struct net_device *dev)
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

void airgap_permits_freeze(void)
{
	struct entry *entry;

	lockdep_assert_held(&airgap_lock);
	list_for_each_entry (entry, &entries, list) {
		freeze(entry->dev, true);
		entry->closed = entry->closed || entry->dev->flags & IFF_UP;
	}
	airgap_links_close();
}

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

void airgap_permits_sweep(void)
{
	struct entry *entry, *next;

	list_for_each_entry_safe (entry, next, &entries, list)
		if (entry->dropped)
			forget(entry);
}

void airgap_permits_end(struct net_device *dev)
{
	struct entry *entry;

	spin_lock_bh(&airgap_lock);
	entry = find(dev);
	spin_unlock_bh(&airgap_lock);
	if (entry)
		forget(entry);
}

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
	list_for_each_entry (each, &entries, list)
		if (dev ? each->dev == dev : each->number == net->link)
			entry = each;
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
	list_for_each_entry (each, &entries, list)
		if (dev ? each->dev == dev : each->number == net->link)
			entry = each;
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

int airgap_permits_allow(struct airgap_net *net)
{
	return act(net, permit);
}

int airgap_permits_deny(struct airgap_net *net)
{
	return act(net, prohibit);
}

void airgap_permits_renew(u64 session)
{
	struct entry *entry;

	lockdep_assert_held(&airgap_lock);
	list_for_each_entry (entry, &entries, list) {
		if (entry->session == session)
			freeze(entry->dev, false);
		else
			entry->dropped = true;
	}
	airgap_links_close();
}

void airgap_permits_status(struct airgap_status *status)
{
	spin_lock_bh(&airgap_lock);
	status->links = entry_count;
	spin_unlock_bh(&airgap_lock);
	status->links_max = LINKS_MAX;
}

void airgap_permits_exit(void)
{
	struct entry *entry, *next;

	rtnl_lock();
	list_for_each_entry_safe (entry, next, &entries, list)
		forget(entry);
	rtnl_unlock();
}
