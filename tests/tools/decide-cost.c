// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What deciding costs, by the number of entries.
 *
 * usage: decide-cost set|table COUNT...
 *	set: ids and serial numbers in sets of the policy; table: rows of table media.
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
#include "policy/lang/policy.h"
#include "policy/table/table.h"

#define LEAST_ROUNDS  1000
#define LEAST_SECONDS 0.2
#define DEVICES	      256

struct subject {
	struct policy *policy;
	struct table *table;
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

/* Seconds a decision; a wrong one ends the program: a fast answer must be the right one, too. */
static double decide(const struct subject *subject, unsigned int count)
{
	const struct policy_context context = { .media = subject->table, .today = 1800000000 };
	static struct usb_facts facts[DEVICES];
	double start = now(), spent;
	unsigned int rounds = 0;

	/* Spread over all entries, so that no cache holds just those that are asked for. */
	for (unsigned int i = 0; i < DEVICES; i++)
		facts_of(&facts[i],
			 i % 2 ? (unsigned int)((uint64_t)count * i / DEVICES) : 0x6ff0000 + i);
	do {
		for (unsigned int i = 0; i < LEAST_ROUNDS; i++) {
			struct policy_verdict verdict;

			policy_decide_usb(subject->policy, &context, &facts[i % DEVICES], NULL,
					  &verdict);
			if ((verdict.result == POLICY_RESULT_PERMIT) != (i % 2 == 1)) {
				fprintf(stderr, "decide-cost: wrong decision at %u\n", count);
				exit(1);
			}
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

static int measure(bool with_table, unsigned int count)
{
	struct subject subject = { 0 };
	size_t policy_length = 0, table_length = 0;
	char *policy = text_of(with_table ? put_table_rules : put_set, count, &policy_length, head);
	char *table = with_table ? text_of(put_table, count, &table_length, "") : NULL;
	long before = resident_kib();
	double start = now(), spent;
	int ret = load(&subject, policy, policy_length, table, table_length);

	spent = now() - start;
	if (ret)
		fprintf(stderr, "decide-cost: %u entries: %s\n", count, strerror(-ret));
	else
		printf("%u %.3f %.1f %ld\n", count, 1e3 * spent, 1e9 * decide(&subject, count),
		       resident_kib() - before);
	policy_free(subject.policy);
	table_free(subject.table);
	free(policy);
	free(table);
	return ret;
}

int main(int argc, char **argv)
{
	int ret = argc < 3;

	for (int i = 2; i < argc; i++)
		ret |= measure(strcmp(argv[1], "table") == 0,
			       (unsigned int)strtoul(argv[i], NULL, 10)) != 0;
	return ret;
}
