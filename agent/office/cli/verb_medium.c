// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office medium check: what the recovery key opens of a medium that came back. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/age/age_result.h"
#include "agent/lib/log.h"
#include "agent/lib/printable.h"
#include "agent/office/admin.h"
#include "agent/office/medium_check.h"
#include "agent/office/recovery.h"
#include "agent/office/store/store_people.h"

struct tally {
	unsigned int good, bad;
};

static int print_object(void *data, const struct medium_check_object *object)
{
	struct tally *tally = data;
	char name[512];

	printable_copy(name, sizeof(name), object->name);
	if (object->error == 0) {
		tally->good++;
		printf("good  %s: stanza %u of %u opens it, %" PRIu64 " bytes\n", name,
		       object->opens, object->stanzas, object->size);
		return 0;
	}
	tally->bad++;
	if (object->stanzas == 0)
		printf("BAD   %s: %s\n", name, age_result_text(object->error));
	else if (object->opens == 0)
		printf("DUD   %s: none of its %u stanzas is for the recovery key\n", name,
		       object->stanzas);
	else
		printf("BAD   %s: stanza %u of %u opens it, and then: %s\n", name, object->opens,
		       object->stanzas, age_result_text(object->error));
	return 0;
}

static int record(struct admin *admin, const char *path, const struct tally *tally)
{
	char name[256];
	int r = admin_begin(admin);

	printable_copy(name, sizeof(name), path);
	return r < 0 ? r
		     : admin_commit(admin, 0, "medium-check", "%s: %u objects open, %u do not",
				    name, tally->good, tally->bad);
}

int verb_medium(const struct office_call *call)
{
	struct tally tally = { 0 };
	struct age_keyring *ring;
	struct admin admin = { 0 };
	int folder = -1, r;

	if (call->argc != 4 || strcmp(call->argv[1], "check") != 0)
		return office_usage("medium");
	/* Mounting is root's; everything after it is not. */
	if (medium_check_mount(call->argv[3], &folder) < 0)
		return 1;
	ring = age_keyring_new();
	r = ring ? admin_open(&admin, call) : -ENOMEM;
	if (r == 0)
		r = recovery_key_entered(admin.store, ring, call->argv[2]);
	if (r == 0) {
		r = medium_check_folder(folder, ring, print_object, &tally);
		if (r < 0)
			log_error("cannot read %s: %s", call->argv[3],
				  r == -ENOENT ? "there is no folder 'objects' on it"
					       : strerror(-r));
	}
	if (r == 0)
		r = record(&admin, call->argv[3], &tally);
	if (r == 0)
		printf("%u objects open with the recovery key, %u do not\n", tally.good, tally.bad);
	age_keyring_free(ring);
	close(folder);
	admin_close(&admin);
	return r < 0 || tally.bad > 0;
}
