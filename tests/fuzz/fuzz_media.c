// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Media: whatever bytes stand on one, reading ends, stays within it, and believes only what agrees.
 *
 * The first byte chooses what the rest is: 0 a table's header and entries, whose checksums are made right
 * first, or nothing behind them would be reached; 1 the same as they are; 2 a record's slot; 3 two
 * counters, one after the other; 4 the start of a file system; 5 the start of a foreign disk.
 */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/lib/media/media_foreign.h"
#include "agent/lib/media/media_gpt.h"
#include "agent/lib/media/media_layout.h"
#include "agent/lib/media/media_slot.h"
#include "agent/lib/media/media_super.h"

#define SECTORS 65536u

static void put32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void partitions_hold(const struct media_gpt *gpt, const struct media_partitions *found)
{
	MUST(found->raw.first >= gpt->first_usable && found->data.last <= gpt->last_usable);
	MUST(found->raw.first <= found->raw.last && found->raw.last < found->data.first);
	MUST(found->data.first <= found->data.last);
	MUST((found->raw.last - found->raw.first + 1) * 512 == MEDIA_RAW_SIZE);
	MUST(found->data.last < MEDIUM_SECTORS_MAX);
}

static void table(const uint8_t *data, size_t size, bool mend)
{
	static uint8_t header[MEDIA_GPT_HEADER_SIZE], entries[MEDIA_GPT_ENTRIES_SIZE];
	struct media_partitions found;
	size_t head = size < 92 ? size : 92, rest = size - head;
	struct media_gpt gpt;
	uint32_t count;
	int r;

	memset(header, 0, sizeof(header));
	memset(entries, 0, sizeof(entries));
	memcpy(header, data, head);
	memcpy(entries, data + head, rest < sizeof(entries) ? rest : sizeof(entries));
	memcpy(&count, header + 80, sizeof(count));
	if (mend && count <= MEDIA_GPT_ENTRIES_MAX) {
		put32(header + 88, media_crc32(entries, (size_t)count * MEDIA_GPT_ENTRY_SIZE));
		put32(header + 16, 0);
		put32(header + 16, media_crc32(header, 92));
	}
	r = media_gpt_header(header, 1, SECTORS, 512, &gpt);
	MUST(r == 0 || (r == -EBADMSG && gpt.entry_count == 0));
	if (r < 0)
		return;
	MUST(gpt.entry_count <= MEDIA_GPT_ENTRIES_MAX && gpt.entries_at < SECTORS);
	r = media_gpt_partitions(&gpt, entries, 512, &found);
	if (r == 0)
		partitions_hold(&gpt, &found);
	else
		MUST(found.raw.last == 0 && found.data.last == 0);
}

static void record(const uint8_t *data, size_t size)
{
	static uint8_t slot[MEDIA_RECORD_SIZE];
	struct medium_record parsed;
	size_t length;

	memset(slot, 0, sizeof(slot));
	memcpy(slot, data, size < sizeof(slot) ? size : sizeof(slot));
	if (media_slot_text(slot, sizeof(slot), &length) < 0)
		return;
	MUST(length > 0 && length < sizeof(slot) && slot[length] == 0);
	if (medium_record_parse((const char *)slot, length, NULL, &parsed) < 0) {
		MUST(parsed.sectors == 0);
		return;
	}
	MUST(ENDED(parsed.serial) && parsed.serial[0] && fuzz_shown(parsed.serial));
	MUST(ENDED(parsed.uuid) && parsed.sectors > 0 && parsed.sectors <= MEDIUM_SECTORS_MAX);
	MUST(parsed.filesystem < MEDIUM_FILESYSTEM_COUNT && parsed.enrolled >= 0);
}

static void counters(const uint8_t *data, size_t size)
{
	static uint8_t slots[2][MEDIA_COUNTER_SIZE];
	const uint8_t *both[2] = { slots[0], slots[1] };
	size_t half = size / 2 < MEDIA_COUNTER_SIZE ? size / 2 : MEDIA_COUNTER_SIZE;
	char text[MEDIUM_COUNTER_TEXT_MAX];
	struct media_counters found;
	struct medium_counter next;
	size_t length;

	memset(slots, 0, sizeof(slots));
	memcpy(slots[0], data, half);
	memcpy(slots[1], data + half, half);
	MUST(media_counters_read(both, &found) == 0);
	MUST((found.newest >= 0) == (found.counter.sequence > 0));
	if (found.newest < 0)
		return;
	MUST(found.state[found.newest] == MEDIA_COUNTER_GOOD);
	length = medium_counter_print(&found.counter, text);
	MUST(memcmp(slots[found.newest], text, length) == 0);
	medium_counter_next(&found.counter, &next);
	length = medium_counter_print(&next, text);
	MUST(next.sequence > MEDIUM_SEQUENCE_MAX || medium_counter_parse(text, length, &next) == 0);
}

static void system_start(const uint8_t *data, size_t size)
{
	static uint8_t bytes[MEDIA_SUPER_SIZE];
	char uuid[MEDIUM_UUID_SIZE];
	uint32_t kind;

	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes, data, size < sizeof(bytes) ? size : sizeof(bytes));
	memset(uuid, 'x', sizeof(uuid));
	kind = media_super_read(bytes, uuid);
	MUST(kind <= MEDIUM_FILESYSTEM_COUNT && ENDED(uuid));
	MUST((uuid[0] != '\0') == (kind < MEDIUM_FILESYSTEM_COUNT));
}

static void foreign(const uint8_t *data, size_t size)
{
	struct media_image image = { .size = 1024 * 1024, .sector_size = 512 };
	struct media_foreign found;

	image.fd = memfd_create("disk", MFD_CLOEXEC);
	MUST(image.fd >= 0 && ftruncate(image.fd, (off_t)image.size) == 0);
	size = size < image.size ? size : image.size;
	MUST(pwrite(image.fd, data, size, 0) == (ssize_t)size);
	MUST(media_foreign_find(&image, &found) == 0);
	MUST(found.kind <= MEDIA_FOREIGN_NONE && found.number <= MEDIA_GPT_ENTRIES_MAX);
	MUST(found.first <= image.size / 512 && found.sectors <= image.size / 512 - found.first);
	MUST((found.sectors == 0) == (found.kind == MEDIA_FOREIGN_NONE));
	close(image.fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	switch (data[0]) {
	case 0:
	case 1:
		table(data + 1, size - 1, data[0] == 0);
		break;
	case 2:
		record(data + 1, size - 1);
		break;
	case 3:
		counters(data + 1, size - 1);
		break;
	case 5:
		foreign(data + 1, size - 1);
		break;
	default:
		system_start(data + 1, size - 1);
	}
	return 0;
}
