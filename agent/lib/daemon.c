// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/daemon.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/version.h"

static void print_help(const char *name, const char *summary)
{
	printf("usage: %s [--root DIR]\n\n%s\n\n"
	       "  --root DIR  take every path below DIR instead of / (for tests)\n"
	       "  --help      this text\n"
	       "  --version   the version\n",
	       name, summary);
}

static int parse_options(struct daemon *daemon, const char *summary, int argc, char *argv[])
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		switch (option) {
		case 'r':
			daemon->root = optarg;
			break;
		case 'h':
			print_help(daemon->name, summary);
			return 1;
		case 'V':
			printf("%s %s\n", daemon->name, AIRGAP_VERSION);
			return 1;
		default:
			fprintf(stderr, "Try '%s --help'.\n", daemon->name);
			return -EINVAL;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "%s: takes no argument, but got '%s'\nTry '%s --help'.\n",
			daemon->name, argv[optind], daemon->name);
		return -EINVAL;
	}
	if (daemon->root[0] != '/') {
		fprintf(stderr, "%s: --root needs an absolute path, not '%s'\n", daemon->name,
			daemon->root);
		return -EINVAL;
	}
	return 0;
}

static int harden_process(void)
{
	static const struct rlimit no_core = { 0, 0 };

	umask(0077);
	if (setrlimit(RLIMIT_CORE, &no_core) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return -errno;
	return 0;
}

static int watch_signals(struct daemon *daemon)
{
	static const int ending[] = { SIGTERM, SIGINT };
	sigset_t mask;
	int r;

	sigemptyset(&mask);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		sigaddset(&mask, ending[i]);
	if (sigprocmask(SIG_BLOCK, &mask, NULL) < 0)
		return -errno;
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++) {
		r = sd_event_add_signal(daemon->event, NULL, ending[i], NULL, NULL);
		if (r < 0)
			return r;
	}
	return 0;
}

int daemon_init(struct daemon *daemon, const char *name, const char *summary, int argc,
		char *argv[])
{
	int r;

	*daemon = (struct daemon){ .name = name, .root = "/" };
	log_init(name);
	r = parse_options(daemon, summary, argc, argv);
	if (r != 0)
		return r;
	r = harden_process();
	if (r == 0 && sodium_init() < 0)
		r = -EIO;
	if (r == 0)
		r = sd_event_default(&daemon->event);
	if (r >= 0)
		r = watch_signals(daemon);
	if (r >= 0)
		r = sd_event_set_watchdog(daemon->event, true);
	if (r < 0) {
		log_error("cannot start: %s", strerror(-r));
		return r;
	}
	return 0;
}

int daemon_confine(struct daemon *daemon, const struct sandbox *sandbox)
{
	int r = sandbox_enter(sandbox, daemon->root, &daemon->sandbox);

	if (r < 0)
		log_error("cannot enter the sandbox: %s; not starting without it", strerror(-r));
	return r;
}

int daemon_run(struct daemon *daemon)
{
	int r;

	sd_notify(0, "READY=1");
	r = sd_event_loop(daemon->event);
	sd_notify(0, "STOPPING=1");
	if (r < 0)
		log_error("event loop failed: %s", strerror(-r));
	return r < 0 ? 1 : r;
}

void daemon_status(const char *format, ...)
{
	static char last[256];
	char text[sizeof(last)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (strcmp(text, last) == 0)
		return;
	memcpy(last, text, sizeof(last));
	sd_notifyf(0, "STATUS=%s", text);
}

void daemon_done(struct daemon *daemon)
{
	daemon->event = sd_event_unref(daemon->event);
}

uint64_t clock_boottime_us(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}
