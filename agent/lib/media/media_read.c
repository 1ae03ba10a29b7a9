// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/media/media_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/media/media_gpt.h"
#include "agent/lib/media/media_super.h"

/*
 * One of the two tables. Returns what media_gpt_partitions() does, or -EBADMSG for a header that is
 * none; another -errno when it cannot be read.
 */
static int read_table(const struct media_image *image, uint64_t at, struct media_gpt *gpt,
		      struct media_partitions *partitions)
{
	uint64_t sectors = image->size / image->sector_size;
	uint8_t header[MEDIA_GPT_HEADER_SIZE];
	uint8_t *entries;
	int r;

	r = media_image_read(image, at * image->sector_size, header, sizeof(header));
	if (r == 0)
		r = media_gpt_header(header, at, sectors, image->sector_size, gpt);
	if (r != 0)
		return r;
	entries = malloc(MEDIA_GPT_ENTRIES_SIZE);
	if (!entries)
		return -ENOMEM;
	r = media_image_read(image, gpt->entries_at * image->sector_size, entries,
			     (size_t)gpt->entry_count * MEDIA_GPT_ENTRY_SIZE);
	if (r == 0)
		r = media_gpt_partitions(gpt, entries, image->sector_size, partitions);
	free(entries);
	return r;
}

static bool is_answer(int r)
{
	return r == 0 || r == -EBADMSG || r == -ENOENT || r == -EUCLEAN;
}

/* Which of the two tables is whole, and what it says. */
static int read_layout(const struct media_image *image, struct media_reading *reading,
		       struct media_partitions *partitions)
{
	uint64_t last = image->size / image->sector_size - 1;
	struct media_partitions other = { 0 };
	struct media_gpt first, second;
	int r, backup, mbr_r;
	uint8_t mbr[512];

	mbr_r = media_image_read(image, 0, mbr, sizeof(mbr));
	r = mbr_r < 0 ? mbr_r : read_table(image, 1, &first, partitions);
	backup = r < 0 && !is_answer(r) ? r : read_table(image, last, &second, &other);
	if (!is_answer(r) || !is_answer(backup))
		return is_answer(r) ? backup : r;
	reading->primary = r != -EBADMSG && media_mbr_protective(mbr);
	reading->backup = backup != -EBADMSG;
	if (reading->primary)
		reading->facts.layout = r == 0	       ? MEDIUM_LAYOUT_SOUND
					: r == -ENOENT ? MEDIUM_LAYOUT_NONE
						       : MEDIUM_LAYOUT_FOREIGN;
	/* A table of ours with an MBR that says more than "this is GPT" shows two faces. */
	else if (r == 0)
		reading->facts.layout = MEDIUM_LAYOUT_FOREIGN;
	else if (r == -EBADMSG && backup == 0)
		reading->facts.layout = MEDIUM_LAYOUT_DAMAGED;
	if (r == -EBADMSG && backup == 0)
		*partitions = other;
	return 0;
}

static int read_record(const struct media_image *image, struct media_reading *reading)
{
	int r = media_image_read(image, reading->raw_at, reading->record, sizeof(reading->record));

	if (r < 0)
		return r;
	r = media_slot_text(reading->record, sizeof(reading->record), &reading->record_length);
	reading->facts.record_state = r == 0	      ? MEDIUM_RECORD_UNSIGNED
				      : r == -ENODATA ? MEDIUM_RECORD_NONE
						      : MEDIUM_RECORD_DAMAGED;
	return 0;
}

static int read_counters(const struct media_image *image, struct media_reading *reading)
{
	uint8_t slots[2][MEDIA_COUNTER_SIZE];
	const uint8_t *both[2] = { slots[0], slots[1] };
	int r = 0;

	for (unsigned int i = 0; i < 2 && r == 0; i++)
		r = media_image_read(image, reading->raw_at + (i + 1) * MEDIA_SLOT_STRIDE, slots[i],
				     MEDIA_COUNTER_SIZE);
	if (r == 0)
		r = media_counters_read(both, &reading->counters);
	reading->facts.counter = reading->counters.counter;
	return r;
}

