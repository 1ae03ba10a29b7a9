// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What deciding costs, by the number of entries.
 *
 * usage: decide-cost set|table|network|trie COUNT...
 *	set: ids and serial numbers in sets of the policy; table: rows of table media; network: flows to
 *	addresses in a set of the policy; trie: the look-up in such a set alone, which a policy's
 *	length does not bound.
 *	Prints for each count "COUNT LOAD_MS DECIDE_NS KIB": to read the text, to decide over devices of
 *	which every second one stands in it, and the memory that came with reading.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "policy/decide/context.h"
#include "policy/decide/decide.h"
#include "policy/decide/net.h"
#include "policy/decide/prefix_trie.h"
#include "policy/lang/policy.h"
#include "policy/table/table.h"

#define LEAST_ROUNDS  1000
#define LEAST_SECONDS 0.2
#define DEVICES	      256

struct subject {
	struct policy *policy;
	struct table *table;
	struct prefix_trie *trie;
};

static const char head[] = "airgap-policy 1\n"
			   "policy {\n id \"cost\"\n serial 1\n valid 2026-01-01 .. 2036-01-01\n}\n"
			   "scope {\n unit \"1\"\n terminals [ \"T-1\" ]\n level mimi\n}\n";

static double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static long resident_kib(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	long size = 0, pages = 0;

	if (!file || fscanf(file, "%ld %ld", &size, &pages) != 2)
		pages = 0;
	if (file)
		fclose(file);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void put_id(FILE *out, unsigned int i)
{
	fprintf(out, "%04x:%04x", 0x1000 + i / 0x8000, i % 0x8000);
}

static void put_set(FILE *out, unsigned int count)
{
	fputs("set ids usb [", out);
	for (unsigned int i = 0; i < count; i++) {
		putc(' ', out);
		put_id(out, i);
	}
	fputs(" ]\nusb {\n allow storage: id in @ids, interfaces within [ 08:06:50 ]\n}\n", out);
}

static void put_table(FILE *out, unsigned int count)
{
	fputs("airgap-table 1\ntable {\n name media\n number 1\n"
	      " columns [ media-id usb-id serial level status ]\n}\n",
	      out);
	for (unsigned int i = 0; i < count; i++) {
		fprintf(out, "%032x ", i + 1);
		put_id(out, i);
		fprintf(out, " \"S%06u\" mimi active\n", i);
	}
}

static char *text_of(void (*put)(FILE *out, unsigned int count), unsigned int count, size_t *length,
		     const char *before)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);

	if (!out)
		return NULL;
	fputs(before, out);
	put(out, count);
	return fclose(out) ? NULL : text;
}

static void put_table_rules(FILE *out, unsigned int count)
{
	(void)count;
	fputs("table media signed [ security 1 ]\nusb {\n"
	      " allow storage: device in @media, interfaces within [ 08:06:50 ]\n}\n",
	      out);
}

/* The device of entry @i; beyond the last one, a device that no entry names. */
static void facts_of(struct usb_facts *facts, unsigned int i)
{
	*facts = (struct usb_facts){
		.vendor = (uint16_t)(0x1000 + i / 0x8000),
		.product = (uint16_t)(i % 0x8000),
		.configurations = 1,
		.interface_count = 1,
		.interfaces = { { .config = 1, .class = 8, .subclass = 6, .protocol = 0x50 } },
	};
	snprintf(facts->serial, sizeof(facts->serial), "S%06u", i);
}

/* The address of entry @i, spread over 10.0.0.0/8; beyond the last one, one of no entry. */
static struct net_prefix address_of(unsigned int i, unsigned int count)
{
	unsigned int at = (unsigned int)(((uint64_t)i << 23) / count) * 2 + (i >= count);

	return (struct net_prefix){
		.family = NET_FAMILY_IPV4,
		.bits = 32,
		.bytes = { i >= count ? 11 : 10, (uint8_t)(at >> 16), (uint8_t)(at >> 8),
			   (uint8_t)at },
	};
}

static void put_network(FILE *out, unsigned int count)
{
	fputs("set far address [", out);
	for (unsigned int i = 0; i < count; i++) {
		struct net_prefix it = address_of(i, count);

		fprintf(out, " 10.%u.%u.%u", it.bytes[1], it.bytes[2], it.bytes[3]);
	}
	fputs(" ]\nnetwork {\n allow l: kind ethernet\n allow a: address 10.0.0.0/8\n"
	      " allow f: egress to @far, protocol tcp\n}\n",
	      out);
}

/* Each of these asks once; a wrong answer ends the program: a fast answer must be the right one, too. */
struct asked {
	const struct subject *subject;
	struct usb_facts facts[DEVICES];
	struct net_flow flows[DEVICES];
};

