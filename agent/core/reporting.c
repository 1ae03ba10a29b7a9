// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/reporting.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/core/core.h"
#include "agent/core/govern/install.h"
#include "agent/lib/account.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "policy/lang/document.h"

#define QUEUE_MAX 16

uint32_t reporting_heartbeat(const struct policy *policy)
{
	return policy ? (uint32_t)document_number(policy_document(policy), "report", "heartbeat",
						  "every", 0)
		      : 0;
}

uint64_t reporting_spool(const struct policy *policy)
{
	return policy ? document_number(policy_document(policy), "report", "spool", "at-most", 0)
		      : 0;
}

uint32_t reporting_telling(const struct core *core)
{
	const struct policy *policy = core->govern.policy;
	struct policy_levels levels;

	if (!policy || !core->govern.trust ||
	    !document_text(policy_document(policy), "report", "office", "level"))
		return MSG_TELLING_AS_BEFORE;
	trust_levels(core->govern.trust, &levels);
	return policy_office_below(policy, &levels) ? MSG_TELLING_DIGESTS : MSG_TELLING_ENTRIES;
}

bool reporting_too_full(const struct core *core)
{
	struct msg_journal_status status;
	uint32_t sandbox;

	/* Its one choice is to refuse transfers. */
	if (!reporting_spool(core->govern.policy))
		return false;
	recorder_status(core->recorder, &status, &sandbox);
	return status.error || status.tight;
}

void reporting_office(struct core *core)
{
	const struct policy *policy = core->govern.policy;
	const struct document *document = policy ? policy_document(policy) : NULL;
	struct msg_office office = { .policy = core->govern.in_force.serial,
				     .telling = reporting_telling(core) };
	const char *address =
		document ? document_text(document, "report", "office", "address") : NULL;
	const char *key = document ? document_text(document, "report", "office", "key") : NULL;

	if (document)
		office.bundle_s =
			(uint32_t)document_number(document, "report", "bundle", "every", 0);
	/* A longer one is none that could be reached. */
	if (address && key && strlen(address) < sizeof(office.address) &&
	    strlen(key) < sizeof(office.key)) {
		strcpy(office.address, address);
		strcpy(office.key, key);
	}
	if (core->reporting.link && link_is_up(core->reporting.link))
		link_send(core->reporting.link, MSG_OFFICE, &office, -1, NULL);
}

static void take_document(struct core *core, const struct msg *msg)
{
	const struct msg_document *document = msg->body;
	struct msg_document_taken taken = { .cookie = document->cookie, .error = -EBADF };

	if (msg->fd < 0)
		snprintf(taken.text, sizeof(taken.text), "no file came with it");
	else
		taken.error = install_file(&core->govern, msg->fd, taken.text, sizeof(taken.text));
	if (taken.error == 0)
		core_policy_changed(core);
	/* The same again changes nothing and says nothing. */
	if (taken.error != -EALREADY)
		recorder_note(core->recorder, RECORD_KIND_POLICY,
			      taken.error ? RECORD_GRADE_V2 : RECORD_GRADE_NONE, 0,
			      taken.error ? "document-refused" : "document-installed",
			      document->what, "%s", taken.text);
	showing_status(core);
	link_send(core->reporting.link, MSG_DOCUMENT_TAKEN, &taken, -1, NULL);
}

static int on_message(void *data, struct msg *msg)
{
	if (msg->type != MSG_DOCUMENT)
		return -EPROTO;
	take_document(data, msg);
	return 0;
}

static void on_up(void *data, const struct msg_hello *hello)
{
	struct core *core = data;

	core->reporting.sandbox = hello->sandbox;
	reporting_office(core);
	showing_status(core);
}

static void on_down(void *data, int error, const char *reason)
{
	struct core *core = data;

	core->reporting.sandbox = 0;
	if (error == -EPROTO) {
		log_warning("airgap-reportd was dropped: %s", reason);
		recorder_note(core->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0, "peer-dropped",
			      "airgap-reportd", "%s", reason);
	}
	showing_status(core);
}

int reporting_open(struct core *core)
{
	static const struct link_handler handler = { on_up, on_down, on_message, NULL };
	struct link_config config = {
		.event = core->daemon.event,
		.self = MSG_ROLE_CORE,
		.peer = MSG_ROLE_REPORT,
		.queue_max = QUEUE_MAX,
		.sandbox = core->daemon.sandbox,
		.handler = &handler,
		.data = core,
	};
	char path[PATH_MAX];
	int r;

	/* Not every terminal has an office. */
	r = account_find(core->daemon.root, USER_REPORT, &config.peer_uid, &config.group);
	if (r < 0)
		return 0;
	r = path_join(path, core->daemon.root, PATH_SOCKET_REPORT);
	config.path = path;
	return r < 0 ? r : link_listen(&config, &core->reporting.link);
}
