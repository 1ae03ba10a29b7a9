// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What tables cost: for each number of rows, the time to load, the memory that the table takes, and
 * the time of a decision 'device in @media' (half of the devices stand in the table).
 *
 *	usage: table-cost [ROWS...]
 */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/decide/context.h"
#include "policy/decide/decide.h"
#include "policy/lang/policy.h"
#include "policy/table/table.h"

#define DEVICES	  256
#define DECISIONS 200000
#define ROUNDS	  5

static const char policy_text[] =
	"airgap-policy 1\npolicy {\nid \"t\"\nserial 1\nvalid 2026-12-01 .. 2027-05-31\n}\n"
	"scope {\nunit \"7.2.14\"\nterminals [ \"T-1\" ]\nlevel mimi\n}\n"
	"table media signed [ security 2 ]\n"
	"usb {\nallow sticks: device in @media, interfaces within [ 08:06:50 ]\n}\n";

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static char *make_table(size_t rows, size_t *length)
{
	char *text = NULL, id[2 * TABLE_MEDIA_ID + 1];
	FILE *out = open_memstream(&text, length);
	uint8_t bytes[TABLE_MEDIA_ID];

	if (!out)
		return NULL;
	fputs("airgap-table 1\ntable {\nname media\nnumber 1\n"
	      "columns [ media-id usb-id serial level unit custodian until status ]\n}\n",
	      out);
	for (size_t i = 0; i < rows; i++) {
		randombytes_buf(bytes, sizeof(bytes));
		sodium_bin2hex(id, sizeof(id), bytes, sizeof(bytes));
		fprintf(out,
			"%s  0951:1666  \"60A44C413FAE%08zu\"  mimi  \"7.2.14\"  \"Custodian %zu\" "
			" "
			"2027-%02zu-01  active\n",
			id, i, i % 2000, i % 12 + 1);
	}
	return fclose(out) ? NULL : text;
}

static void make_devices(struct usb_facts *devices, size_t rows)
{
	for (size_t i = 0; i < DEVICES; i++) {
		size_t row = i % 2 ? rows + i : (rows * i) / DEVICES;

		devices[i] = (struct usb_facts){
			.vendor = 0x0951,
			.product = 0x1666,
			.interface_count = 1,
			.interfaces = { { .class = 8, .subclass = 6, .protocol = 0x50 } },
		};
		snprintf(devices[i].serial, sizeof(devices[i].serial), "60A44C413FAE%08zu", row);
	}
}

/* Seconds of one decision: the best of some rounds, as others use the machine too. */
static double decide(const struct policy *policy, const struct table *table, size_t rows)
{
	static struct usb_facts devices[DEVICES];
	const struct policy_context context = { .media = table, .today = 1798761600 };
	struct policy_verdict verdict;
	double best = 0;
	size_t permitted = 0;

	make_devices(devices, rows);
	for (int round = 0; round < ROUNDS; round++) {
		double start = now(), took;

		for (size_t i = 0; i < DECISIONS; i++) {
			policy_decide_usb(policy, &context, &devices[i % DEVICES], NULL, &verdict);
			permitted += verdict.result == POLICY_RESULT_PERMIT;
		}
		took = (now() - start) / DECISIONS;
		best = round == 0 || took < best ? took : best;
	}
	return permitted == (size_t)ROUNDS * DECISIONS / 2 ? best : -1;
}

static int measure(const struct policy *policy, size_t rows)
{
	struct table *table = NULL;
	double start, load, cost;
	size_t length = 0;
	char *text = make_table(rows, &length);

	if (!text)
		return 1;
	start = now();
	if (table_parse(text, length, NULL, &table)) {
		free(text);
		return 1;
	}
	load = now() - start;
	cost = decide(policy, table, rows);
	printf("%8zu rows  text %8.2f MiB  load %8.1f ms  table %8.2f MiB  decision %6.0f ns\n",
	       rows, (double)length / 1048576, load * 1e3, (double)table_memory(table) / 1048576,
	       cost * 1e9);
	table_free(table);
	free(text);
	return cost < 0;
}

int main(int argc, char **argv)
{
	static const size_t usual[] = { 10, 100, 1000, 10000, 100000 };
	struct policy *policy = NULL;
	int failed = 0;

	if (sodium_init() < 0 || policy_parse(policy_text, strlen(policy_text), NULL, &policy))
		return 2;
	for (int i = 1; i < argc; i++)
		failed |= measure(policy, strtoul(argv[i], NULL, 10));
	for (size_t i = 0; argc == 1 && i < sizeof(usual) / sizeof(usual[0]); i++)
		failed |= measure(policy, usual[i]);
	policy_free(policy);
	return failed;
}
