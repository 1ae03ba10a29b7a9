// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/shim/shim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "agent/core/usb/usb_interfaces.h"
#include "agent/lib/clock_watch.h"
#include "agent/lib/log.h"
#include "agent/lib/usb_sysfs.h"

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

static bool is_held(const struct shim *shim)
{
	return shim && shim->error == 0;
}

static bool has_session(const struct shim *shim)
{
	return is_held(shim) && shim->device.session;
}

bool shim_admits(const struct shim *shim)
{
	return !is_held(shim) || shim->unlocked;
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

static int told(struct shim *shim, int r)
{
	if (r == -ESTALE && shim_device_beat(&shim->device) == -ESTALE)
		lose(shim);
	return r;
}

static void try_unlock(struct shim *shim)
{
	int r;

	if (!has_session(shim) || shim->unlocked || !shim->heard[SHIM_DEVICES] ||
	    !shim->heard[SHIM_NETWORK] || !shim->applied)
		return;
	r = told(shim, shim_device_unlock(&shim->device));
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
	if (!has_session(shim))
		return;
	shim->heard[part] = true;
	try_unlock(shim);
}

void shim_applied(struct shim *shim)
{
	if (!has_session(shim) || !shim->heard[SHIM_NETWORK])
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
		if (has_session(shim) && !shim->mute)
			log_warning(
				"airgap-monitord or airgap-journald does not answer: the kernel "
				"module locks in %d s unless it does",
				TIMEOUT_MS / 1000);
		shim->mute = true;
		return;
	}
	if (!has_session(shim)) {
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
	if (is_held(shim)) {
		beat(shim);
		/* It may have locked without being asked: on its own time, not on ours. */
		read_state(shim);
	} else if (shim->error == -ENOENT && access(MODULE_FOLDER, F_OK) == 0) {
		shim->handler->late(shim->data);
	}
	sd_event_source_set_time_relative(source,
					  has_session(shim) || !is_held(shim) ? BEAT_US : SOON_US);
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
	if (!has_session(shim) || shim->last <= shim->done)
		return;
	if (told(shim, shim_device_done(&shim->device, shim->last)) == 0)
		shim->done = shim->last;
}

int shim_usb_permit(struct shim *shim, int folder, const struct usb_verdict *verdict)
{
	const struct usb_facts *facts = &verdict->facts;
	uint64_t interfaces[4] = { 0 };
	uint32_t bus, number;
	struct airgap_usb found;
	int r;

	if (!is_held(shim))
		return 0;
	if (!has_session(shim))
		return -EAGAIN;
	r = shim_device_usb_find(&shim->device, facts->bus, facts->device, &found);
	/* While the folder is there, its numbers are nobody else's: what was found is this plug-in. */
	if (r == 0)
		r = usb_sysfs_numbers(folder, &bus, &number);
	if (r < 0)
		return told(shim, r);
	if (bus != facts->bus || number != facts->device)
		return -ENODEV;
	for (uint32_t i = 0; i < facts->interface_count; i++)
		if (usb_interfaces_granted(verdict, i))
			interfaces[facts->interfaces[i].number / 64] |=
				UINT64_C(1) << facts->interfaces[i].number % 64;
	return told(shim, shim_device_usb_allow(&shim->device, found.plug, interfaces));
}

void shim_usb_refuse(struct shim *shim, int folder)
{
	struct airgap_usb found;
	uint32_t bus, number;

	if (!has_session(shim) || usb_sysfs_numbers(folder, &bus, &number) < 0 ||
	    shim_device_usb_find(&shim->device, bus, number, &found) < 0 ||
	    !(found.flags & AIRGAP_USB_PERMITTED))
		return;
	told(shim, shim_device_usb_deny(&shim->device, found.plug));
}

int shim_link_permit(struct shim *shim, uint32_t index, bool eapol, bool *closed)
{
	uint32_t flags = eapol ? AIRGAP_NET_EAPOL : 0;
	uint64_t link = 0;
	int r;

	*closed = false;
	if (!is_held(shim))
		return 0;
	if (!has_session(shim))
		return -EAGAIN;
	r = told(shim, shim_device_net_allow(&shim->device, -1, index, &link, &flags));
	*closed = r == 0 && flags & AIRGAP_NET_CLOSED;
	return r;
}

void shim_link_refuse(struct shim *shim, uint32_t index)
{
	if (has_session(shim))
		told(shim, shim_device_net_deny(&shim->device, -1, index, 0));
}

static int remember(struct shim *shim, const struct airgap_cidr *cidrs, size_t count, bool all)
{
	struct airgap_cidr *copy = calloc(count + 1, sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	memcpy(copy, cidrs, count * sizeof(*copy));
	free(shim->cidrs);
	shim->cidrs = copy;
	shim->count = count;
	shim->all = all;
	return 0;
}

int shim_table(struct shim *shim, const struct airgap_cidr *cidrs, size_t count, bool all)
{
	int r;

	if (!has_session(shim))
		return is_held(shim) ? -EAGAIN : 0;
	if (shim->has_table && shim->count == count && shim->all == all &&
	    memcmp(shim->cidrs, cidrs, count * sizeof(*cidrs)) == 0)
		return 0;
	shim->has_table = false;
	r = remember(shim, cidrs, count, all);
	if (r == 0)
		r = told(shim, shim_device_cidrs(&shim->device, cidrs, count, all));
	shim->has_table = r == 0;
	return r;
}

void shim_status(const struct shim *shim, struct agent_status *status)
{
	status->module = !is_held(shim) ? AGENT_MODULE_ABSENT : shim->state + AGENT_MODULE_BOOT;
	status->module_error = shim && shim->error != -ENOENT ? shim->error : 0;
	if (is_held(shim))
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
	if (r >= 0 && is_held(shim))
		r = sd_event_add_io(event, &shim->readable, shim->device.fd, EPOLLIN, on_readable,
				    shim);
	if (is_held(shim))
		read_state(shim);
	return r < 0 ? r : 0;
}

void shim_free(struct shim *shim)
{
	if (!shim)
		return;
	sd_event_source_disable_unref(shim->timer);
	sd_event_source_disable_unref(shim->readable);
	if (has_session(shim) && shim->unlocked)
		shim_device_goodbye(&shim->device, GRACE_MS);
	else if (has_session(shim))
		shim_device_goodbye(&shim->device, 0);
	shim_device_close(&shim->device);
	free(shim->cidrs);
	free(shim);
}
