// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office officer: who may sign in. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/log.h"
#include "agent/lib/printable.h"
#include "agent/office/admin.h"
#include "agent/office/store/store_people.h"
#include "policy/sign/sshkey.h"

static const char *const roles[STORE_ROLE_COUNT] = {
	[STORE_ROLE_OFFICER] = "officer",
	[STORE_ROLE_LEAD] = "lead",
	[STORE_ROLE_AUDITOR] = "auditor",
};

static bool find_role(const char *name, uint32_t *role)
{
	for (*role = 0; *role < STORE_ROLE_COUNT; (*role)++)
		if (strcmp(roles[*role], name) == 0)
			return true;
	return false;
}

/* "ssh-ed25519 AAAA...", with or without the comment that .pub files have. */
static bool read_key(const char *text, struct store_officer *officer)
{
	const char *blank = strchr(text, ' ');
	const char *end = blank ? strchr(blank + 1, ' ') : NULL;
	struct sshkey key;
	enum sshkey_flaw flaw =
		sshkey_parse(&key, text, end ? (size_t)(end - text) : strcspn(text, "\n"));

	if (flaw != SSHKEY_SOUND) {
		log_error("this key cannot be taken: %s", sshkey_flaw_text(flaw));
		return false;
	}
	memcpy(officer->key, key.point, sizeof(officer->key));
	sshkey_fingerprint(&key, officer->fingerprint);
	return true;
}

static int add(struct admin *admin, int argc, char **argv)
{
	struct store_officer officer = { .added_us = admin->now_us };
	int r;

	if (argc != 4 || !find_role(argv[2], &officer.role))
		return office_usage("officer");
	if (!argv[1][0] || strlen(argv[1]) >= sizeof(officer.name) || !printable_is_text(argv[1])) {
		log_error("this cannot be a name");
		return 1;
	}
	if (!read_key(argv[3], &officer))
		return 1;
	strcpy(officer.name, argv[1]);
	r = admin_begin(admin);
	if (r == 0)
		r = store_officer_add(admin->store, &officer);
	if (r == -EEXIST)
		log_error("an officer of this name, or with this key, is known already; keys and "
			  "names are used once, also after somebody retired");
	r = admin_commit(admin, r, "officer-add", "%s, %s, %s", officer.name, argv[2],
			 officer.fingerprint);
	if (r == 0)
		printf("%s  %s  %s\n", officer.name, argv[2], officer.fingerprint);
	return r < 0;
}

static int print_one(void *data, const struct store_officer *officer)
{
	(void)data;
	printf("%-20s %-8s %s%s\n", officer->name,
	       officer->role < STORE_ROLE_COUNT ? roles[officer->role] : "?", officer->fingerprint,
	       officer->retired ? "  retired" : "");
	return 0;
}

static int list(struct admin *admin, int argc, char **argv)
{
	(void)argv;
	if (argc != 1)
		return office_usage("officer");
	return store_officer_each(admin->store, print_one, NULL) < 0;
}

static int retire(struct admin *admin, int argc, char **argv)
{
	struct store_officer officer;
	int r;

	if (argc != 2)
		return office_usage("officer");
	r = admin_begin(admin);
	if (r == 0)
		r = store_officer_by_name(admin->store, argv[1], &officer);
	if (r == 0)
		r = store_officer_retire(admin->store, officer.id);
	if (r == -ENOENT)
		log_error("there is no officer '%s' who has not retired", argv[1]);
	return admin_commit(admin, r, "officer-retire", "%s", argv[1]) < 0;
}

int verb_officer(const struct office_call *call)
{
	static const struct {
		const char *name;
		int (*run)(struct admin *admin, int argc, char **argv);
	} parts[] = { { "add", add }, { "list", list }, { "retire", retire } };
	struct admin admin;
	int status;

	for (size_t i = 0; call->argc > 1 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(call->argv[1], parts[i].name) != 0)
			continue;
		status = admin_open(&admin, call) < 0
				 ? 1
				 : parts[i].run(&admin, call->argc - 1, call->argv + 1);
		admin_close(&admin);
		return status;
	}
	return office_usage("officer");
}
