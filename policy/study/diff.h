/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two policies: first what changes for devices, then what changes in the texts. */
#ifndef AIRGAP_POLICY_DIFF_H
#define AIRGAP_POLICY_DIFF_H

#include <stddef.h>
#include <stdio.h>

#include "policy/decide/context.h"
#include "policy/study/inventory.h"

struct arena;
struct json_t;
struct policy;

/* The gravest first: that is the order of the list, too. */
enum diff_change {
	DIFF_REFUSED,	 /* was permitted */
	DIFF_PERMITTED,	 /* was refused */
	DIFF_INTERFACES, /* permitted by both, with other interfaces */
	DIFF_RULE,	 /* the same result for another reason */
	DIFF_CHANGE_COUNT,
};

struct diff_subject {
	enum diff_change change;
	const struct usb_facts *facts; /* of the inventory */
	struct policy_verdict before;
	struct policy_verdict after;
};

struct diff_question {
	enum diff_change change;
	const struct net_question *question; /* of the inventory */
	struct net_verdict before;
	struct net_verdict after;
};

enum diff_kind {
	DIFF_ADDED,
	DIFF_REMOVED,
	DIFF_CHANGED,
	DIFF_KIND_COUNT,
};

struct diff_text {
	enum diff_kind kind;
	const char *key;
	const char *before; /* NULL: added */
	const char *after;  /* NULL: removed */
	/* Of a changed set: elements that came and went; NULL ends the lists. */
	const char **added;
	const char **removed;
};

struct diff {
	struct arena *arena;
	struct diff_subject *subjects;
	size_t subject_count;
	size_t subjects_tried;
	struct diff_question *questions;
	size_t question_count;
	size_t questions_tried;
	struct diff_text *texts; /* rules, then sets, then all else */
	size_t text_count;
	const char **remarks; /* what should not have changed so, a sentence each */
	size_t remark_count;
};

/**
 * diff_policies - compare
 * @inventory: devices and questions to decide over; lives as long as the diff
 *
 * Returns 0 or -ENOMEM; diff_clear() in any case.
 */
int diff_policies(const struct policy *old, const struct policy *new,
		  const struct policy_context *context, const struct inventory *inventory,
		  struct diff *diff);
void diff_clear(struct diff *diff);

/** diff_recipients - the part of diff_policies() that is about recipients of transfers */
int diff_recipients(const struct policy *old, const struct policy *new, struct diff *diff);

/** diff_same - whether nothing differs */
bool diff_same(const struct diff *diff);

void diff_print(FILE *out, const struct diff *diff);

/** diff_json - a new object, or NULL when memory is short */
struct json_t *diff_json(const struct diff *diff);

const char *diff_change_name(enum diff_change change);
const char *diff_kind_name(enum diff_kind kind);

#endif
