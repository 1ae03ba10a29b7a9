// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl transfer approve, open: what an officer does */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/ctl/ctl_transfer.h"

static int hand_in(struct ctl *ctl, struct ctl_desk *desk, const char *file)
{
	json_t *answer = NULL;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), code;

	if (fd < 0) {
		ctl_error("cannot read %s: %s", file, strerror(errno));
		return CTL_UNREACHABLE;
	}
	code = ctl_desk_ask(desk, ctl_transfer_request("approve", ctl->operands[0]), fd, NULL, NULL,
			    &answer, NULL);
	close(fd);
	if (answer)
		code = ctl_transfer_say(ctl, answer);
	json_decref(answer);
	return code;
}

static int print_text(struct ctl *ctl, struct ctl_desk *desk)
{
	json_t *answer = NULL;
	int code = ctl_desk_ask(desk, ctl_transfer_request("approval", ctl->operands[0]), -1, NULL,
				NULL, &answer, NULL);

	if (answer && (ctl->json || code != CTL_GOOD))
		code = ctl_transfer_say(ctl, answer);
	else if (answer) {
		fputs(ctl_text(answer, "approval"), stdout);
		if (!json_is_true(json_object_get(answer, "opened")))
			fprintf(stderr,
				"airgapctl: nobody has looked at this copy yet; before you sign: "
				"airgapctl "
				"transfer open %s 0\n",
				ctl->operands[0]);
	}
	json_decref(answer);
	return code;
}

int ctl_transfer_approve(struct ctl *ctl)
{
	const char *file = ctl_option(ctl, "signed");
	struct ctl_desk desk;
	int code;

	if (!file == !ctl_option(ctl, "print"))
		return ctl_usage(
			ctl,
			"'transfer approve' needs --print, to print the text that is signed, or "
			"--signed FILE, to hand it in");
	code = ctl_transfer_open(ctl, &desk);
	if (code == CTL_GOOD)
		code = file ? hand_in(ctl, &desk, file) : print_text(ctl, &desk);
	ctl_desk_close(&desk);
	return code;
}

static int copy_out(int fd)
{
	char buffer[65536];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		if (fwrite(buffer, 1, (size_t)n, stdout) != (size_t)n)
			return -EIO;
	return n < 0 ? -errno : 0;
}

int ctl_transfer_open_verb(struct ctl *ctl)
{
	unsigned long index;
	struct ctl_desk desk;
	json_t *answer = NULL;
	char *end;
	int fd = -1, code;

	errno = 0;
	index = strtoul(ctl->operands[1], &end, 10);
	if (errno || *end || end == ctl->operands[1] || index > 100000)
		return ctl_usage(ctl, "'%s' is no number of a file; 'transfer show' numbers them",
				 ctl->operands[1]);
	if (ctl->terminal)
		return ctl_usage(
			ctl,
			"the file is written to standard output: send it to a program or a file");
	code = ctl_transfer_open(ctl, &desk);
	if (code == CTL_GOOD)
		code = ctl_desk_ask(&desk,
				    json_pack("{s:s, s:s, s:I}", "verb", "open", "batch",
					      ctl->operands[0], "index", (json_int_t)index),
				    -1, NULL, NULL, &answer, &fd);
	if (answer && (code != CTL_GOOD || fd < 0)) {
		code = ctl_desk_complain(ctl, answer);
	} else if (fd >= 0 && copy_out(fd) < 0) {
		ctl_error("the copy cannot be read");
		code = CTL_UNREACHABLE;
	}
	if (fd >= 0)
		close(fd);
	json_decref(answer);
	ctl_desk_close(&desk);
	return code;
}