static int read_system(const struct media_image *image, struct media_reading *reading)
{
	uint8_t bytes[MEDIA_SUPER_SIZE];
	int r;

	if (reading->data_size < sizeof(bytes) || reading->data_at > image->size - sizeof(bytes))
		return 0;
	r = media_image_read(image, reading->data_at, bytes, sizeof(bytes));
	if (r == 0)
		reading->facts.filesystem = media_super_read(bytes, reading->facts.uuid);
	return r;
}

int media_read(const struct media_image *image, struct media_reading *reading)
{
	struct media_partitions partitions = { 0 };
	int r;

	memset(reading, 0, sizeof(*reading));
	reading->counters.newest = -1;
	reading->facts.filesystem = MEDIUM_FILESYSTEM_COUNT;
	reading->facts.sectors = image->size / MEDIUM_SECTOR;
	if (image->size < MEDIA_SIZE_MIN)
		return 0;
	r = read_layout(image, reading, &partitions);
	if (r < 0 || partitions.raw.first == 0)
		return r;
	reading->raw_at = partitions.raw.first * image->sector_size;
	reading->data_at = partitions.data.first * image->sector_size;
	reading->data_size =
		(partitions.data.last - partitions.data.first + 1) * image->sector_size;
	reading->raw_number = partitions.raw.number;
	reading->data_number = partitions.data.number;
	if (image->size < MEDIA_RAW_SIZE || reading->raw_at > image->size - MEDIA_RAW_SIZE) {
		reading->facts.layout = MEDIUM_LAYOUT_FOREIGN;
		reading->raw_at = 0;
		return 0;
	}
	r = read_record(image, reading);
	if (r == 0)
		r = read_counters(image, reading);
	return r == 0 ? read_system(image, reading) : r;
}

int media_read_verify(struct media_reading *reading, const struct trust *trust,
		      struct trust_account *account, struct diag_list *diags)
{
	struct medium_facts *facts = &reading->facts;
	int r;

	memset(account, 0, sizeof(*account));
	if (facts->record_state == MEDIUM_RECORD_NONE || reading->record_length == 0)
		return 0;
	r = trust_verify(reading->record, reading->record_length, trust, SIGN_NAMESPACE_MEDIA, NULL,
			 account);
	/* A damaged armour is a damaged record; a sound one of the wrong people is another matter. */
	facts->record_state =
		r == -EBADMSG || r == -EFBIG || account->cause == TRUST_CAUSE_SIGNATURE
			? MEDIUM_RECORD_DAMAGED
			: MEDIUM_RECORD_UNSIGNED;
	if (r < 0)
		return 0;
	r = medium_record_parse((const char *)account->text, account->text_length, diags,
				&facts->record);
	facts->record_state = r == 0 ? MEDIUM_RECORD_GOOD : MEDIUM_RECORD_WRONG;
	return r == -ENOMEM ? r : 0;
}

static int write_slot(const struct media_image *image, const struct media_reading *reading,
		      unsigned int slot, size_t size, const void *text, size_t length)
{
	uint8_t *bytes;
	int r;

	if (reading->raw_at == 0)
		return -ENXIO;
	bytes = malloc(size);
	if (!bytes)
		return -ENOMEM;
	r = media_slot_fill(bytes, size, text, length);
	if (r == 0)
		r = media_image_write(image, reading->raw_at + (uint64_t)slot * MEDIA_SLOT_STRIDE,
				      bytes, size);
	free(bytes);
	return r;
}

int media_write_record(const struct media_image *image, const struct media_reading *reading,
		       const uint8_t *bytes, size_t length)
{
	return write_slot(image, reading, 0, MEDIA_RECORD_SIZE, bytes, length);
}

int media_blank_counters(const struct media_image *image, struct media_reading *reading)
{
	int r = 0;

	for (unsigned int slot = 1; slot < MEDIA_SLOTS && r == 0; slot++)
		r = write_slot(image, reading, slot, MEDIA_COUNTER_SIZE, "", 0);
	return r < 0 ? r : read_counters(image, reading);
}

int media_write_counter(const struct media_image *image, struct media_reading *reading,
			struct medium_counter *counter)
{
	int into = reading->counters.newest == 0 ? 1 : 0;
	char text[MEDIUM_COUNTER_TEXT_MAX];
	size_t length = medium_counter_print(counter, text);
	int r = write_slot(image, reading, (unsigned int)into + 1, MEDIA_COUNTER_SIZE, text,
			   length);

	return r < 0 ? r : read_counters(image, reading);
}
