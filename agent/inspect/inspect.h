/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inspection: what a classified terminal is checked for, and what was found.
 *
 *	checks (a table of small functions) ─▶ findings ─▶ results ─▶ text, line, JSON, HTML
 *
 * A check looks at one thing and states findings; each has a place (a path, a device, a number) and the
 * value that was seen there. The gravest finding is the check's result. A check that could not look
 * states unknown: nothing passes because nobody looked, and one that states nothing at all is unknown,
 * too. Nothing is written anywhere, and nothing that is read is copied or altered (inspect_read.h).
 *
 * Checks read what users and strangers wrote. Each therefore runs in a process of its own that can write
 * nowhere, reach no network, and is ended after a time (inspect_run.h).
 */
#ifndef AIRGAP_INSPECT_INSPECT_H
#define AIRGAP_INSPECT_INSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct policy;
struct policy_context;
struct inspect;

#define INSPECT_PLACE_SIZE	 256
#define INSPECT_VALUE_SIZE	 512
#define INSPECT_FINGERPRINT_SIZE 17 /* 16 digits 0-9 a-f, NUL */
/* Of one check; more are counted. */
#define INSPECT_FINDINGS_MAX 200

/* The gravest is the greatest. */
enum inspect_result {
	INSPECT_NOT_APPLICABLE,
	INSPECT_PASS,
	INSPECT_UNKNOWN, /* could not look */
	INSPECT_WARN,
	INSPECT_FAIL,
	INSPECT_RESULT_COUNT,
};

enum inspect_severity {
	INSPECT_MEDIUM,
	INSPECT_HIGH,
	INSPECT_CRITICAL,
	INSPECT_SEVERITY_COUNT,
};

/* One row of the table of checks. Texts are static, and marked for translation where they are for people. */
struct inspect_check {
	const char *name;    /* "public-route"; never changes */
	unsigned int number; /* in the list of checks, airgap-inspect(7) */
	enum inspect_severity severity;
	const char *title;  /* "No route to a public network" */
	const char *term;   /* the field's term: "公网路由" */
	const char *rule;   /* what it is to be: "no default route but the policy's gateway" */
	const char *remedy; /* what to do when it fails */
	void (*run)(struct inspect *inspect);
	/* What has to be loaded before the process is confined; NULL: nothing. It reads nothing of others. */
	void (*prepare)(void);
};

/* inspect_checks - in the order in which they are shown; ended by a NULL name */
extern const struct inspect_check inspect_checks[];

/* inspect_check_named - NULL when there is none */
const struct inspect_check *inspect_check_named(const char *name);

/* What is inspected and against what. Everything is borrowed. */
struct inspect_subject {
	const char *root;	     /* "/" */
	const struct policy *policy; /* in force; NULL: none */
	const struct policy_context *context;
	int64_t now; /* UNIX time */
};

struct inspect_finding {
	uint32_t result; /* enum inspect_result */
	char place[INSPECT_PLACE_SIZE];
	char value[INSPECT_VALUE_SIZE];
};

/* Where a check's findings go; see inspect_run.h. */
struct inspect {
	struct inspect_subject subject;
	int root_fd; /* of subject.root */
	void (*state)(void *data, const struct inspect_finding *finding);
	void *data;
	unsigned int stated;
};

/*
 * inspect_fail and the others - state a finding: where, and what was seen there
 * @place: a path below the root, or what else names it; kept as it is, so it should not change from run to
 *	   run when the thing has not changed: a path and not an inode, a serial number and not "sdb"
 */
void inspect_fail(struct inspect *inspect, const char *place, const char *value, ...)
	__attribute__((format(printf, 3, 4)));
void inspect_warn(struct inspect *inspect, const char *place, const char *value, ...)
	__attribute__((format(printf, 3, 4)));
void inspect_unknown(struct inspect *inspect, const char *place, const char *value, ...)
	__attribute__((format(printf, 3, 4)));
void inspect_pass(struct inspect *inspect, const char *place, const char *value, ...)
	__attribute__((format(printf, 3, 4)));
/* inspect_absent - there is nothing here that could be checked, and that is fine */
void inspect_absent(struct inspect *inspect, const char *place, const char *value, ...)
	__attribute__((format(printf, 3, 4)));

/* inspect_result_name - "pass", "fail", "warn", "unknown", "not-applicable" */
const char *inspect_result_name(uint32_t result);

/* inspect_severity_name - "medium", "high", "critical" */
const char *inspect_severity_name(uint32_t severity);

/**
 * inspect_fingerprint - what makes a finding the same one in two runs: its check, its place, its result
 *
 * The first 64 bits of the SHA-256 of the three, each ended by NUL. The value is left out: it may hold
 * a time or a count.
 */
void inspect_fingerprint(const struct inspect_check *check, const struct inspect_finding *finding,
			 char out[static INSPECT_FINGERPRINT_SIZE]);

#endif
