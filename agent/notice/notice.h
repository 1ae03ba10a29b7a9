/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * airgap-noticed: tells people at this terminal what the core wants them told, by three ways.
 *
 *	airgapd ──▶ noticed ──▶ the system's journal (notice_syslog)
 *	                   ├──▶ the terminals of those who are logged in (notice_tty)
 *	                   └──▶ the helpers of desktop sessions (notice_session)
 *
 * Runs as a user of its own, in group tty. It takes nothing from anybody but the core.
 */
#ifndef AIRGAP_NOTICE_H
#define AIRGAP_NOTICE_H

#include <systemd/sd-event.h>

#include "agent/lib/msg.h"

#define NOTICE_SESSIONS_MAX  64 /* helpers that listen at a time */
#define NOTICE_SESSIONS_USER 4	/* of one user */
#define NOTICE_KEPT	     16 /* notices that one who comes late still hears */

struct notice_session;

struct notice_sessions {
	sd_event *event;
	sd_event_source *listener;
	int fd;
	struct notice_session *head;
	unsigned int count;
	struct msg_notice kept[NOTICE_KEPT]; /* a ring; of the last hour */
	uint64_t kept_us[NOTICE_KEPT];
	unsigned int next;
};

/* notice_sessions_open - listen at PATH_NOTICES; 0 or -errno after a message */
int notice_sessions_open(struct notice_sessions *sessions, sd_event *event, const char *root);
void notice_sessions_close(struct notice_sessions *sessions);

/* notice_sessions_tell - every helper whose user it concerns; one that does not read misses it */
void notice_sessions_tell(struct notice_sessions *sessions, const struct msg_notice *notice);

/**
 * notice_tty_tell - write to the terminals of whom it concerns
 *
 * Those of /run/utmp whose owner lets others write (mesg y). A terminal that is stopped is left out.
 * Returns how many were written to.
 */
unsigned int notice_tty_tell(const char *root, const struct msg_notice *notice);

/* notice_syslog_tell - to the system's journal, with a MESSAGE_ID a kind (packaging/airgapd.catalog) */
void notice_syslog_tell(const struct msg_notice *notice);

#endif
