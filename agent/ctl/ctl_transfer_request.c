// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl transfer request */
#include <stdio.h>
#include <string.h>

#include "agent/ctl/ctl_transfer.h"
#include "agent/ctl/ctl_walk.h"
#include "policy/decide/transfer.h"

struct totals {
	const struct ctl *ctl;
	unsigned int files, flaws;
	uint64_t size;
};

static void count_flaw(void *data, const char *path, const char *why)
{
	struct totals *totals = data;

	totals->flaws++;
	ctl_error("'%s' cannot be transferred: %s", path, why);
}

static int count_file(void *data, int fd, const char *path, const char *name, uint64_t size)
{
	struct totals *totals = data;

	(void)fd;
	(void)path;
	(void)name;
	totals->files++;
	totals->size += size;
	return 0;
}

/* Everything that is named is looked at before anything is sent: all of it goes, or nothing. */
static int count(struct ctl *ctl, struct totals *totals)
{
	const struct ctl_walk walk = { count_file, count_flaw, totals };

	for (int i = 0; i < ctl->count; i++)
		ctl_walk(&walk, ctl->operands[i]);
	if (totals->flaws) {
		ctl_error("nothing was sent: leave out what cannot be transferred, and ask again");
		return CTL_BAD;
	}
	if (totals->files == 0 || totals->files > TRANSFER_FILES_MAX) {
		ctl_error(totals->files
				  ? "these are %u files, and a batch has at most %d; make several"
				  : "there is no file in what was named",
			  totals->files, TRANSFER_FILES_MAX);
		return CTL_BAD;
	}
	return CTL_GOOD;
}

struct sending {
	const struct ctl *ctl;
	struct ctl_desk *desk;
	struct ctl_progress progress;
	int code;
};

static int send_file(void *data, int fd, const char *path, const char *name, uint64_t size)
{
	struct sending *sending = data;
	const char *marking;
	json_t *answer;

	(void)path;
	(void)size;
	sending->code =
		ctl_desk_ask(sending->desk, json_pack("{s:s, s:s}", "verb", "add", "name", name),
			     fd, ctl_progress_part, &sending->progress, &answer, NULL);
	ctl_progress_end(&sending->progress);
	marking = ctl_text(json_object_get(answer, "file"), "marking");
	if (sending->ctl->json && answer) {
		ctl_transfer_line(answer);
	} else if (sending->code != CTL_GOOD && answer) {
		ctl_desk_complain(sending->ctl, answer);
	} else if (*marking) {
		ctl_print_clean(name);
		printf(" is marked: ");
		ctl_print_clean(marking);
		putchar('\n');
	}
	json_decref(answer);
	return sending->code;
}

static void flaw_now(void *data, const char *path, const char *why)
{
	struct sending *sending = data;

	ctl_error("'%s' changed while it was being sent: %s", path, why);
	sending->code = CTL_BAD;
}

static int send_all(struct ctl *ctl, struct ctl_desk *desk)
{
	struct sending sending = { .ctl = ctl, .desk = desk, .progress = { .ctl = ctl } };
	const struct ctl_walk walk = { send_file, flaw_now, &sending };

	for (int i = 0; sending.code == CTL_GOOD && i < ctl->count; i++)
		ctl_walk(&walk, ctl->operands[i]);
	return sending.code;
}

static int finish(struct ctl *ctl, struct ctl_desk *desk, const struct totals *totals)
{
	json_t *answer = NULL;
	int code = ctl_desk_ask(desk, ctl_transfer_request("seal", NULL), -1, NULL, NULL, &answer,
				NULL);
	const json_t *batch = json_object_get(answer, "batch");
	char size[32];

	if (ctl->json || code != CTL_GOOD) {
		code = answer ? ctl_transfer_say(ctl, answer) : code;
	} else {
		ctl_size(size, sizeof(size), totals->size);
		printf("%u %s, %s\n", totals->files, totals->files == 1 ? "file" : "files", size);
		ctl_transfer_print(ctl, batch);
	}
	json_decref(answer);
	return code;
}

static json_t *begin(const struct ctl *ctl)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "verb", "request", "unit",
			 ctl_option(ctl, "to"), "level", ctl_option(ctl, "level"), "term",
			 ctl_option(ctl, "term"), "basis", ctl_option(ctl, "basis"));
}

int ctl_transfer_request_verb(struct ctl *ctl)
{
	static const char *const wanted[] = { "to", "level", "term", "basis" };
	struct totals totals = { .ctl = ctl };
	struct ctl_desk desk;
	json_t *answer = NULL;
	int code;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!ctl_option(ctl, wanted[i]))
			return ctl_usage(ctl,
					 "'transfer request' needs --%s: unit, level, term and "
					 "basis are the "
					 "author's to state",
					 wanted[i]);
	code = count(ctl, &totals);
	if (code != CTL_GOOD)
		return code;
	code = ctl_transfer_open(ctl, &desk);
	if (code == CTL_GOOD)
		code = ctl_desk_ask(&desk, begin(ctl), -1, NULL, NULL, &answer, NULL);
	if (answer && code != CTL_GOOD)
		ctl_desk_complain(ctl, answer);
	json_decref(answer);
	if (code == CTL_GOOD)
		code = send_all(ctl, &desk);
	if (code == CTL_GOOD)
		code = finish(ctl, &desk, &totals);
	ctl_desk_close(&desk);
	return code;
}
