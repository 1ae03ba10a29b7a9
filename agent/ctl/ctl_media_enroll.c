// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgapctl media enroll DEVICE RECORD: the signed record goes onto the medium, the first counter
 * beside it, and the medium's row into the draft of the next table.
 *
 * Can be called again after it was interrupted: what is there already is left as it is.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/ctl/ctl_media.h"
#include "agent/ctl/ctl_output.h"

struct enrolment {
	const struct ctl *ctl;
	struct ctl_medium *medium;
	struct trust *trust;
	uint8_t *bytes; /* record and signatures */
	size_t length;
	struct medium_record record;
	struct trust_account account;
};

static bool same_record(const struct enrolment *it)
{
	const struct media_reading *reading = &it->medium->reading;

	return reading->record_length == it->length &&
	       memcmp(reading->record, it->bytes, it->length) == 0;
}

/* 0: write; CTL_GOOD cannot be told from it, so @done says that all is there. */
static int may_write(const struct enrolment *it, bool *done)
{
	const struct medium_facts *facts = &it->medium->reading.facts;

	*done = false;
	if (facts->layout != MEDIUM_LAYOUT_SOUND) {
		ctl_error("%s is not prepared: use 'airgapctl media prepare'", it->medium->path);
		return CTL_BAD;
	}
	if (!ctl_medium_fits(it->medium, &it->record))
		return CTL_BAD;
	if (same_record(it)) {
		*done = facts->counter.sequence > 0;
		return 0;
	}
	if (facts->record_state == MEDIUM_RECORD_UNSIGNED) {
		ctl_error("%s carries another record already: 'airgapctl media prepare' removes it",
			  it->medium->path);
		return CTL_BAD;
	}
	return 0;
}

static int write_medium(struct enrolment *it)
{
	struct media_reading *reading = &it->medium->reading;
	struct medium_counter counter;
	int r = ctl_medium_claim(it->medium);

	if (r != 0)
		return r;
	medium_counter_first(&it->record, &counter);
	r = media_write_record(&it->medium->image, reading, it->bytes, it->length);
	if (r == 0)
		r = media_blank_counters(&it->medium->image, reading);
	if (r == 0)
		r = media_write_counter(&it->medium->image, reading, &counter);
	if (r == 0)
		return 0;
	ctl_error("cannot write the record to %s: %s", it->medium->path, strerror(-r));
	return CTL_UNREACHABLE;
}

/* What was written is believed when it reads as any terminal will read it. */
static int check_again(struct enrolment *it)
{
	struct media_reading *reading = &it->medium->reading;
	struct medium_verdict verdict;
	int r = ctl_medium_read(it->medium);

	if (r != 0)
		return r;
	if (media_read_verify(reading, it->trust, &it->account, NULL) < 0) {
		ctl_error("%s", strerror(ENOMEM));
		return CTL_UNREACHABLE;
	}
	medium_judge(&reading->facts, NULL, 0, NULL, &verdict);
	if (verdict.reason == MEDIUM_NO_TABLE && !medium_verdict_has(&verdict, MEDIUM_NO_COUNTER))
		return 0;
	ctl_error("%s does not read as it was written: %s", it->medium->path,
		  medium_reason_text(verdict.reason));
	return CTL_BAD;
}

static void remember(const struct enrolment *it)
{
	int r = media_memory_save(it->ctl->root, &it->medium->reading.facts.counter);

	if (r < 0)
		ctl_error("this machine will not remember the medium's counter: %s", strerror(-r));
}

static int prepare_row(const struct enrolment *it)
{
	const char *custodian = ctl_option(it->ctl, "custodian");
	struct table_edit edit = { .id = it->record.id };
	char usb[16], id[MEDIUM_ID_TEXT], said[256];
	struct ctl_media_table tables;
	struct table_media row;
	int r = ctl_media_table_load(it->ctl, false, &tables);

	if (r == 0 && ctl_media_current(&tables) &&
	    table_media_find_id(ctl_media_current(&tables), it->record.id, &row)) {
		/* Called again: what became of the row since is not undone. */
		if (!it->ctl->json)
			printf("The medium is enrolled, and %s has its row already.\n",
			       tables.draft ? tables.draft_path : tables.path);
		else if (ctl_print_json(json_pack("{s:s, s:o}", "verb", "enroll", "medium",
						  ctl_media_row_json(&row))) < 0)
			r = CTL_UNREACHABLE;
	} else if (r == 0) {
		snprintf(usb, sizeof(usb), "%04x:%04x", it->record.vendor, it->record.product);
		medium_id_format(it->record.id, id);
		edit.cells[MEDIA_COLUMN_USB_ID] = usb;
		edit.cells[MEDIA_COLUMN_SERIAL] = it->record.serial;
		edit.cells[MEDIA_COLUMN_LEVEL] = ctl_option(it->ctl, "level");
		edit.cells[MEDIA_COLUMN_UNIT] = ctl_option(it->ctl, "unit");
		edit.cells[MEDIA_COLUMN_CUSTODIAN] = custodian;
		edit.cells[MEDIA_COLUMN_UNTIL] = ctl_option(it->ctl, "until");
		edit.cells[MEDIA_COLUMN_STATUS] =
			table_status_name(custodian ? TABLE_STATUS_ACTIVE : TABLE_STATUS_RETURNED);
		snprintf(said, sizeof(said), "Medium %s is enrolled%s.", id,
			 custodian ? "" : "; nobody has it yet ('airgapctl media issue')");
		r = ctl_media_change(it->ctl, &tables, &edit, "enroll", said, NULL);
	}
	ctl_media_table_done(&tables);
	return r;
}

static int enroll(struct enrolment *it)
{
	bool done;
	int r;

	ctl_medium_adopt(it->medium, &it->record);
	r = may_write(it, &done);

	if (r == 0 && !done)
		r = write_medium(it);
	if (r == 0)
		r = check_again(it);
	if (r == 0 && !done)
		remember(it);
	return r == 0 ? prepare_row(it) : r;
}

int ctl_media_enroll(struct ctl *ctl)
{
	struct enrolment it = { .ctl = ctl };
	const char *level = ctl_option(ctl, "level");
	int r = CTL_UNREACHABLE;

	if (!level)
		return ctl_usage(ctl, "say with --level which level it is for");
	it.medium = calloc(1, sizeof(*it.medium));
	it.trust = ctl_medium_trust(ctl);
	if (!it.medium || !it.trust)
		goto out;
	it.medium->image.fd = -1;
	if (trust_level(it.trust, level) < 0) {
		ctl_error("the signers' list declares no level '%s'", level);
		r = CTL_BAD;
		goto out;
	}
	r = ctl_medium_record(it.trust, ctl->operands[1], &it.bytes, &it.length, &it.record,
			      &it.account);
	if (r == 0)
		r = ctl_medium_open(ctl, ctl->operands[0], it.medium);
	if (r == 0)
		r = enroll(&it);
	ctl_medium_close(it.medium);
out:
	free(it.bytes);
	free(it.medium);
	trust_free(it.trust);
	return r;
}
