// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl_desk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent/ctl/ctl_door.h"
#include "agent/ctl/ctl_output.h"
#include "agent/lib/path.h"

/* An object has at most this many bytes, its NUL among them. */
#define OBJECT_MAX 65536

static int explain(struct ctl_desk *desk, int error)
{
	const char *what;

	switch (error) {
	case -ENOENT:
	case -ECONNREFUSED:
		what = "airgap-transferd is not running; look at 'systemctl status "
		       "airgap-transferd'";
		break;
	case -ECONNRESET:
	case -EPIPE:
		what = "airgap-transferd went away; 'airgapctl transfer list' tells what became of "
		       "it";
		break;
	case -EBADMSG:
		what = "what answers there is not airgap-transferd of this version";
		break;
	default:
		what = strerror(-error);
	}
	snprintf(desk->reason, sizeof(desk->reason), PATH_TRANSFER ": %s", what);
	return error;
}

int ctl_desk_open(const struct ctl *ctl, struct ctl_desk *desk)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char path[PATH_MAX];
	int r = path_join(path, ctl->root, PATH_TRANSFER);

	*desk = (struct ctl_desk){ .ctl = ctl, .fd = -1 };
	if (r == 0 && strlen(path) >= sizeof(address.sun_path))
		r = -ENAMETOOLONG;
	if (r < 0)
		return explain(desk, r);
	strcpy(address.sun_path, path);
	desk->buffer = malloc(OBJECT_MAX);
	if (!desk->buffer)
		return explain(desk, -ENOMEM);
	desk->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (desk->fd < 0 || connect(desk->fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return explain(desk, -errno);
	return 0;
}

void ctl_desk_close(struct ctl_desk *desk)
{
	if (desk->fd >= 0)
		close(desk->fd);
	desk->fd = -1;
	free(desk->buffer);
	desk->buffer = NULL;
}

/* One packet, and a file with it. */
static int send_packet(int fd, char *text, size_t length, int file)
{
	struct iovec iov = { .iov_base = text, .iov_len = length };
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (file >= 0) {
		struct cmsghdr *cmsg;

		header.msg_control = control.space;
		header.msg_controllen = sizeof(control.space);
		cmsg = CMSG_FIRSTHDR(&header);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &file, sizeof(file));
	}
	return sendmsg(fd, &header, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int ctl_desk_send(struct ctl_desk *desk, json_t *request, int file)
{
	char *text = NULL;
	int r;

	if (request && json_object_set_new(request, "v", json_integer(1)) == 0)
		text = json_dumps(request, JSON_COMPACT);
	json_decref(request);
	if (!text)
		return explain(desk, -ENOMEM);
	r = send_packet(desk->fd, text, strlen(text) + 1, file);
	free(text);
	/* A desk that turns someone away says why before it closes: that is read yet. */
	return r < 0 && r != -EPIPE && r != -ECONNRESET ? explain(desk, r) : 0;
}

static ssize_t receive_packet(struct ctl_desk *desk, int *file)
{
	struct iovec iov = { .iov_base = desk->buffer, .iov_len = OBJECT_MAX };
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr header = { .msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control.space,
				 .msg_controllen = sizeof(control.space) };
	ssize_t n;

	do {
		n = recvmsg(desk->fd, &header, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(&header); cmsg; cmsg = CMSG_NXTHDR(&header, cmsg))
		if (cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_RIGHTS &&
		    cmsg->cmsg_len == CMSG_LEN(sizeof(int)))
			memcpy(file, CMSG_DATA(cmsg), sizeof(*file));
	return n;
}

int ctl_desk_next(struct ctl_desk *desk, json_t **object, int *file)
{
	int passed = -1;
	ssize_t n = receive_packet(desk, &passed);

	*object = NULL;
	if (file)
		*file = passed;
	else if (passed >= 0)
		close(passed);
	if (n <= 0)
		return explain(desk, n < 0 ? (int)n : -ECONNRESET);
	if (desk->buffer[n - 1] == 0)
		*object = json_loadb(desk->buffer, (size_t)n - 1, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(*object) || !json_is_boolean(json_object_get(*object, "more"))) {
		json_decref(*object);
		*object = NULL;
		if (file && passed >= 0) {
			close(passed);
			*file = -1;
		}
		return explain(desk, -EBADMSG);
	}
	return json_is_true(json_object_get(*object, "more"));
}

int ctl_desk_ask(struct ctl_desk *desk, json_t *request, int send_file, ctl_desk_part *part,
		 void *data, json_t **last, int *file)
{
	json_t *object = NULL;
	int r = ctl_desk_send(desk, request, send_file);

	*last = NULL;
	while (r >= 0 && (r = ctl_desk_next(desk, &object, file)) == 1) {
		if (part)
			part(data, object);
		json_decref(object);
		object = NULL;
	}
	if (r < 0) {
		ctl_error("%s", desk->reason);
		return CTL_UNREACHABLE;
	}
	*last = object;
	if (json_is_null(json_object_get(object, "error")))
		return CTL_GOOD;
	return strncmp(ctl_text(object, "error"), "core-", 5) == 0 ? CTL_UNREACHABLE : CTL_BAD;
}

int ctl_desk_complain(const struct ctl *ctl, const json_t *answer)
{
	const char *error = ctl_text(answer, "error"), *text = ctl_text(answer, "text");
	bool absent = strncmp(error, "core-", 5) == 0;

	if (ctl->json) {
		json_dumpf(answer, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
		putchar('\n');
	} else {
		fflush(stdout);
		printf("%s%s%s ", ctl_on(ctl, CTL_ALARM),
		       absent ? "Not done:" : "Refused:", ctl_off(ctl, CTL_ALARM));
		ctl_print_clean(text[0] ? text : error);
		putchar('\n');
	}
	return absent ? CTL_UNREACHABLE : CTL_BAD;
}
