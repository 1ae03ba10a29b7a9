// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office register: codes, requests, approval. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/office/admin.h"
#include "agent/office/enrol.h"
#include "agent/office/incident.h"
#include "agent/office/store/store_terminal.h"

#define CODE_LIFE_US ((int64_t)3600 * 1000000)

static int code(struct admin *admin, int argc, char **argv)
{
	char text[ENROL_CODE_SIZE];
	int r;

	if (argc != 2 || !argv[1][0] || strlen(argv[1]) >= STORE_NUMBER_SIZE)
		return office_usage("register");
	r = admin_begin(admin);
	if (r == 0)
		r = admin_commit(
			admin,
			enrol_code(admin->store, argv[1], admin->now_us + CODE_LIFE_US, text),
			"code", "for %s", argv[1]);
	if (r == 0)
		printf("%s\n", text);
	return r < 0;
}

static int print_one(void *data, const struct store_enrolment *enrolment)
{
	struct admin *admin = data;
	struct store_terminal terminal;

	/* Another statement than the walk's. */
	if (store_terminal_by_id(admin->store, enrolment->terminal, &terminal) < 0 ||
	    terminal.state != STORE_TERMINAL_PENDING)
		return 0;
	printf("%s  %s generation %u  %s, %s, room %s%s\n    %s\n", enrolment->id, terminal.number,
	       terminal.generation, terminal.unit, terminal.custodian, terminal.room,
	       enrolment->expires_us < admin->now_us ? "  EXPIRED" : "", enrolment->fingerprint);
	return 0;
}

static int list(struct admin *admin, int argc, char **argv)
{
	(void)argv;
	if (argc != 1)
		return office_usage("register");
	return store_enrolment_each(admin->store, print_one, admin) < 0;
}

static void explain(int error, const char *id)
{
	static const struct {
		int error;
		const char *text;
	} texts[] = {
		{ -ENOENT, "no such request; 'register list' shows those that wait" },
		{ -ETIME, "it has expired: let the terminal ask again" },
		{ -EKEYREJECTED, "this is another fingerprint: somebody stands between you and the "
				 "terminal, or you compare two different requests" },
		{ -EINVAL, "the number is registered already; a new installation needs a reason, "
			   "which is recorded" },
		{ -EALREADY, "it has been decided already" },
		{ -EEXIST, "a key in it is registered already" },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].error == error)
			log_error("%s: %s", id, texts[i].text);
}

/* Without network: the first bundle is due as any other. */
static int expect_bundle(struct admin *admin, struct store_terminal *terminal)
{
	struct incident_rules rules;
	int r = incident_rules_load(&rules, admin->store);

	terminal->return_us = admin->now_us + (int64_t)rules.bundle_s * 1000000;
	return r < 0 ? r : store_terminal_update(admin->store, terminal);
}

static int approve(struct admin *admin, int argc, char **argv)
{
	struct store_terminal terminal = { 0 };
	const char *reason = argc > 3 ? argv[3] : NULL;
	int r;

	if (argc < 3 || argc > 4)
		return office_usage("register");
	r = admin_begin(admin);
	if (r == 0)
		r = enrol_approve(admin->store, argv[1], argv[2], reason, admin->now_us, &terminal);
	explain(r, argv[1]);
	if (r == 0 && terminal.standalone)
		r = expect_bundle(admin, &terminal);
	r = admin_commit(admin, r, "register", "%s generation %u: %s", terminal.number,
			 terminal.generation, reason ? reason : "first installation");
	if (r == 0)
		printf("%s is registered, generation %u\n", terminal.number, terminal.generation);
	return r < 0;
}

static int refuse(struct admin *admin, int argc, char **argv)
{
	struct store_terminal terminal = { 0 };
	int r;

	if (argc != 2)
		return office_usage("register");
	r = admin_begin(admin);
	if (r == 0)
		r = enrol_refuse(admin->store, argv[1], &terminal);
	explain(r, argv[1]);
	r = admin_commit(admin, r, "refuse", "%s", terminal.number);
	return r < 0;
}

/* A request that came on a medium: whoever carried it stands for the code. */
static int import(struct admin *admin, int argc, char **argv)
{
	struct enrol *enrol = malloc(sizeof(*enrol));
	char reason[160] = "no memory", id[33] = "";
	uint8_t *data = NULL;
	size_t length = 0;
	int r;

	if (argc != 2 || !enrol) {
		free(enrol);
		return office_usage("register");
	}
	r = file_read(argv[1], ENROL_BODY_MAX, &data, &length);
	if (r < 0)
		snprintf(reason, sizeof(reason), "%s", strerror(-r));
	else
		r = enrol_parse((const char *)data, length, enrol, reason, sizeof(reason));
	if (r < 0)
		log_error("cannot take the request %s: %s", argv[1], reason);
	if (r == 0)
		r = admin_begin(admin);
	if (r == 0) {
		r = enrol_request(admin->store, enrol, false, admin->now_us, id);
		explain(r, argv[1]);
		r = admin_commit(admin, r, "request", "%s, from a file", enrol->terminal.number);
	}
	if (r == 0)
		printf("%s  %s\n    %s\n", id, enrol->terminal.number, enrol->fingerprint);
	free(data);
	free(enrol);
	return r < 0;
}

/* What a terminal without network needs of us; not secret, and signed. */
static int identity(struct admin *admin, int argc, char **argv)
{
	char note[KEYS_IDENTITY_SIZE];
	size_t length = keys_identity(&admin->keys, note);

	(void)argv;
	if (argc != 1)
		return office_usage("register");
	return length == 0 || fwrite(note, 1, length, stdout) != length || fflush(stdout) != 0;
}

int verb_register(const struct office_call *call)
{
	static const struct {
		const char *name;
		int (*run)(struct admin *admin, int argc, char **argv);
	} parts[] = {
		{ "code", code },     { "list", list },	    { "approve", approve },
		{ "refuse", refuse }, { "import", import }, { "identity", identity },
	};
	struct admin admin;
	int status = 2;

	for (size_t i = 0; call->argc > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(call->argv[1], parts[i].name) != 0)
			continue;
		status = admin_open(&admin, call) < 0
				 ? 1
				 : parts[i].run(&admin, call->argc - 1, call->argv + 1);
		admin_close(&admin);
		return status;
	}
	return office_usage("register");
}
