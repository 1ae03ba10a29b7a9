/* SPDX-License-Identifier: GPL-2.0-or-later */
/* airgap-office: what its verbs share - where it lives, its store, its user. */
#ifndef AIRGAP_OFFICE_OFFICE_H
#define AIRGAP_OFFICE_OFFICE_H

#include <limits.h>

#include "agent/office/store/store.h"

#define OFFICE_NAME "airgap-office"

/* One call of the program. */
struct office_call {
	const char *root; /* of --root */
	int argc;	  /* of the verb; argv[0] is its name */
	char **argv;
};

struct office_verb {
	const char *name;
	const char *usage;			    /* its arguments */
	const char *summary;			    /* one line */
	int (*run)(const struct office_call *call); /* what main() returns: 0, 1 or 2 */
};

extern const struct office_verb office_verbs[]; /* ends with name NULL */

/* office_usage - tell how @verb is called; returns 2 */
int office_usage(const char *verb);

/**
 * office_drop_root - become the user airgap-office, for good, when this is root
 *
 * Nothing of the office's is ever touched as root, so that no file of it comes to belong to root.
 * Returns 0 or -errno after a message.
 */
int office_drop_root(const char *root);

/**
 * office_alone - be the only one who serves, or puts another store in its place
 *
 * Until the program ends. Returns 0 or -errno after a message.
 */
int office_alone(const char *root);

/* office_path - of the file @name in the office's folder; 0 or -ENAMETOOLONG */
int office_path(char path[static PATH_MAX], const char *root, const char *name);

/**
 * office_store - drop root and open the store
 *
 * Returns 0 or -errno after a message; *store is then NULL.
 */
int office_store(const struct office_call *call, enum store_mode mode, struct store **store);

/* office_now_us - microseconds since 1970 */
int64_t office_now_us(void);

/* The verbs. */
int verb_init(const struct office_call *call);
int verb_serve(const struct office_call *call);
int verb_register(const struct office_call *call);
int verb_officer(const struct office_call *call);
int verb_publish(const struct office_call *call);
int verb_import(const struct office_call *call);
int verb_export(const struct office_call *call);
int verb_verify(const struct office_call *call);
int verb_incidents(const struct office_call *call);
int verb_card(const struct office_call *call);
int verb_recovery(const struct office_call *call);
int verb_medium(const struct office_call *call);
int verb_backup(const struct office_call *call);
int verb_restore(const struct office_call *call);

#endif
