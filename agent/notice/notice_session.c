// SPDX-License-Identifier: GPL-2.0-or-later
/* The socket at which the helpers of desktop sessions listen. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/daemon.h"
#include "agent/lib/log.h"
#include "agent/lib/notice_json.h"
#include "agent/lib/path.h"
#include "agent/lib/seqpacket.h"
#include "agent/notice/notice.h"

#define KEPT_FOR_US (60 * 60 * UINT64_C(1000000))

struct notice_session {
	struct notice_session *next;
	struct notice_sessions *all;
	sd_event_source *source;
	int fd;
	uid_t uid;
};

/* Not off the list; that is the caller's. */
static void session_free(struct notice_session *session)
{
	sd_event_source_disable_unref(session->source);
	close(session->fd);
	free(session);
}

static void session_end(struct notice_session *session)
{
	struct notice_sessions *all = session->all;
	struct notice_session **at = &all->head;

	while (*at && *at != session)
		at = &(*at)->next;
	if (*at)
		*at = session->next;
	all->count--;
	session_free(session);
}

/* Helpers only listen: whatever comes from one, its end or a word, is its end. */
static int on_session(sd_event_source *source, int fd, uint32_t events, void *data)
{
	(void)source;
	(void)fd;
	(void)events;
	session_end(data);
	return 0;
}

static bool concerns(const struct msg_notice *notice, uid_t uid)
{
	return notice->uid == UINT32_MAX || notice->uid == uid;
}

static void send_to(const struct notice_session *session, const struct msg_notice *notice)
{
	char *text = notice_json(notice);

	if (text)
		(void)!send(session->fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
	free(text);
}

/* Who logs in after the fact hears why things are as they are. */
static void tell_kept(const struct notice_session *session)
{
	const struct notice_sessions *all = session->all;
	uint64_t now_us = clock_boottime_us();

	for (unsigned int i = 0; i < NOTICE_KEPT; i++) {
		unsigned int at = (all->next + i) % NOTICE_KEPT;

		if (all->kept_us[at] && now_us - all->kept_us[at] < KEPT_FOR_US &&
		    concerns(&all->kept[at], session->uid))
			send_to(session, &all->kept[at]);
	}
}

static bool may_come(const struct notice_sessions *all, uid_t uid)
{
	unsigned int own = 0;

	for (const struct notice_session *it = all->head; it; it = it->next)
		own += it->uid == uid;
	return all->count < NOTICE_SESSIONS_MAX && own < NOTICE_SESSIONS_USER;
}

static int session_new(struct notice_sessions *all, int fd, uid_t uid)
{
	struct notice_session *session = calloc(1, sizeof(*session));
	int r;

	if (!session)
		return -ENOMEM;
	session->all = all;
	session->fd = fd;
	session->uid = uid;
	r = sd_event_add_io(all->event, &session->source, fd, EPOLLIN | EPOLLHUP, on_session,
			    session);
	if (r < 0) {
		free(session);
		return r;
	}
	session->next = all->head;
	all->head = session;
	all->count++;
	tell_kept(session);
	return 0;
}

static int on_accept(sd_event_source *source, int listen_fd, uint32_t events, void *data)
{
	struct notice_sessions *all = data;
	struct ucred peer;
	socklen_t length = sizeof(peer);
	int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)source;
	(void)events;
	if (fd < 0)
		return 0;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0 ||
	    !may_come(all, peer.uid) || session_new(all, fd, peer.uid) < 0)
		close(fd);
	return 0;
}

int notice_sessions_open(struct notice_sessions *sessions, sd_event *event, const char *root)
{
	char path[PATH_MAX];
	int r = path_join(path, root, PATH_NOTICES);

	sessions->event = event;
	sessions->fd = r < 0 ? r : seqpacket_listen(path, (gid_t)-1);
	r = sessions->fd < 0 ? sessions->fd : 0;
	/* Everyone may hear what concerns everyone, and each what concerns him. */
	if (r == 0 && chmod(path, 0666) < 0)
		r = -errno;
	if (r == 0)
		r = sd_event_add_io(event, &sessions->listener, sessions->fd, EPOLLIN, on_accept,
				    sessions);
	if (r < 0)
		log_error("cannot listen at %s: %s", PATH_NOTICES, strerror(-r));
	return r < 0 ? r : 0;
}

void notice_sessions_close(struct notice_sessions *sessions)
{
	struct notice_session *next;

	for (struct notice_session *it = sessions->head; it; it = next) {
		next = it->next;
		session_free(it);
	}
	sessions->head = NULL;
	sd_event_source_disable_unref(sessions->listener);
	if (sessions->event && sessions->fd >= 0)
		close(sessions->fd);
}

void notice_sessions_tell(struct notice_sessions *sessions, const struct msg_notice *notice)
{
	sessions->kept[sessions->next] = *notice;
	sessions->kept_us[sessions->next] = clock_boottime_us();
	sessions->next = (sessions->next + 1) % NOTICE_KEPT;
	for (const struct notice_session *it = sessions->head; it; it = it->next)
		if (concerns(notice, it->uid))
			send_to(it, notice);
}
