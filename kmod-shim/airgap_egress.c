// SPDX-License-Identifier: GPL-2.0
/*
 * What leaves: a table of addresses, asked in two places.
 *
 * At local output of every namespace, so that programs fail at once; and at the egress of every permitted
 * link, where packet sockets, forwarding and rewriting come out as well. There the frame is judged by its
 * own bytes: skb->protocol is whatever a packet socket claims. The table is a superset of the packet
 * filter's rules, to be quick; what is finer is theirs. Nothing is taken apart beyond link and IP header.
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "airgap.h"

#define VLAN_TAGS_MAX 2

struct airgap_hook {
	struct rcu_head rcu;
	struct nf_hook_ops ops;
	bool eapol;
};

static atomic64_t refused;

static bool passes_ethernet(const struct sk_buff *skb, bool eapol)
{
	const struct ethhdr *header;
	struct ethhdr copy;
	int offset = sizeof(copy);
	u16 type;
	int i;

	header = skb_header_pointer(skb, 0, sizeof(copy), &copy);
	if (!header)
		return false;
	type = be16_to_cpu(header->h_proto);
	for (i = 0; i < VLAN_TAGS_MAX && (type == ETH_P_8021Q || type == ETH_P_8021AD); i++) {
		struct vlan_hdr tag_copy;
		const struct vlan_hdr *tag =
			skb_header_pointer(skb, offset, sizeof(tag_copy), &tag_copy);

		if (!tag)
			return false;
		type = be16_to_cpu(tag->h_vlan_encapsulated_proto);
		offset += (int)sizeof(tag_copy);
	}
	switch (type) {
	case ETH_P_IP:
		return airgap_table_passes4(skb, offset);
	case ETH_P_IPV6:
		return airgap_table_passes6(skb, offset);
	case ETH_P_ARP:
		return true;
	case ETH_P_PAE:
		return eapol;
	default:
		return false;
	}
}

/* Links without a header of their own: tunnels, PPP, Wi-Fi modems. The first byte tells the version. */
static bool passes_bare(const struct sk_buff *skb)
{
	const u8 *byte;
	u8 copy;

	byte = skb_header_pointer(skb, 0, sizeof(copy), &copy);
	if (!byte)
		return false;
	return *byte >> 4 == 4 ? airgap_table_passes4(skb, 0)
			       : *byte >> 4 == 6 && airgap_table_passes6(skb, 0);
}

static unsigned int on_egress(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct airgap_hook *hook = priv;
	bool passes;

	if (!airgap_armed())
		passes = false;
	else if (skb->dev->type == ARPHRD_ETHER)
		passes = passes_ethernet(skb, READ_ONCE(hook->eapol)) || airgap_table_passes_all();
	else if (!skb->dev->hard_header_len)
		passes = passes_bare(skb) || airgap_table_passes_all();
	else
		passes = airgap_table_passes_all();
	if (likely(passes))
		return NF_ACCEPT;
	atomic64_inc(&refused);
	return NF_DROP;
}

/* Who connects is told at once; a plain drop would have him wait for two minutes. */
static unsigned int refuse_output(void)
{
	atomic64_inc(&refused);
	return NF_DROP_ERR(-ECONNREFUSED);
}

static unsigned int on_output4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (state->out == state->net->loopback_dev)
		return NF_ACCEPT;
	if (likely(airgap_armed() && (airgap_table_passes4(skb, skb_network_offset(skb)) ||
				      airgap_table_passes_all())))
		return NF_ACCEPT;
	return refuse_output();
}

static unsigned int on_output6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (state->out == state->net->loopback_dev)
		return NF_ACCEPT;
	if (likely(airgap_armed() && (airgap_table_passes6(skb, skb_network_offset(skb)) ||
				      airgap_table_passes_all())))
		return NF_ACCEPT;
	return refuse_output();
}

/* Last of all: what destinations became is asked, and the packet filter has spoken. */
static const struct nf_hook_ops output_ops[] = {
	{ .hook = on_output4,
	  .pf = NFPROTO_IPV4,
	  .hooknum = NF_INET_LOCAL_OUT,
	  .priority = INT_MAX },
	{ .hook = on_output6,
	  .pf = NFPROTO_IPV6,
	  .hooknum = NF_INET_LOCAL_OUT,
	  .priority = INT_MAX },
};

static int __net_init egress_net_init(struct net *net)
{
	return nf_register_net_hooks(net, output_ops, ARRAY_SIZE(output_ops));
}

static void __net_exit egress_net_exit(struct net *net)
{
	nf_unregister_net_hooks(net, output_ops, ARRAY_SIZE(output_ops));
}

static struct pernet_operations egress_net = {
	.init = egress_net_init,
	.exit = egress_net_exit,
};

struct airgap_hook *airgap_egress_hook(struct net_device *dev)
{
	struct airgap_hook *hook = kzalloc(sizeof(*hook), GFP_KERNEL);

	if (!hook)
		return NULL;
	hook->ops = (struct nf_hook_ops){
		.hook = on_egress,
		.dev = dev,
		.priv = hook,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_EGRESS,
		.priority = INT_MAX,
	};
	if (nf_register_net_hook(dev_net(dev), &hook->ops) == 0)
		return hook;
	kfree(hook);
	return NULL;
}

void airgap_egress_unhook(struct airgap_hook *hook)
{
	nf_unregister_net_hook(dev_net(hook->ops.dev), &hook->ops);
	kfree_rcu(hook, rcu);
}

void airgap_egress_eapol(struct airgap_hook *hook, bool eapol)
{
	WRITE_ONCE(hook->eapol, eapol);
}

void airgap_egress_status(struct airgap_status *status)
{
	status->packets_refused = (u64)atomic64_read(&refused);
}

int airgap_egress_init(void)
{
	return register_pernet_subsys(&egress_net);
}

void airgap_egress_exit(void)
{
	unregister_pernet_subsys(&egress_net);
	airgap_table_exit();
}
