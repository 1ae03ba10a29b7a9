// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl media verify DEVICE: everything that can be said of a medium, without mounting it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/ctl/ctl_files.h"
#include "agent/ctl/ctl_media.h"
#include "agent/ctl/ctl_output.h"

struct look {
	struct ctl_medium medium;
	struct trust *trust;
	struct trust_account account;
	struct ctl_media_table tables;
	struct medium_memory memory;
	struct medium_verdict verdict;
	int memory_error; /* why what is remembered cannot be read; else 0 */
	bool has_row;
	struct table_media row;
};

static void line(const struct ctl *ctl, const char *name, const char *value)
{
	printf("%s%-16s%s ", ctl_on(ctl, CTL_DIM), name, ctl_off(ctl, CTL_DIM));
	ctl_print_clean(value);
	putchar('\n');
}

static void show_device(const struct ctl *ctl, const struct look *look)
{
	const struct medium_facts *facts = &look->medium.reading.facts;
	char text[USB_STRING_SIZE + 160], size[32];

	ctl_medium_size(facts->sectors * MEDIUM_SECTOR, size);
	snprintf(text, sizeof(text), "%04x:%04x, serial number %s, %s (%" PRIu64 " sectors)",
		 facts->vendor, facts->product, facts->serial[0] ? facts->serial : "none", size,
		 facts->sectors);
	line(ctl, "device", text);
	snprintf(text, sizeof(text), "start %s, end %s",
		 look->medium.reading.primary ? "whole" : "damaged",
		 look->medium.reading.backup ? "whole" : "damaged");
	line(ctl, "partition table", text);
	snprintf(text, sizeof(text), "%s %s", medium_filesystem_name(facts->filesystem),
		 facts->uuid);
	line(ctl, "file system", text);
}

static void show_record(const struct ctl *ctl, const struct look *look)
{
	const struct medium_record *record = &look->medium.reading.facts.record;
	char text[1024], id[MEDIUM_ID_TEXT], day[16];

	if (look->medium.reading.facts.record_state != MEDIUM_RECORD_GOOD) {
		line(ctl, "record",
		     look->account.reason[0] ? look->account.reason : "none that can be read");
		return;
	}
	medium_id_format(record->id, id);
	line(ctl, "media id", id);
	ctl_day(record->enrolled, day);
	snprintf(text, sizeof(text), "enrolled %s, signed by ", day);
	ctl_medium_signers(&look->account, text + strlen(text), sizeof(text) - strlen(text));
	line(ctl, "record", text);
}

static void show_counter(const struct ctl *ctl, const struct look *look)
{
	static const char *const states[] = { "blank", "damaged", "good" };
	const struct media_counters *counters = &look->medium.reading.counters;
	char text[256];
	int n;

	n = snprintf(text, sizeof(text), "use %" PRIu64 " (slot 1 %s, slot 2 %s)",
		     counters->counter.sequence, states[counters->state[0]],
		     states[counters->state[1]]);
	if (look->memory_error)
		snprintf(text + n, sizeof(text) - (size_t)n,
			 "; what is remembered here cannot be read: %s",
			 strerror(-look->memory_error));
	else if (look->memory.known)
		snprintf(text + n, sizeof(text) - (size_t)n, "; use %" PRIu64 " is remembered here",
			 look->memory.sequence);
	else
		snprintf(text + n, sizeof(text) - (size_t)n, "; nothing is remembered here");
	line(ctl, "counter", text);
}

static void show_row(const struct ctl *ctl, const struct look *look)
{
	char text[1024], until[16] = "without end";

	if (!look->has_row)
		return;
	if (look->row.until != INT64_MAX)
		ctl_day(look->row.until, until);
	snprintf(text, sizeof(text), "number %" PRIu64 ": %s, level %s, unit %.128s, %.128s, %s",
		 table_number(look->tables.table), table_status_name(look->row.status),
		 look->row.level, look->row.unit ? look->row.unit : "any",
		 look->row.custodian ? look->row.custodian : "nobody", until);
	line(ctl, "table", text);
}

static void show(const struct ctl *ctl, const struct look *look)
{
	show_device(ctl, look);
	if (look->medium.reading.raw_at) {
		show_record(ctl, look);
		show_counter(ctl, look);
		show_row(ctl, look);
	}
	/* Without its memory this machine cannot tell a copy: that is said at the end. */
	if (look->verdict.reason == MEDIUM_GOOD && look->memory_error)
		return;
	if (look->verdict.reason == MEDIUM_GOOD) {
		printf("%sGood:%s %s.\n", ctl_on(ctl, CTL_FINE), ctl_off(ctl, CTL_FINE),
		       medium_reason_text(MEDIUM_GOOD));
		return;
	}
	for (uint32_t i = 0; i < MEDIUM_REASON_COUNT; i++)
		if (medium_verdict_has(&look->verdict, i))
			printf("%sRefused:%s %s; %s.\n", ctl_on(ctl, CTL_ALARM),
			       ctl_off(ctl, CTL_ALARM), medium_reason_text(i),
			       medium_reason_help(i));
}