static bool ask_device(const struct asked *asked, unsigned int i)
{
	const struct policy_context context = { .media = asked->subject->table,
						.today = 1800000000 };
	struct policy_verdict verdict;

	policy_decide_usb(asked->subject->policy, &context, &asked->facts[i], NULL, &verdict);
	return verdict.result == POLICY_RESULT_PERMIT;
}

static bool ask_flow(const struct asked *asked, unsigned int i)
{
	static const struct net_link link = { .nsid = -1, .kind = NET_KIND_ETHERNET };
	struct net_verdict verdict;

	policy_decide_flow(asked->subject->policy, NULL, &link, &asked->flows[i], &verdict);
	return verdict.result == POLICY_RESULT_PERMIT;
}

static bool ask_trie(const struct asked *asked, unsigned int i)
{
	return prefix_trie_covers(asked->subject->trie, &asked->flows[i].to);
}

/* Spread over all entries, so that no cache holds just those that are asked for. */
static void prepare(struct asked *asked, unsigned int count)
{
	for (unsigned int i = 0; i < DEVICES; i++) {
		unsigned int entry = (unsigned int)((uint64_t)count * i / DEVICES);

		facts_of(&asked->facts[i], i % 2 ? entry : 0x6ff0000 + i);
		asked->flows[i] = (struct net_flow){
			.to = address_of(i % 2 ? entry : count + i, count),
			.from = address_of(0, count),
			.protocol = NET_PROTOCOL_TCP,
			.port = 443,
		};
	}
}

/* Seconds a question. */
static double decide(const struct subject *subject, unsigned int count,
		     bool (*ask)(const struct asked *asked, unsigned int i))
{
	static struct asked asked;
	double start, spent;
	unsigned int rounds = 0;

	asked.subject = subject;
	prepare(&asked, count);
	start = now();
	do {
		for (unsigned int i = 0; i < LEAST_ROUNDS; i++)
			if (ask(&asked, i % DEVICES) != (i % 2 == 1)) {
				fprintf(stderr, "decide-cost: wrong decision at %u\n", count);
				exit(1);
			}
		rounds += LEAST_ROUNDS;
		spent = now() - start;
	} while (spent < LEAST_SECONDS);
	return spent / rounds;
}

static int load(struct subject *subject, const char *policy, size_t policy_length,
		const char *table, size_t table_length)
{
	int ret = policy_parse(policy, policy_length, NULL, &subject->policy);

	if (!ret && table)
		ret = table_parse(table, table_length, NULL, &subject->table);
	return ret;
}

static int load_trie(struct subject *subject, unsigned int count)
{
	int ret = 0;

	subject->trie = prefix_trie_new();
	if (!subject->trie)
		return -ENOMEM;
	for (unsigned int i = 0; !ret && i < count; i++) {
		struct net_prefix prefix = address_of(i, count);

		ret = prefix_trie_add(subject->trie, &prefix);
	}
	return ret;
}

static const struct what {
	const char *name;
	void (*put_policy)(FILE *out, unsigned int count);
	void (*put_table)(FILE *out, unsigned int count);
	bool (*ask)(const struct asked *asked, unsigned int i);
} whats[] = {
	{ "set", put_set, NULL, ask_device },
	{ "table", put_table_rules, put_table, ask_device },
	{ "network", put_network, NULL, ask_flow },
	{ "trie", NULL, NULL, ask_trie },
};

static int measure(const struct what *what, unsigned int count)
{
	struct subject subject = { 0 };
	size_t policy_length = 0, table_length = 0;
	char *policy =
		what->put_policy ? text_of(what->put_policy, count, &policy_length, head) : NULL;
	char *table = what->put_table ? text_of(what->put_table, count, &table_length, "") : NULL;
	long before = resident_kib();
	double start = now(), spent;
	int ret = policy ? load(&subject, policy, policy_length, table, table_length)
			 : load_trie(&subject, count);

	spent = now() - start;
	if (ret)
		fprintf(stderr, "decide-cost: %u entries: %s\n", count, strerror(-ret));
	else
		printf("%u %.3f %.1f %ld\n", count, 1e3 * spent,
		       1e9 * decide(&subject, count, what->ask), resident_kib() - before);
	policy_free(subject.policy);
	table_free(subject.table);
	prefix_trie_free(subject.trie);
	free(policy);
	free(table);
	return ret;
}

int main(int argc, char **argv)
{
	const struct what *what = NULL;
	int ret = argc < 3;

	for (size_t i = 0; argc > 2 && i < sizeof(whats) / sizeof(whats[0]); i++)
		if (strcmp(whats[i].name, argv[1]) == 0)
			what = &whats[i];
	for (int i = 2; what && i < argc; i++)
		ret |= measure(what, (unsigned int)strtoul(argv[i], NULL, 10)) != 0;
	return ret || !what;
}
