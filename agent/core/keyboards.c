// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/keyboards.h"

#include <errno.h>
#include <limits.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/core/govern/govern.h"
#include "agent/core/govern/rescue.h"
#include "agent/core/shim/shim_device.h"
#include "agent/core/usb/usb_grant.h"
#include "agent/core/usb/usb_interfaces.h"
#include "agent/core/usb/usb_kernel.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/lib/sandbox.h"
#include "agent/lib/usb_sysfs.h"

/* A person takes longer to type; the kernel tells nobody in an initramfs but udev. */
#define LOOK_EVERY_US 100000
/* So long without a beat, and the kernel module, where it is loaded, lets nothing new in. */
#define SILENCE_MS 5000

struct keyboards {
	const char *root;
	struct govern govern; /* without policy: lockdown is what it decides by */
	int probe;
	uint32_t found;
	struct shim_device module;
};

/* Descriptors of strangers are read here by root: nothing but sysfs and the list is within reach. */
static const struct sandbox_rule rules[] = {
	{ "ioctl", 1, 0xff00, _IOC_TYPE(AIRGAP_IOC_HELLO) << 8 },
	{ "openat", 0, 0, 0 },
	{ "open", 0, 0, 0 },
	{ "pread64", 0, 0, 0 },
	{ "newfstatat", 0, 0, 0 },
	{ "stat", 0, 0, 0 },
	{ "lstat", 0, 0, 0 },
	{ "statx", 0, 0, 0 },
	{ "getdents64", 0, 0, 0 },
	{ "readlink", 0, 0, 0 },
	{ "readlinkat", 0, 0, 0 },
	{ "nanosleep", 0, 0, 0 },
	{ "fsync", 0, 0, 0 },
	{ "fchmod", 0, 0, 0 },
	{ "renameat", 0, 0, 0 },
	{ "rename", 0, 0, 0 },
	{ "unlinkat", 0, 0, 0 },
	{ "faccessat", 0, 0, 0 },
	{ "faccessat2", 0, 0, 0 },
	{ "access", 0, 0, 0 },
	{ NULL, 0, 0, 0 },
};

static const struct sandbox_path paths[] = {
	{ "/sys", SANDBOX_READ | SANDBOX_WRITE },
	{ PATH_STATE_DIR, SANDBOX_READ | SANDBOX_WRITE },
	{ NULL, 0 },
};

static const struct sandbox sandbox = { .rules = rules, .paths = paths };

static int learn_one(const char *port, void *data)
{
	struct keyboards *self = data;
	struct usb_verdict verdict = { .verdict.result = POLICY_RESULT_PERMIT };
	int folder = usb_sysfs_open(self->root, port);

	if (folder < 0)
		return 0;
	if (usb_sysfs_number(folder, "authorized", 10) == 1 &&
	    usb_sysfs_read(self->root, folder, port, &verdict.facts) == 0 &&
	    rescue_interfaces(&verdict.facts, verdict.verdict.interfaces) > 0) {
		int r = rescue_learn(self->root, &self->govern.rescue, &verdict);

		if (r < 0)
			log_error("the keyboard at %s cannot be noted: %s", port, strerror(-r));
		else
			self->found++;
	}
	close(folder);
	return 0;
}

static bool governed(const char *root)
{
	static const char *const names[] = { "/rescue", "/state" };
	char path[PATH_MAX];
	struct stat entry;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char below[64] = PATH_STATE_DIR;

		strcat(below, names[i]);
		if (path_join(path, root, below) < 0 || lstat(path, &entry) == 0 || errno != ENOENT)
			return true;
	}
	return false;
}

static int learn(struct keyboards *self)
{
	int r;

	if (governed(self->root)) {
		log_info("keyboards are not noted: this terminal has a list, or a policy, already");
		return EXIT_SUCCESS;
	}
	r = usb_sysfs_each(self->root, learn_one, self);
	if (r < 0 && r != -ENOENT) {
		log_error("USB devices cannot be read: %s", strerror(-r));
		return EXIT_FAILURE;
	}
	log_info("%u keyboards are noted for lockdown, with their ports", self->found);
	return EXIT_SUCCESS;
}

