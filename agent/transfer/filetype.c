// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/filetype.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent/lib/printable.h"
#include "agent/transfer/filetype_child.h"

#define SECONDS	     60u
#define SECONDS_WALL 600

int filetype_open(const struct filetype_settings *settings, struct filetype **filetype)
{
	struct filetype *made = calloc(1, sizeof(*made));
	int r = -ENOMEM;

	*filetype = NULL;
	if (!made)
		return r;
	made->seconds = settings->seconds ? settings->seconds : SECONDS;
	made->level_count = settings->labels ? settings->labels->count : 0;
	made->marks = marks_new(settings->labels);
	/* No look into packed files: that is for the scanner, which has limits for it. */
	made->magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF);
	if (made->marks && made->magic)
		r = magic_load(made->magic, settings->database) == 0 ? 0 : -ENOENT;
	if (r == 0) {
		*filetype = made;
		return 0;
	}
	filetype_close(made);
	return r;
}

void filetype_close(struct filetype *filetype)
{
	if (!filetype)
		return;
	if (filetype->magic)
		magic_close(filetype->magic);
	marks_free(filetype->marks);
	free(filetype);
}

static bool is_ended(const char *text, size_t size)
{
	return memchr(text, 0, size) != NULL;
}

static bool is_name(const char *type)
{
	return type[0] && strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(type);
}

int filetype_answer_check(const struct filetype_answer *answer, size_t length, uint32_t level_count)
{
	const struct marks_found *marks = &answer->marks;

	if (length != sizeof(*answer) || !is_ended(answer->type, sizeof(answer->type)) ||
	    !is_ended(answer->mime, sizeof(answer->mime)) ||
	    !is_ended(marks->text, sizeof(marks->text)))
		return -EBADMSG;
	if (!is_name(answer->type) || !printable_is_text(answer->mime) ||
	    !printable_is_text(marks->text))
		return -EBADMSG;
	if (marks->rank < -1 || marks->rank >= (int)level_count || marks->looked > 1 ||
	    marks->cut > 1 || marks->strange > 1)
		return -EBADMSG;
	return 0;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Up to @size bytes and the end; what is longer is no answer. */
static size_t read_answer(int fd, uint8_t *out, size_t size)
{
	int64_t until = now_ms() + SECONDS_WALL * 1000LL;
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	size_t length = 0;
	ssize_t done = 1;

	while (done > 0 && length < size) {
		int64_t left = until - now_ms();

		if (left <= 0 || (poll(&wait, 1, (int)left) < 0 && errno != EINTR))
			break;
		if (!wait.revents)
			continue;
		done = read(fd, out + length, size - length);
		if (done > 0)
			length += (size_t)done;
	}
	return length;
}

/* In one write, and the pipe takes it whole: one byte more shows that there is more. */
static int gather(int fd, pid_t child, struct filetype_answer *answer, uint32_t level_count,
		  char *why, size_t size)
{
	uint8_t bytes[sizeof(*answer) + 1];
	size_t length = read_answer(fd, bytes, sizeof(bytes));
	int status = 0;

	/* It has answered, or will not: nothing that it does from here on counts. */
	kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	memcpy(answer, bytes, length < sizeof(*answer) ? length : sizeof(*answer));
	if (length == sizeof(*answer) && filetype_answer_check(answer, length, level_count) == 0)
		return 0;
	if (WIFSIGNALED(status))
		snprintf(why, size, "signal %d", WTERMSIG(status));
	else
		snprintf(why, size, "step %d", WEXITSTATUS(status));
	return -EBADMSG;
}

int filetype_look(const struct filetype *filetype, int fd, struct filetype_answer *answer,
		  struct outcome *outcome)
{
	char why[32] = "";
	/* libmagic reads from where the descriptor stands, which is the child's and ours alike. */
	off_t place = lseek(fd, 0, SEEK_CUR);
	int ends[2], r;
	pid_t child;

	memset(answer, 0, sizeof(*answer));
	if (place < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return outcome_set(outcome, OUTCOME_SYSTEM, -errno, NULL, NULL);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return outcome_set(outcome, OUTCOME_SYSTEM, -errno, NULL, "pipe");
	child = fork();
	if (child == 0)
		filetype_child(filetype, fd, ends[1]);
	r = -errno;
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return outcome_set(outcome, OUTCOME_SYSTEM, r, NULL, "fork");
	}
	r = gather(ends[0], child, answer, filetype->level_count, why, sizeof(why));
	close(ends[0]);
	(void)lseek(fd, place, SEEK_SET);
	if (r == 0)
		return outcome_set(outcome, OUTCOME_DONE, 0, NULL, NULL);
	memset(answer, 0, sizeof(*answer));
	answer->marks.rank = -1;
	return outcome_set(outcome, OUTCOME_UNTYPABLE, r, NULL, why);
}
