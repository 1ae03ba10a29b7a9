// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The journal's file as any reader meets it: lines, heads, chain. The input is the file. The corpus
 * has lines made with the key of zeroes; under another key none of them may pass.
 */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/lib/journal_file.h"
#include "agent/lib/msg.h"

static void put_digest(FILE *out, const uint8_t digest[static 32])
{
	for (size_t i = 0; i < 32; i++)
		fprintf(out, "%02x", digest[i]);
}

/* The head written again from what was understood: it has one spelling. */
static void head_holds(const char *line, size_t length, const struct journal_head *head)
{
	const char *grade = journal_grade_name(head->grade);
	static char again[JOURNAL_LINE_MAX + 1024];
	FILE *out = fmemopen(again, sizeof(again), "w");

	MUST(out);
	MUST(ENDED(head->time) && ENDED(head->boot_id));
	MUST(head->kind < RECORD_KIND_COUNT && head->grade < RECORD_GRADE_COUNT);
	MUST(head->event > line && head->event + head->event_length < line + length);
	MUST(head->signed_length < length);
	fprintf(out,
		"{\"v\":1,\"seq\":%" PRIu64 ",\"time\":\"%s\",\"boottime_us\":%" PRIu64
		",\"boot_id\":\"%s\",\"epoch\":%" PRIu64 ",\"next_by_s\":",
		head->seq, head->time, head->boottime_us, head->boot_id, head->epoch);
	if (head->next_by_s)
		fprintf(out, "%" PRIu64, head->next_by_s);
	else
		fputs("null", out);
	fprintf(out, ",\"lost\":%" PRIu64 ",\"policy\":", head->lost);
	if (head->has_policy) {
		fprintf(out, "{\"serial\":%" PRIu64 ",\"digest\":\"", head->policy_serial);
		put_digest(out, head->policy_digest);
		fputs("\"}", out);
	} else {
		fputs("null", out);
	}
	fprintf(out, ",\"kind\":\"%s\",\"grade\":%s%s%s,\"event\":", journal_kind_name(head->kind),
		grade ? "\"" : "", grade ? grade : "null", grade ? "\"" : "");
	fwrite(head->event, 1, head->event_length, out);
	fputs(",\"mac\":\"", out);
	put_digest(out, head->mac);
	fputs("\"}", out);
	MUST((size_t)ftell(out) == length);
	fclose(out);
	MUST(memcmp(again, line, length) == 0);
}

/* All whole lines in turn; they are the file's bytes. Returns where they end. */
static off_t read_lines(int fd, const uint8_t *data, size_t size)
{
	struct journal_reader reader;
	struct journal_head head;
	const char *line;
	size_t length;
	off_t at = 0;
	int r;

	MUST(journal_reader_init(&reader, fd, 0) == 0);
	while ((r = journal_reader_next(&reader, &line, &length)) == 1) {
		MUST((size_t)at + length < size && length < JOURNAL_LINE_MAX);
		MUST(memcmp(line, data + at, length) == 0 && data[(size_t)at + length] == '\n');
		MUST(!memchr(line, '\n', length));
		at += (off_t)length + 1;
		MUST(reader.offset == at);
		if (journal_head_parse(line, length, &head) == 0)
			head_holds(line, length, &head);
	}
	MUST(r == 0 || r == -EFBIG);
	/* What is left has no newline, or not before a blank. */
	if (r == 0) {
		const uint8_t *end = memchr(data + at, '\n', size - (size_t)at);
		size_t left = end ? (size_t)(end - data - at) : 0;

		MUST(!end || memchr(data + at, JOURNAL_FILL, left) || memchr(data + at, 0, left));
	}
	journal_reader_done(&reader);
	return at;
}

static void walk(int fd, off_t end, uint8_t key, size_t size)
{
	struct journal_chain chain = { 0 };
	enum journal_fault fault;

	memset(chain.key, key, sizeof(chain.key));
	MUST(journal_chain_walk(&chain, fd, 0, &fault) == 0);
	MUST((unsigned int)fault < JOURNAL_FAULT_COUNT && journal_fault_text(fault));
	MUST(chain.offset <= end);
	MUST(fault != JOURNAL_SOUND || journal_text_end(fd, chain.offset) == chain.offset);
	MUST(fault != JOURNAL_FAULT_TAIL || (chain.offset == end && (size_t)end < size));
	if (key != 0)
		MUST(chain.seq == 0 && chain.offset == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	off_t end;

	if (fd < 0)
		fd = memfd_create("journal", MFD_CLOEXEC);
	MUST(fd >= 0 && ftruncate(fd, 0) == 0);
	MUST(pwrite(fd, data, size, 0) == (ssize_t)size);
	end = read_lines(fd, data, size);
	walk(fd, end, 0, size);
	walk(fd, end, 0x5a, size);
	return 0;
}
