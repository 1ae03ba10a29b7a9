/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an officer does without being signed in: a text that he signs with his SSH key, and that anybody
 * may hand in. So the command line, which is the administrator's, acts for no officer by itself.
 *
 *	{
 *	    "airgap-move": 1,
 *	    "office": "office.test",
 *	    "officer": "kovac",
 *	    "made": "2026-11-25T16:00:00Z",
 *	    "move": "close",
 *	    "event": 17,
 *	    "seen": 3
 *	}
 *
 * signed by `ssh-keygen -Y sign -n airgap-move@v1`. It counts once, for a day, and only while the event
 * is as he saw it. Text and signature are kept.
 */
#ifndef AIRGAP_OFFICE_EVENT_SIGNED_H
#define AIRGAP_OFFICE_EVENT_SIGNED_H

#include "agent/office/event_life.h"

#define EVENT_SIGNED_REASON 512

/**
 * event_signed_draft - the text that @officer would sign
 * @words: "take", or "enter" for a new event; then NAME=VALUE: text, grade, to, unit, a field of a report; or
 *	kind, number, facts, grade, drill, occurred, found, medium
 * @id: the event; 0 when one is entered
 *
 * Returns 0 and the text, which the caller frees; -EINVAL and in @reason what is wrong; or -errno.
 */
int event_signed_draft(const struct event_office *office, const char *officer, int64_t id,
		       int count, char *const *words, char **text,
		       char reason[static EVENT_SIGNED_REASON]);

/**
 * event_signed_take - verify a signed text, and do what it says
 * @file: the text and after it one SSH signature
 * @id: set to the event
 *
 * Inside the caller's transaction, which must be rolled back after any failure. Returns 0; -EACCES,
 * -EPERM, -EBADMSG or -ENOENT and in @reason why not; or another -errno.
 */
int event_signed_take(const struct event_office *office, const void *file, size_t length,
		      int64_t *id, char reason[static EVENT_SIGNED_REASON]);

#endif
