// SPDX-License-Identifier: GPL-2.0
/*
 * Where permitted links may send to: ranges in order, so that looking one up takes a few steps however
 * many there are. Readers are packets, under RCU; the whole is replaced at once.
 */
#include <linux/errno.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/ipv6.h>

#include "airgap.h"

/* Both ends included; in order, apart from one another. */
struct range4 {
	u32 first, last;
};

struct range6 {
	u64 first[2], last[2];
};

struct table {
	struct rcu_head rcu;
	bool all;
	u32 count4, count6;
	struct range4 *four;
	struct range6 *six;
	/* the ranges follow */
};

static struct table __rcu *table;
static struct table *staged; /* set by a session that has not unlocked yet; under airgap_lock */
static u64 staged_by;

static bool holds4(const struct table *in, u32 address)
{
	u32 low = 0, high = in->count4;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (address < in->four[middle].first)
			high = middle;
		else if (address > in->four[middle].last)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

static int compare6(const u64 a[2], const u64 b[2])
{
	if (a[0] != b[0])
		return a[0] < b[0] ? -1 : 1;
	return a[1] == b[1] ? 0 : a[1] < b[1] ? -1 : 1;
}

static bool holds6(const struct table *in, const struct in6_addr *address)
{
	const u64 value[2] = { be64_to_cpup((const __be64 *)address->s6_addr),
			       be64_to_cpup((const __be64 *)(address->s6_addr + 8)) };
	u32 low = 0, high = in->count6;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (compare6(value, in->six[middle].first) < 0)
			high = middle;
		else if (compare6(value, in->six[middle].last) > 0)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

/*
 * A packet with a route of its own names the first hop as its destination (options of RFC 791, 3.1). Options
 * that cannot be read are no better.
 */
static bool has_route4(const struct sk_buff *skb, int offset, unsigned int length)
{
	u8 copy[40];
	const u8 *options = skb_header_pointer(skb, offset, (int)length, copy);
	unsigned int i = 0;

	if (!options)
		return true;
	while (i < length && options[i] != IPOPT_END) {
		if (options[i] == IPOPT_LSRR || options[i] == IPOPT_SSRR)
			return true;
		if (options[i] == IPOPT_NOOP)
			i++;
		else if (i + 1 < length && options[i + 1] >= 2)
			i += options[i + 1];
		else
			return true;
	}
	return false;
}

bool airgap_table_passes4(const struct sk_buff *skb, int offset)
{
	const struct table *in = rcu_dereference(table);
	const struct iphdr *header;
	struct iphdr copy;

	header = skb_header_pointer(skb, offset, sizeof(copy), &copy);
	if (!header || header->version != 4 || header->ihl < 5 || !in ||
	    !holds4(in, be32_to_cpu(header->daddr)))
		return false;
	return likely(header->ihl == 5) ||
	       !has_route4(skb, offset + (int)sizeof(copy), header->ihl * 4U - sizeof(copy));
}

/* The same for IPv6 (RFC 8200, 4.4), where the header is the first; the packet filter looks for others. */
bool airgap_table_passes6(const struct sk_buff *skb, int offset)
{
	const struct table *in = rcu_dereference(table);
	const struct ipv6hdr *header;
	struct ipv6hdr copy;

	header = skb_header_pointer(skb, offset, sizeof(copy), &copy);
	return header && header->version == 6 && header->nexthdr != NEXTHDR_ROUTING && in &&
	       holds6(in, &header->daddr);
}

bool airgap_table_passes_all(void)
{
	const struct table *in = rcu_dereference(table);

	return in && in->all;
}

static int order4(const void *a, const void *b)
{
	const struct range4 *x = a, *y = b;

	return x->first == y->first ? 0 : x->first < y->first ? -1 : 1;
}

static int order6(const void *a, const void *b)
{
	const struct range6 *x = a, *y = b;

	return compare6(x->first, y->first);
}

/* Prefixes are either apart or one within the other: the wider comes first, or begins with it. */
static void merge(struct table *out)
{
	u32 i, kept;

	sort(out->four, out->count4, sizeof(*out->four), order4, NULL);
	for (i = 0, kept = 0; i < out->count4; i++) {
		if (kept && out->four[i].first <= out->four[kept - 1].last)
			out->four[kept - 1].last = max(out->four[kept - 1].last, out->four[i].last);
		else
			out->four[kept++] = out->four[i];
	}
	out->count4 = kept;
	sort(out->six, out->count6, sizeof(*out->six), order6, NULL);
	for (i = 0, kept = 0; i < out->count6; i++) {
		struct range6 *last = kept ? &out->six[kept - 1] : NULL;

		if (!last || compare6(out->six[i].first, last->last) > 0)
			out->six[kept++] = out->six[i];
		else if (compare6(out->six[i].last, last->last) > 0)
			memcpy(last->last, out->six[i].last, sizeof(last->last));
	}
	out->count6 = kept;
}

static u64 mask64(unsigned int bits)
{
	return bits == 0 ? 0 : bits >= 64 ? U64_MAX : ~(U64_MAX >> bits);
}

static int take(struct table *out, const struct airgap_cidr *cidr)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cidr->reserved); i++)
		if (cidr->reserved[i])
			return -EINVAL;
	if (cidr->family == 4 && cidr->bits <= 32) {
		u32 mask = cidr->bits ? ~0U << (32 - cidr->bits) : 0;
		u32 first = be32_to_cpup((const __be32 *)cidr->address);

		if (first & ~mask || memchr_inv(cidr->address + 4, 0, 12))
			return -EINVAL;
		out->four[out->count4++] = (struct range4){ first, first | ~mask };
	} else if (cidr->family == 6 && cidr->bits <= 128) {
		const u64 mask[2] = { mask64(cidr->bits),
				      mask64(cidr->bits > 64 ? cidr->bits - 64U : 0) };
		struct range6 range;

		for (i = 0; i < 2; i++) {
			range.first[i] = be64_to_cpup((const __be64 *)(cidr->address + 8 * i));
			if (range.first[i] & ~mask[i])
				return -EINVAL;
			range.last[i] = range.first[i] | ~mask[i];
		}
		out->six[out->count6++] = range;
	} else {
		return -EINVAL;
	}
	return 0;
}

