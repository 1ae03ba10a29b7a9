// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/scan.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/printable.h"
#include "agent/transfer/object.h"
#include "agent/transfer/scan_link.h"
#include "agent/transfer/scan_nest.h"

#define PIECE	((size_t)256 * 1024)
#define COMMAND "zINSTREAM"

static bool ends(const char *text, size_t length, const char *end, size_t *before)
{
	size_t size = strlen(end);

	if (length < size || memcmp(text + length - size, end, size) != 0)
		return false;
	*before = length - size;
	return true;
}

static void name_it(char *name, const char *text, size_t length)
{
	char raw[SCAN_ANSWER_MAX];

	snprintf(raw, sizeof(raw), "%.*s", (int)length, text);
	printable_copy(name, OUTCOME_DETAIL_SIZE, raw);
}

static bool contains(const char *text, size_t length, const char *word)
{
	return memmem(text, length, word, strlen(word)) != NULL;
}

/* "stream: OK", "stream: NAME FOUND", "INSTREAM size limit exceeded. ERROR", "...: ... ERROR" */
enum scan_verdict scan_answer_parse(const char *text, size_t length,
				    char name[static OUTCOME_DETAIL_SIZE])
{
	static const char head[] = "stream: ";
	size_t size = sizeof(head) - 1, before;

	length = length < SCAN_ANSWER_MAX ? strnlen(text, length) : SCAN_ANSWER_MAX - 1;
	if (length > 0 && text[length - 1] == '\n')
		length--;
	name_it(name, text, length);
	if (contains(text, length, "size limit exceeded"))
		return SCAN_BEYOND_LIMIT;
	if (length < size || memcmp(text, head, size) != 0)
		return SCAN_ERROR;
	text += size;
	length -= size;
	if (length == 2 && memcmp(text, "OK", 2) == 0) {
		name[0] = '\0';
		return SCAN_CLEAN;
	}
	if (!ends(text, length, " FOUND", &before) || before == 0)
		return SCAN_ERROR;
	name_it(name, text, before);
	return contains(text, before, "Heuristics.Limits.Exceeded") ? SCAN_BEYOND_LIMIT
								    : SCAN_FOUND;
}

static int send_file(const struct scan_link *link, int fd, const struct object_watch *watch)
{
	uint8_t *buffer = malloc(PIECE);
	uint64_t at = 0;
	ssize_t count = 1;
	int r = buffer ? 0 : -ENOMEM;

	while (r == 0 && count > 0) {
		do
			count = pread(fd, buffer, PIECE, (off_t)at);
		while (count < 0 && errno == EINTR);
		/* A chunk of no bytes ends the stream. */
		r = count < 0 ? -errno : scan_link_chunk(link, buffer, (size_t)count);
		at += count > 0 ? (uint64_t)count : 0;
		if (r == 0)
			object_watch_tell(watch, at);
	}
	free(buffer);
	return r;
}

static int unreachable(int error, const char *name, struct outcome *outcome)
{
	bool absent = error == -ENOENT || error == -ECONNREFUSED || error == -ENOTSOCK;

	if (error == -ECANCELED)
		return outcome_set(outcome, OUTCOME_CANCELLED, error, NULL, NULL);
	return outcome_set(outcome, absent ? OUTCOME_SCAN_ABSENT : OUTCOME_SCAN_FAILED, error, name,
			   NULL);
}

/* What was answered; also where the scanner hung up in the middle, for then it may have said why. */
static enum scan_verdict ask(const struct scan_link *link, int sent, char *name, int *error)
{
	char text[SCAN_ANSWER_MAX];
	long length;

	*error = sent;
	if (sent < 0 && sent != -EPIPE && sent != -ECONNRESET)
		return SCAN_ERROR;
	length = scan_link_answer(link, text);
	if (length <= 0) {
		*error = length < 0 ? (int)length : -EPIPE;
		name[0] = '\0';
		return SCAN_ERROR;
	}
	*error = -EIO;
	return scan_answer_parse(text, (size_t)length, name);
}

