// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office: the confidentiality office's side. One verb a call; `serve` is the service. */
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/lib/log.h"
#include "agent/lib/version.h"
#include "agent/office/office.h"

const struct office_verb office_verbs[] = {
	{ "init",
	  "--name NAME --level LEVEL [--listen ADDRESS:PORT] [--host NAME] [--per-address COUNT]",
	  "make the office: keys and store", verb_init },
	{ "serve", "", "receive reports, answer terminals and officers", verb_serve },
	{ "register",
	  "code NUMBER | list | approve ID FINGERPRINT [REASON] | refuse ID | import FILE | "
	  "identity",
	  "let terminals in", verb_register },
	{ "officer", "add NAME officer|lead|auditor 'ssh-ed25519 AAAA...' | list | retire NAME",
	  "who may sign in", verb_officer },
	{ "publish", "FILE [NUMBER...]",
	  "send a signed policy, list, table, order or card to all terminals, or to some", verb_publish },
	{ "import", "BUNDLE [ANSWER]", "take an offline bundle; write the way back", verb_import },
	{ "export", "NUMBER ANSWER", "write receipt and inbox for a terminal without network",
	  verb_export },
	{ "verify", "[NUMBER] | FOLDER [KEY]",
	  "compare the stored logs with what was signed; check an event's folder offline",
	  verb_verify },
	{ "incidents",
	  "list [STATE] | show N | report N | evidence N FOLDER | draft MOVE N OFFICER "
	  "[NAME=VALUE...] | draft enter OFFICER NAME=VALUE... | carry FILE [SIGNATURE] | "
	  "rules [FILE]",
	  "events, and what officers signed about them", verb_incidents },
	{ "card",
	  "make UNIT NUMBER FIRST LAST RECIPIENT LEVEL EPOCH [RECIPIENT LEVEL EPOCH...] | show FILE",
	  "to whom files for a unit are encrypted, for other units' offices", verb_card },
	{ "recovery",
	  "create OFFICE COPY COPY | enter SIGNED | draft OBJECT REASON | "
	  "open IDENTITY OBJECT OUTPUT SIGNED | show",
	  "the key that opens every object, made and used by two officers", verb_recovery },
	{ "medium", "check IDENTITY DEVICE|IMAGE|FOLDER",
	  "try the recovery key on every object of a medium that came back", verb_medium },
	{ "backup", "FILE", "write a copy of the store, also while the office serves",
	  verb_backup },
	{ "restore", "FILE", "put a copy in the store's place; the office must be stopped",
	  verb_restore },
	{ NULL, NULL, NULL, NULL },
};

static void print_help(void)
{
	printf("usage: " OFFICE_NAME " [--root DIR] VERB [ARGUMENTS]\n\n"
	       "The confidentiality office: receives what terminals report, proves that nothing "
	       "is\n"
	       "missing, and sends them policies.\n\n");
	for (const struct office_verb *verb = office_verbs; verb->name; verb++)
		printf("  %s %s\n        %s\n", verb->name, verb->usage, verb->summary);
	printf("\n  --root DIR  take every path below DIR instead of / (for tests)\n"
	       "  --help      this text\n"
	       "  --version   the version\n");
}

int office_usage(const char *name)
{
	for (const struct office_verb *verb = office_verbs; verb->name; verb++)
		if (strcmp(verb->name, name) == 0)
			fprintf(stderr, "usage: " OFFICE_NAME " %s %s\n", verb->name, verb->usage);
	return 2;
}

static int run(const char *root, int argc, char *argv[])
{
	struct office_call call = { .root = root, .argc = argc, .argv = argv };

	for (const struct office_verb *verb = office_verbs; argc > 0 && verb->name; verb++)
		if (strcmp(verb->name, argv[0]) == 0)
			return verb->run(&call);
	if (argc > 0)
		fprintf(stderr, OFFICE_NAME ": there is no verb '%s'\n", argv[0]);
	fprintf(stderr, "Try '" OFFICE_NAME " --help'.\n");
	return 2;
}

int main(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	const char *root = "/";
	int option;

	log_init(OFFICE_NAME);
	umask(0077);
	/* The verb's own options come after it. */
	while ((option = getopt_long(argc, argv, "+h", options, NULL)) >= 0) {
		if (option == 'r') {
			root = optarg;
		} else if (option == 'h') {
			print_help();
			return 0;
		} else if (option == 'V') {
			printf(OFFICE_NAME " %s\n", AIRGAP_VERSION);
			return 0;
		} else {
			return 2;
		}
	}
	if (root[0] != '/') {
		fprintf(stderr, OFFICE_NAME ": --root needs an absolute path, not '%s'\n", root);
		return 2;
	}
	if (sodium_init() < 0)
		return 1;
	return run(root, argc - optind, argv + optind);
}
