// SPDX-License-Identifier: GPL-2.0
/*
 * The link gate: no link but lo comes up, in any network namespace, unless it is permitted.
 *
 * NETDEV_PRE_UP is asked before a device opens, whatever its kind, name or namespace, and its extended
 * acknowledgement carries the reason to whoever asked. NETDEV_UNREGISTER also says that a device leaves
 * its namespace. USB is never touched from here: rtnl is held.
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include "airgap.h"

/* Found in one walk over all namespaces; the walk is repeated until it finds none. */
#define BATCH 32

static atomic64_t refused;

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

/* --- closing --- */

static unsigned int collect_in(struct net *net, struct net_device *found[BATCH], unsigned int count)
{
	struct net_device *dev;

	for_each_netdev (net, dev) {
		if (count < BATCH && dev->flags & IFF_UP && !airgap_permits_link(dev))
			found[count++] = dev;
	}
	return count;
}

static unsigned int collect(struct net_device *found[BATCH])
{
	unsigned int count = 0;
	struct net *net;

	down_read(&net_rwsem);
	for_each_net (net)
		count = collect_in(net, found, count);
	up_read(&net_rwsem);
	return count;
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
	airgap_permits_sweep();
	rtnl_unlock();
}

static DECLARE_WORK(closing, close_forbidden);

void airgap_links_close(void)
{
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
		if (!airgap_permits_link(dev))
			return veto_up(dev, netdev_notifier_info_to_extack(data));
		break;
	case NETDEV_UP:
		/* Locked while it came up, or up since before this module. */
		if (!airgap_permits_link(dev))
			queue_work(airgap_queue, &closing);
		break;
	case NETDEV_UNREGISTER:
		airgap_permits_end(dev);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block netdev_block = { .notifier_call = on_netdev };

void airgap_links_status(struct airgap_status *status)
{
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
	unregister_netdevice_notifier(&netdev_block);
	cancel_work_sync(&closing);
	airgap_permits_exit();
}