static json_t *reasons_json(const struct medium_verdict *verdict)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < MEDIUM_REASON_COUNT; i++)
		if (medium_verdict_has(verdict, i))
			json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "reason",
							      medium_reason_name(i), "text",
							      medium_reason_text(i), "help",
							      medium_reason_help(i)));
	return list;
}

static json_t *record_json(const struct look *look)
{
	const struct medium_record *record = &look->medium.reading.facts.record;
	char id[MEDIUM_ID_TEXT], usb[16], day[16], signers[1024];

	if (look->medium.reading.facts.record_state != MEDIUM_RECORD_GOOD)
		return json_null();
	medium_id_format(record->id, id);
	snprintf(usb, sizeof(usb), "%04x:%04x", record->vendor, record->product);
	ctl_day(record->enrolled, day);
	ctl_medium_signers(&look->account, signers, sizeof(signers));
	return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s, s:s, s:s}", "media_id", id, "usb_id", usb,
			 "serial", record->serial, "sectors", (json_int_t)record->sectors,
			 "filesystem", medium_filesystem_name(record->filesystem), "uuid",
			 record->uuid, "enrolled", day, "signers", signers);
}

static int show_json(const struct look *look)
{
	const struct medium_facts *facts = &look->medium.reading.facts;
	char usb[16];
	json_t *json;

	snprintf(usb, sizeof(usb), "%04x:%04x", facts->vendor, facts->product);
	json = json_pack(
		"{s:b, s:s, s:o, s:{s:s, s:s, s:I, s:s, s:s}, s:{s:b, s:b}, s:o, s:{s:I, s:o}, "
		"s:o}",
		"good", look->verdict.reason == MEDIUM_GOOD && !look->memory_error, "verdict",
		medium_reason_name(look->verdict.reason), "reasons", reasons_json(&look->verdict),
		"device", "usb_id", usb, "serial", facts->serial, "sectors",
		(json_int_t)facts->sectors, "filesystem", medium_filesystem_name(facts->filesystem),
		"uuid", facts->uuid, "partition_table", "start", look->medium.reading.primary,
		"end", look->medium.reading.backup, "record", record_json(look), "counter",
		"sequence", (json_int_t)facts->counter.sequence, "remembered",
		look->memory.known ? json_integer((json_int_t)look->memory.sequence) : json_null(),
		"row", look->has_row ? ctl_media_row_json(&look->row) : json_null());
	return ctl_print_json(json);
}

static int judge(const struct ctl *ctl, struct look *look)
{
	struct media_reading *reading = &look->medium.reading;
	const struct table *table = look->tables.table;

	if (media_read_verify(reading, look->trust, &look->account, NULL) < 0) {
		ctl_error("%s", strerror(ENOMEM));
		return CTL_UNREACHABLE;
	}
	if (reading->facts.record_state == MEDIUM_RECORD_GOOD) {
		look->memory_error =
			media_memory_load(ctl->root, reading->facts.record.id, &look->memory);
		look->has_row =
			table && table_media_find_id(table, reading->facts.record.id, &look->row);
	}
	medium_judge(&reading->facts, table, time(NULL), &look->memory, &look->verdict);
	return 0;
}

/* Only what is good is remembered: a copy must not take the place of what it is a copy of. */
static int remember(const struct ctl *ctl, const struct look *look)
{
	int r;

	if (!ctl_option(ctl, "remember") || look->verdict.reason != MEDIUM_GOOD)
		return 0;
	r = media_memory_save(ctl->root, &look->medium.reading.facts.counter);
	if (r == 0)
		return 0;
	ctl_error("the counter cannot be remembered: %s", strerror(-r));
	return CTL_UNREACHABLE;
}

static int verify(const struct ctl *ctl, struct look *look)
{
	int r = ctl_medium_open(ctl, ctl->operands[0], &look->medium);

	if (r == 0) {
		look->trust = ctl_medium_trust(ctl);
		r = look->trust ? ctl_media_table_load(ctl, false, &look->tables) : CTL_UNREACHABLE;
	}
	if (r == 0)
		r = judge(ctl, look);
	if (r != 0)
		return r;
	if (!ctl->json)
		show(ctl, look);
	else if (show_json(look) < 0)
		return CTL_UNREACHABLE;
	if (look->memory_error && look->verdict.reason == MEDIUM_GOOD) {
		ctl_error("what this machine remembers of it cannot be read: %s",
			  strerror(-look->memory_error));
		return CTL_UNREACHABLE;
	}
	r = remember(ctl, look);
	return r ? r : look->verdict.reason == MEDIUM_GOOD ? CTL_GOOD : CTL_BAD;
}

int ctl_media_verify(struct ctl *ctl)
{
	struct look *look = calloc(1, sizeof(*look));
	int r;

	if (!look) {
		ctl_error("%s", strerror(ENOMEM));
		return CTL_UNREACHABLE;
	}
	look->medium.image.fd = -1;
	r = verify(ctl, look);
	ctl_medium_close(&look->medium);
	ctl_media_table_done(&look->tables);
	trust_free(look->trust);
	free(look);
	return r;
}
