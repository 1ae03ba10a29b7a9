// SPDX-License-Identifier: GPL-2.0-or-later
/* A terminal that is made up: one link, and addresses of the networks that policies name. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/net_rules.h"
#include "policy/study/net_subjects.h"

/* Of everywhere: addresses that are nobody's (RFC 5737, RFC 3849). */
static const uint8_t nobody[NET_FAMILY_COUNT][16] = {
	[NET_FAMILY_IPV4] = { 203, 0, 113, 9 },
	[NET_FAMILY_IPV6] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 9 },
};

struct net_prefix net_subjects_host(const struct net_prefix *prefix)
{
	struct net_prefix host = *prefix;
	unsigned int bits = prefix_bits(prefix->family);

	if (prefix->bits == 0)
		memcpy(host.bytes, nobody[prefix->family], sizeof(host.bytes));
	else if (prefix->bits < bits)
		host.bytes[bits / 8 - 1] |= 1;
	host.bits = (uint8_t)bits;
	return host;
}

static void put_address(FILE *out, const struct net_prefix *address)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(address->family == NET_FAMILY_IPV4 ? AF_INET : AF_INET6, address->bytes, text,
		  sizeof(text));
	fprintf(out, " %s", text);
}

static int gather_addresses(const struct policy *policy, struct prefix_list *list)
{
	const struct net_rules *rules = policy_net_rules(policy);
	int ret = 0;

	for (size_t i = 0; !ret && i < rules->condition_count; i++) {
		const struct net_condition *it = &rules->conditions[i];

		if (it->attribute != NET_ATTRIBUTE_ADDRESS || it->registered)
			continue;
		for (size_t k = 0; !ret && k < it->addresses->list.count; k++) {
			struct net_prefix host = net_subjects_host(&it->addresses->list.items[k]);

			if (it->addresses->list.items[k].bits > 0)
				ret = prefix_list_add(list, &host);
		}
	}
	return ret;
}

static char *terminal_text(const struct prefix_list *list, size_t *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);

	if (!out)
		return NULL;
	fputs("airgap-table 1\ntable {\n name terminals\n number 1\n"
	      " columns [ number level mac bus-path addresses ]\n}\n"
	      "\"" NET_SUBJECTS_TERMINAL "\" sample [ 02:00:00:00:00:01 ] [ pci-0000:00:1f.6 ] [",
	      out);
	for (size_t i = 0; i < list->count && i < TABLE_LIST_MAX; i++)
		put_address(out, &list->items[i]);
	if (list->count == 0)
		fputs(" 10.0.0.17 fd00::17", out);
	fputs(" ]\n", out);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

int net_subjects_terminal(const struct policy *const *policies, size_t count, struct table **table)
{
	struct prefix_list list = { 0 };
	size_t length = 0;
	char *text = NULL;
	int ret = 0;

	*table = NULL;
	for (size_t i = 0; !ret && i < count; i++)
		ret = gather_addresses(policies[i], &list);
	prefix_list_sort(&list);
	if (!ret)
		text = terminal_text(&list, &length);
	if (!ret)
		ret = text ? table_parse(text, length, NULL, table) : -ENOMEM;
	free(text);
	prefix_list_clear(&list);
	return ret;
}
