/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy, parsed, checked and compiled; nothing changes it afterwards. */
#ifndef AIRGAP_POLICY_POLICY_H
#define AIRGAP_POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/decide/facts.h"
#include "policy/lang/diag.h"

struct document;
struct policy;
struct table;

enum policy_class {
	POLICY_CLASS_NORMAL,
	POLICY_CLASS_EMERGENCY,
};

enum policy_mode {
	POLICY_MODE_ENFORCE,
	POLICY_MODE_MONITOR, /* record only; bounded by policy_monitor_limit() */
};

/* What can go wrong with the policy itself, and what the policy says is done then. */
enum policy_failure {
	POLICY_FAILURE_NO_POLICY,
	POLICY_FAILURE_EXPIRED,
	POLICY_FAILURE_CLOCK_SUSPECT,
	POLICY_FAILURE_TAMPER,
	POLICY_FAILURE_COUNT,
};

enum policy_action {
	POLICY_ACTION_LOCKDOWN, /* also what an absent statement or block means */
	POLICY_ACTION_RESTRICT,
};

enum policy_role {
	POLICY_ROLE_LEAD,   /* person first responsible */
	POLICY_ROLE_DIRECT, /* person directly responsible */
	POLICY_ROLE_OFFICER,
	POLICY_ROLE_AUDITOR,
};

struct policy_person {
	enum policy_role role;
	const char *name;
	const char *key;   /* name in the signers' list, or NULL */
	const char *duty;  /* "security", "approval", or NULL */
	const char *login; /* or NULL */
};

/* Whether a policy is meant for a terminal. */
enum policy_scope {
	POLICY_SCOPE_THIS,     /* it is */
	POLICY_SCOPE_UNIT,     /* another unit's */
	POLICY_SCOPE_LEVEL,    /* another level's */
	POLICY_SCOPE_TERMINAL, /* its list does not name this terminal */
	POLICY_SCOPE_REGISTER, /* unit and level agree; table terminals must be asked, and is not here */
	POLICY_SCOPE_UNREGISTERED,     /* table terminals has no row of this number */
	POLICY_SCOPE_WITHDRAWN,	       /* it has one whose status is not active */
	POLICY_SCOPE_REGISTERED_LEVEL, /* its row has another level */
	POLICY_SCOPE_COUNT,
};

/* Duties whose signatures a policy can ask for. */
enum policy_duty {
	POLICY_DUTY_SECURITY,
	POLICY_DUTY_APPROVAL,
	POLICY_DUTY_COUNT,
};

/* How many signatures of each duty; trust_need_of() in policy/sign/trust.h turns it into a threshold. */
struct policy_need {
	uint32_t duty[POLICY_DUTY_COUNT];
};

/* A statement 'table': the policy uses that table, and says what its editions need. */
struct policy_table {
	const char *name;	/* "media", "terminals" */
	struct policy_need add; /* for any edition */
	struct policy_need
		withdraw; /* for one that table_only_withdraws(); like add if not written */
	uint32_t line;
};

/* Parts of a policy that a program enforces or not; see policy_unenforced(). */
enum policy_feature {
	POLICY_FEATURE_POLICY, /* block policy: id, serial, class, mode enforce, valid */
	POLICY_FEATURE_SCOPE,  /* block scope, with a list of terminals */
	POLICY_FEATURE_PEOPLE,
	POLICY_FEATURE_SET,
	POLICY_FEATURE_USB,
	POLICY_FEATURE_FAILURE,
	POLICY_FEATURE_RUNTIME,	   /* policy: runtime at-most (powered-on hours) */
	POLICY_FEATURE_MONITOR,	   /* policy: mode monitor */
	POLICY_FEATURE_EMERGENCY,  /* policy: class emergency */
	POLICY_FEATURE_REGISTERED, /* scope: terminals registered */
	POLICY_FEATURE_TABLE,	   /* statement table */
	POLICY_FEATURE_USB_TABLE,  /* usb: device in @table */
	POLICY_FEATURE_MEDIA,
	POLICY_FEATURE_NETWORK,
	POLICY_FEATURE_TRANSFER,
	POLICY_FEATURE_REPORT, /* block report: office, heartbeat, bundle */
	POLICY_FEATURE_SPOOL,	/* report: spool */
	POLICY_FEATURE_INCIDENTS,
	POLICY_FEATURE_INSPECT,
	POLICY_FEATURE_COUNT,
};
#define POLICY_FEATURE_BIT(feature) (UINT64_C(1) << (feature))