int scan_file(const struct scan_settings *settings, int fd, const char *name,
	      struct outcome *outcome)
{
	struct object_watch watch = {
		.work = settings->work,
		.progress = { .phase = WORK_SCANNING, .files = 1 },
	};
	char said[OUTCOME_DETAIL_SIZE] = "";
	enum scan_verdict verdict;
	struct scan_link link;
	int r = scan_link_open(&link, settings), error;

	if (r < 0) {
		scan_link_close(&link);
		return unreachable(r, name, outcome);
	}
	r = scan_link_send(&link, COMMAND, sizeof(COMMAND));
	if (r == 0)
		r = send_file(&link, fd, &watch);
	verdict = ask(&link, r, said, &error);
	scan_link_close(&link);
	/* An answer to less than the whole file is none that could be clean. */
	if (verdict == SCAN_CLEAN && r == 0)
		return outcome_set(outcome, OUTCOME_DONE, 0, NULL, NULL);
	if (verdict == SCAN_FOUND)
		return outcome_set(outcome, OUTCOME_SCAN_FOUND, -EPERM, name, said);
	if (verdict == SCAN_BEYOND_LIMIT)
		return outcome_set(outcome, OUTCOME_SCAN_LIMIT, -EFBIG, name, said);
	if (error == -ECANCELED)
		return outcome_set(outcome, OUTCOME_CANCELLED, error, NULL, NULL);
	return outcome_set(outcome, OUTCOME_SCAN_FAILED, error, name, said);
}

static int ask_version(const struct scan_settings *settings, char *version)
{
	char text[SCAN_ANSWER_MAX];
	struct scan_link link;
	long length = 0;
	int r = scan_link_open(&link, settings);

	if (r == 0)
		r = scan_link_send(&link, "zVERSION", sizeof("zVERSION"));
	if (r == 0)
		length = scan_link_answer(&link, text);
	scan_link_close(&link);
	if (r < 0 || length < 0)
		return r < 0 ? r : (int)length;
	if (length == 0)
		return -EPIPE;
	printable_copy(version, SCAN_VERSION_SIZE, text);
	return 0;
}

/* The archive that nobody opens to its end. */
static enum scan_verdict ask_nest(const struct scan_settings *settings, char *said, int *error)
{
	size_t length;
	uint8_t *nest = scan_nest_new(&length);
	enum scan_verdict verdict = SCAN_ERROR;
	struct scan_link link;
	int r = nest ? scan_link_open(&link, settings) : -ENOMEM;

	*error = r;
	if (!nest)
		return verdict;
	if (r == 0) {
		r = scan_link_send(&link, COMMAND, sizeof(COMMAND));
		if (r == 0)
			r = scan_link_chunk(&link, nest, length);
		if (r == 0)
			r = scan_link_chunk(&link, NULL, 0);
		verdict = ask(&link, r, said, error);
	}
	scan_link_close(&link);
	free(nest);
	return verdict;
}

int scan_probe(const struct scan_settings *settings, char version[static SCAN_VERSION_SIZE],
	       struct outcome *outcome)
{
	char said[OUTCOME_DETAIL_SIZE] = "";
	enum scan_verdict verdict;
	int r = ask_version(settings, version);

	if (r < 0) {
		version[0] = '\0';
		return unreachable(r, NULL, outcome);
	}
	verdict = ask_nest(settings, said, &r);
	if (verdict == SCAN_BEYOND_LIMIT)
		return outcome_set(outcome, OUTCOME_DONE, 0, NULL, NULL);
	if (verdict == SCAN_CLEAN)
		return outcome_set(outcome, OUTCOME_SCAN_UNSAFE, -EPERM, NULL, version);
	return outcome_set(outcome, OUTCOME_SCAN_FAILED, r < 0 ? r : -EIO, NULL, said);
}