static int fill(struct table *out, const struct airgap_cidrs *cidrs)
{
	const struct airgap_cidr __user *from = u64_to_user_ptr(cidrs->table);
	struct airgap_cidr cidr;
	int r = 0;
	u32 i;

	for (i = 0; r == 0 && i < cidrs->count; i++)
		r = copy_from_user(&cidr, from + i, sizeof(cidr)) ? -EFAULT : take(out, &cidr);
	if (r == 0)
		merge(out);
	return r;
}

static struct table *make(u32 count)
{
	struct table *new =
		kvzalloc(sizeof(*new) + count * (sizeof(struct range4) + sizeof(struct range6)),
			 GFP_KERNEL_ACCOUNT);

	if (!new)
		return NULL;
	new->six = (struct range6 *)(new + 1);
	new->four = (struct range4 *)(new->six + count);
	return new;
}

static void drop(struct table *old)
{
	if (old)
		kvfree_rcu(old, rcu);
}

int airgap_table_set(const struct airgap_cidrs *cidrs)
{
	struct table *new, *old;
	bool unlocked;
	int r;

	if (cidrs->count > AIRGAP_CIDRS_MAX || cidrs->flags & ~(u32)AIRGAP_CIDR_ALL)
		return -EINVAL;
	new = make(cidrs->count);
	if (!new)
		return -ENOMEM;
	new->all = cidrs->flags &AIRGAP_CIDR_ALL;
	r = fill(new, cidrs);
	if (r < 0) {
		kvfree(new);
		return r;
	}
	spin_lock_bh(&airgap_lock);
	r = airgap_session_check(cidrs->session, &unlocked);
	if (r < 0) {
		old = new;
	} else if (unlocked) {
		old = rcu_replace_pointer(table, new, lockdep_is_held(&airgap_lock));
	} else {
		old = staged;
		staged = new;
		staged_by = cidrs->session;
	}
	spin_unlock_bh(&airgap_lock);
	drop(old);
	return r;
}

void airgap_table_renew(u64 session)
{
	struct table *next = staged_by == session ? staged : NULL;

	lockdep_assert_held(&airgap_lock);
	drop(rcu_replace_pointer(table, next, lockdep_is_held(&airgap_lock)));
	if (!next)
		drop(staged);
	staged = NULL;
}

void airgap_table_status(struct airgap_status *status)
{
	const struct table *in;

	rcu_read_lock();
	in = rcu_dereference(table);
	status->cidrs = in ? in->count4 + in->count6 : 0;
	rcu_read_unlock();
	status->cidrs_max = AIRGAP_CIDRS_MAX;
}

void airgap_table_exit(void)
{
	kvfree(rcu_dereference_protected(table, true));
	kvfree(staged);
}
