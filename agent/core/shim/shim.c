// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/shim/shim_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "agent/lib/clock_watch.h"
#include "agent/lib/log.h"

/* Long enough for systemd to bring back a monitor or a journal that died. */
#define TIMEOUT_MS 10000
#define BEAT_US	   1000000
/* Before a session: the sooner it begins, the shorter a restart is felt. */
#define SOON_US 100000
/* For whoever follows after a stop: an upgrade takes so long. */
#define GRACE_MS 30000
/* At a time: the loop has other work. */
#define READ_MAX 64

#define MODULE_FOLDER "/sys/module/airgap"

/* A frame that it sends on to another link is not shown to the packet filter there. */
static const char *const banned[] = { "sch_ingress" };

bool shim_admits(const struct shim *shim)
{
	return !shim_is_held(shim) || shim->unlocked;
}

static void read_state(struct shim *shim)
{
	struct airgap_status status;

	if (shim_device_status(&shim->device, &status) < 0)
		return;
	if (status.state == shim->state && status.cause == shim->cause)
		return;
	shim->state = status.state;
	shim->cause = status.cause;
	shim->handler->changed(shim->data);
}

/* It locked: nothing that was said holds, and all is said again once it is unlocked. */
static void lose(struct shim *shim)
{
	if (!shim->device.session)
		return;
	shim->device.session = 0;
	shim->unlocked = false;
	read_state(shim);
	log_warning("the kernel module locked (%s); everything is read anew",
		    shim_device_cause_name(shim->cause));
}

int shim_told(struct shim *shim, int r)
{
	if (r == -ESTALE && shim_device_beat(&shim->device) == -ESTALE)
		lose(shim);
	return r;
}

static void try_unlock(struct shim *shim)
{
	int r;

	if (!shim_has_session(shim) || shim->unlocked || !shim->heard[SHIM_DEVICES] ||
	    !shim->heard[SHIM_NETWORK] || !shim->applied)
		return;
	r = shim_told(shim, shim_device_unlock(&shim->device));
	if (r < 0) {
		log_error("the kernel module cannot be unlocked: %s", strerror(-r));
		return;
	}
	shim->unlocked = true;
	read_state(shim);
	shim->handler->unlocked(shim->data);
}

void shim_heard(struct shim *shim, enum shim_part part)
{
	if (!shim_has_session(shim))
		return;
	shim->heard[part] = true;
	try_unlock(shim);
}

void shim_applied(struct shim *shim)
{
	if (!shim_has_session(shim) || !shim->heard[SHIM_NETWORK])
		return;
	shim->applied = true;
	try_unlock(shim);
}

static void begin(struct shim *shim)
{
	struct airgap_hello answer;
	int r = shim_device_hello(&shim->device, TIMEOUT_MS, &answer);

	if (r < 0) {
		read_state(shim);
		if (!shim->mute)
			log_error("the kernel module refuses a session: %s", strerror(-r));
		shim->mute = true;
		return;
	}
	shim->unlocked = shim->applied = shim->has_table = shim->mute = false;
	memset(shim->heard, 0, sizeof(shim->heard));
	shim->session_ns = clock_boottime_us() * 1000;
	shim_device_modules(&shim->device, banned, sizeof(banned) / sizeof(banned[0]));
	read_state(shim);
	shim->handler->began(shim->data);
}

static void beat(struct shim *shim)
{
	if (!shim->handler->alive(shim->data)) {
		if (shim_has_session(shim) && !shim->mute)
			log_warning(
				"airgap-monitord or airgap-journald does not answer: the kernel "
				"module locks in %d s unless it does",
				TIMEOUT_MS / 1000);
		shim->mute = true;
		return;
	}
	if (!shim_has_session(shim)) {
		begin(shim);
		return;
	}
	shim->mute = false;
	if (shim_device_beat(&shim->device) == -ESTALE) {
		lose(shim);
		begin(shim);
	}
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct shim *shim = data;

	(void)usec;
	if (shim_is_held(shim)) {
		beat(shim);
		/* It may have locked without being asked: on its own time, not on ours. */
		read_state(shim);
	} else if (shim->error == -ENOENT && access(MODULE_FOLDER, F_OK) == 0) {
		shim->handler->late(shim->data);
	}
	sd_event_source_set_time_relative(
		source, shim_has_session(shim) || !shim_is_held(shim) ? BEAT_US : SOON_US);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int on_readable(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct shim *shim = data;
	struct airgap_record record;

	(void)fd;
	if (events & (EPOLLERR | EPOLLHUP))
		return sd_event_source_set_enabled(source, SD_EVENT_OFF);
	for (int i = 0; i < READ_MAX && shim_device_read(&shim->device, &record) == 0; i++) {
		shim_record_note(shim->recorder, &shim->notes, &record,
				 shim->session_ns ? shim->session_ns : UINT64_MAX);
		shim->last = record.sequence;
		if (record.kind == AIRGAP_RECORD_LOCKED || record.kind == AIRGAP_RECORD_PARKED)
			read_state(shim);
	}
	return 0;
}

void shim_recorded(struct shim *shim)
{
	if (!shim_has_session(shim) || shim->last <= shim->done)
		return;
	if (shim_told(shim, shim_device_done(&shim->device, shim->last)) == 0)
		shim->done = shim->last;
}

void shim_status(const struct shim *shim, struct agent_status *status)
{
	status->module =
		!shim_is_held(shim) ? AGENT_MODULE_ABSENT : shim->state + AGENT_MODULE_BOOT;
	status->module_error = shim && shim->error != -ENOENT ? shim->error : 0;
	if (shim_is_held(shim))
		status->layers |= AGENT_LAYER_MODULE * (uint32_t)shim->unlocked;
}

int shim_open(const char *root, struct shim **shim)
{
	*shim = calloc(1, sizeof(**shim));
	if (!*shim)
		return -ENOMEM;
	(*shim)->device.fd = -1;
	(*shim)->ours = strcmp(root, "/") == 0;
	(*shim)->error = (*shim)->ours ? shim_device_open(&(*shim)->device, AIRGAP_DEVICE) : -ENXIO;
	if ((*shim)->error == -ENOENT)
		log_notice("without the kernel module: what user space holds shut is all there is");
	else if ((*shim)->error < 0 && (*shim)->ours)
		log_error("the kernel module is there and cannot be held: %s",
			  strerror(-(*shim)->error));
	if (!(*shim)->ours)
		(*shim)->error = -ENOENT;
	return 0;
}

int shim_start(struct shim *shim, sd_event *event, struct recorder *recorder,
	       const struct shim_handler *handler, void *data)
{
	int r;

	if (!shim->ours)
		return 0;
	shim->recorder = recorder;
	shim->handler = handler;
	shim->data = data;
	r = sd_event_add_time_relative(event, &shim->timer, CLOCK_MONOTONIC, 0, 1000, on_timer,
				       shim);
	if (r >= 0 && shim_is_held(shim))
		r = sd_event_add_io(event, &shim->readable, shim->device.fd, EPOLLIN, on_readable,
				    shim);
	if (shim_is_held(shim))
		read_state(shim);
	return r < 0 ? r : 0;
}

void shim_free(struct shim *shim)
{
	if (!shim)
		return;
	sd_event_source_disable_unref(shim->timer);
	sd_event_source_disable_unref(shim->readable);
	if (shim_has_session(shim) && shim->unlocked)
		shim_device_goodbye(&shim->device, GRACE_MS);
	else if (shim_has_session(shim))
		shim_device_goodbye(&shim->device, 0);
	shim_device_close(&shim->device);
	free(shim->cidrs);
	free(shim);
}
