/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * airgap-transferd: what its parts share. It holds files and keys, and decides nothing: the core decides,
 * and has everything recorded before it permits.
 *
 *	core_link	messages to and from the core; settings: what it says of policy and people
 *	desk		the socket at which people ask; serve_* answers each verb
 *	book		the batches, on the disk; record: what becomes of them, for the journal
 *	job, channel	long work in processes of its own, of which task_* are the inside
 *	medium_*	media: what they say of themselves, which may be used
 */
#ifndef AIRGAP_TRANSFER_TRANSFERD_H
#define AIRGAP_TRANSFER_TRANSFERD_H

#include <stdint.h>
#include <sys/types.h>
#include <systemd/sd-event.h>

#include "agent/lib/age/age_key.h"
#include "agent/lib/link.h"
#include "agent/transfer/book.h"
#include "agent/transfer/settings.h"

struct core_question;
struct desk_client;
struct errand;
struct job;
struct medium_list;
struct medium_reader;

struct transferd {
	const char *root; /* of --root */
	sd_event *event;
	uint32_t sandbox; /* MSG_SANDBOX_… in force */
	uid_t root_user;  /* whom the core runs as, and who sees every batch */
	struct link *core;
	struct core_question *questions; /* to the core, not answered yet */
	uint64_t next_cookie;
	struct settings settings;
	struct medium_list *media;
	struct medium_reader *reader;
	struct book book;
	struct job *jobs;
	sd_event_source *desk;
	int desk_fd;
	struct desk_client *clients;
	struct errand *errands;
	sd_event_source *sweep;		    /* at the next end of a term */
	int folder;			    /* PATH_TRANSFER_DIR */
	uint32_t epoch;			    /* of the terminal's newest age identity */
	char recipient[AGE_RECIPIENT_TEXT]; /* its public half */
};

#endif