/* The module vetoes what it was not told of. It knows plug-ins by numbers of its own. */
static int tell_module(struct keyboards *self, int folder, const struct usb_verdict *verdict)
{
	const struct usb_facts *facts = &verdict->facts;
	uint64_t interfaces[4] = { 0 };
	uint32_t bus, number;
	struct airgap_usb plug;
	int r;

	if (self->module.session == 0)
		return self->module.fd < 0 ? 0 : -EAGAIN;
	r = shim_device_usb_find(&self->module, facts->bus, facts->device, &plug);
	/* While the folder is there, its numbers are nobody else's. */
	if (r == 0)
		r = usb_sysfs_numbers(folder, &bus, &number);
	if (r == 0 && (bus != facts->bus || number != facts->device))
		r = -ENODEV;
	for (uint32_t i = 0; r == 0 && i < facts->interface_count; i++)
		if (usb_interfaces_granted(verdict, i))
			interfaces[facts->interfaces[i].number / 64] |=
				UINT64_C(1) << facts->interfaces[i].number % 64;
	return r == 0 ? shim_device_usb_allow(&self->module, plug.plug, interfaces) : r;
}

/* A session of this program; the core's begins when it is gone, and confirms or takes back. */
static void hold_module(struct keyboards *self)
{
	if (self->module.fd < 0)
		return;
	if (self->module.session != 0 && shim_device_beat(&self->module) == 0)
		return;
	if (shim_device_hello(&self->module, SILENCE_MS, NULL) == 0)
		shim_device_unlock(&self->module);
}

/* What lockdown permits, step by step as everywhere: closed again whenever a step fails. */
static void let_in(struct keyboards *self, int folder, const struct usb_verdict *verdict)
{
	struct usb_grant grant = { 0 };
	int state = usb_kernel_state(folder, verdict);

	if (state != USB_KERNEL_CLOSED && state != USB_KERNEL_LESS)
		return;
	if (verdict->verdict.cause == POLICY_CAUSE_BUILTIN && state == USB_KERNEL_LESS) {
		usb_grant_hub(self->probe, folder, verdict);
		return;
	}
	if (tell_module(self, folder, verdict) < 0)
		return;
	if (usb_grant_prepare(&grant, self->root, -1, folder, verdict) == 0 &&
	    usb_grant_open(&grant, self->probe, folder, verdict) == 0)
		log_info("%s works: %s", verdict->facts.port, verdict->verdict.because);
	usb_grant_release(&grant);
}

static int let_in_one(const char *port, void *data)
{
	struct keyboards *self = data;
	struct usb_verdict verdict = { 0 };
	int folder = usb_sysfs_open(self->root, port);

	if (folder < 0)
		return 0;
	if (usb_sysfs_read(self->root, folder, port, &verdict.facts) == 0) {
		govern_decide(&self->govern, &verdict.facts, NULL, &verdict.verdict);
		if (verdict.verdict.result == POLICY_RESULT_PERMIT)
			let_in(self, folder, &verdict);
	}
	close(folder);
	return 0;
}

static _Noreturn void rescue(struct keyboards *self)
{
	for (;;) {
		/* Controllers, and the drivers' core itself, come while this runs. */
		usb_kernel_close_defaults(self->root);
		hold_module(self);
		if (self->probe < 0)
			self->probe = usb_grant_probe(self->root);
		if (self->probe >= 0)
			usb_sysfs_each(self->root, let_in_one, self);
		usleep(LOOK_EVERY_US);
	}
}

int keyboards_main(int argc, char *argv[])
{
	static struct keyboards self = {
		.root = "/", .govern.mode = AGENT_MODE_LOCKDOWN, .probe = -1, .module.fd = -1
	};
	bool learning = false, rescuing = false;
	uint32_t active;

	for (int i = 1; i < argc && argv[i]; i++) {
		if (strcmp(argv[i], "--learn-keyboards") == 0)
			learning = true;
		else if (strcmp(argv[i], "--rescue-keyboards") == 0)
			rescuing = true;
		else if (strcmp(argv[i], "--root") == 0 && argv[i + 1])
			self.root = argv[++i];
	}
	if (!learning && !rescuing)
		return -1;
	log_init("airgapd");
	umask(0077);
	/* While /dev can be reached; who wants the module loads it before this program starts. */
	if (rescuing)
		shim_device_open(&self.module, AIRGAP_DEVICE);
	if (sodium_init() < 0 || sandbox_enter(&sandbox, self.root, &active) < 0) {
		log_error("keyboards cannot be looked for: no sandbox");
		return EXIT_FAILURE;
	}
	rescue_load(self.root, &self.govern.rescue);
	if (learning)
		return learn(&self);
	rescue(&self);
}
