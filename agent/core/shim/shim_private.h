/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What shim.c (the session) and shim_permit.c (what is said in it) share; nobody else's. */
#ifndef AIRGAP_CORE_SHIM_SHIM_PRIVATE_H
#define AIRGAP_CORE_SHIM_SHIM_PRIVATE_H

#include "agent/core/shim/shim.h"

struct shim {
	struct shim_device device;
	int error; /* why there is none; 0: it is held */
	bool ours; /* of this machine */
	sd_event_source *timer;
	sd_event_source *readable;
	struct recorder *recorder;
	const struct shim_handler *handler;
	void *data;
	uint32_t state; /* enum airgap_state */
	uint32_t cause;
	bool unlocked;
	bool heard[SHIM_PARTS]; /* since the session began */
	bool applied;
	bool mute; /* beats are held back: somebody does not answer */
	uint64_t session_ns;
	uint64_t last; /* sequence of the last record that was read */
	uint64_t done; /* and of the last that is safe */
	struct shim_notes notes;
	struct airgap_cidr *cidrs; /* the last table */
	size_t count;
	bool all;
	bool has_table; /* this session has it */
};

/* shim_is_held - there is a module, and it is ours */
static inline bool shim_is_held(const struct shim *shim)
{
	return shim && shim->error == 0;
}

static inline bool shim_has_session(const struct shim *shim)
{
	return shim_is_held(shim) && shim->device.session;
}

/* shim_told - passes @r, a request's answer, on; an ended session is noticed by it */
int shim_told(struct shim *shim, int r);

#endif