struct policy_gap {
	enum policy_feature feature;
	const char
		*name; /* as the policy's author wrote it: "network", "device in a table"; static */
	uint32_t line;
	uint32_t column;
};

/**
 * policy_parse - parse, check and compile a policy
 * @text: need not be ended by NUL; signatures after it are ignored; not kept
 * @diags: receives errors and warnings; may be NULL
 * @policy: on success the caller's, to be freed with policy_free(); else NULL
 *
 * Verify the signatures first. Returns 0 (there may be warnings in @diags); -EINVAL when there were
 * errors; -ENOMEM.
 */
int policy_parse(const char *text, size_t length, struct diag_list *diags, struct policy **policy);

/** policy_free - accepts NULL */
void policy_free(struct policy *policy);

/* Texts live as long as the policy. */
const char *policy_id(const struct policy *policy);
uint64_t policy_serial(const struct policy *policy);
enum policy_class policy_class(const struct policy *policy);
enum policy_mode policy_mode(const struct policy *policy);
/** policy_monitor_limit - powered-on seconds that mode monitor lasts at most; 0 in mode enforce */
uint64_t policy_monitor_limit(const struct policy *policy);
/** policy_valid_from, policy_valid_until - first and last second of validity, UNIX time */
int64_t policy_valid_from(const struct policy *policy);
int64_t policy_valid_until(const struct policy *policy);
/** policy_runtime_limit - powered-on seconds of validity; 0 when the policy does not say */
uint64_t policy_runtime_limit(const struct policy *policy);

const char *policy_unit(const struct policy *policy);
const char *policy_level(const struct policy *policy);
/** policy_terminals - how many terminals the scope lists; 0 when they are those registered */
size_t policy_terminal_count(const struct policy *policy);
const char *policy_terminal(const struct policy *policy, size_t i);
/**
 * policy_scope_match - whether the policy is meant for this terminal, and if not, what differs
 * @terminals: the table of that name that is in force; asked only when the scope says 'registered'.
 *	       NULL: there is none, which gives POLICY_SCOPE_REGISTER.
 */
enum policy_scope policy_scope_match(const struct policy *policy, const char *number,
				     const char *unit, const char *level,
				     const struct table *terminals);

/** policy_table_count, policy_table - statements 'table' in their order; NULL beyond the last */
size_t policy_table_count(const struct policy *policy);
const struct policy_table *policy_table(const struct policy *policy, size_t i);
/** policy_table_named - the statement of that table; NULL when the policy does not use it */
const struct policy_table *policy_table_named(const struct policy *policy, const char *name);

/** policy_people - everyone the policy names, in its order */
const struct policy_person *policy_people(const struct policy *policy, size_t *count);

enum policy_action policy_failure_action(const struct policy *policy, enum policy_failure failure);
/** policy_failure_notify - duty to be told ("security"), or NULL */
const char *policy_failure_notify(const struct policy *policy, enum policy_failure failure);
/** policy_failure_name - "no-policy", ... */
const char *policy_failure_name(enum policy_failure failure);

/**
 * policy_unenforced - what the policy asks for beyond what a program can do
 * @supported: POLICY_FEATURE_BIT of all that it can do
 * @gaps: receives up to @max of them, in the order of the text
 *
 * Returns how many there are.
 */
size_t policy_unenforced(const struct policy *policy, uint64_t supported, struct policy_gap *gaps,
			 size_t max);

/** policy_document - the parsed text; belongs to the policy */
const struct document *policy_document(const struct policy *policy);

#endif
