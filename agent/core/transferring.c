// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/transferring.h"

#include <errno.h>

#include "agent/core/core.h"

static bool is_there(const struct core *core)
{
	return core->handling.transfer && link_is_up(core->handling.transfer);
}

static void say(void *data, enum msg_type type, const void *body)
{
	struct core *core = data;

	if (is_there(core) && link_send(core->handling.transfer, type, body, -1, NULL) == -ENOBUFS)
		link_drop(core->handling.transfer, "it does not read what it is told");
}

static bool too_full(void *data)
{
	return reporting_too_full(data);
}

static const struct msg_medium *find_medium(void *data, uint64_t cookie)
{
	const struct core *core = data;

	return media_find(core->handling.media, cookie);
}

/* Courtesy: whoever is not told finds it with airgapctl transfer list. */
static void became(void *data, const struct msg_record_transfer *record,
		   const struct policy_need *need)
{
	noticing_transfer(data, record, need);
}

static void on_signed(void *data, const struct msg_slip_signed *answer)
{
	struct core *core = data;

	transfers_signed(&core->transferring.transfers, answer);
}

bool transferring_hear(struct core *core, struct msg *msg)
{
	return transfers_hear(&core->transferring.transfers, msg);
}

void transferring_up(struct core *core)
{
	transfers_settings(&core->transferring.transfers);
}

void transferring_down(struct core *core)
{
	transfers_down(&core->transferring.transfers);
}

void transferring_changed(struct core *core)
{
	struct transfers *transfers = &core->transferring.transfers;

	transfers_changed(transfers);
	if (is_there(core))
		transfers_settings(transfers);
}

bool transferring_recorded(struct core *core, uint64_t tag, uint64_t entry, int error)
{
	return transfers_recorded(&core->transferring.transfers, tag, entry, error);
}

int transferring_open(struct core *core)
{
	static const struct transfers_handler handler = { say, too_full, find_medium, became };
	struct transfers *transfers = &core->transferring.transfers;

	transfers->govern = &core->govern;
	transfers->recorder = core->recorder;
	transfers->handler = &handler;
	transfers->data = core;
	recorder_signs(core->recorder, on_signed, core);
	transfers_load(transfers);
	return 0;
}
