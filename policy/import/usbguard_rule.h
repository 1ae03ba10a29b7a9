/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One rule of USBGuard as regions. Shared by the files of the translation. */
#ifndef AIRGAP_POLICY_USBGUARD_RULE_H
#define AIRGAP_POLICY_USBGUARD_RULE_H

#include "policy/study/region.h"
#include "policy/import/usbguard.h"

struct translation {
	struct region_space space;
	struct finding_list *findings;
	bool no_memory;
};

struct usbguard_meaning {
	const struct usbguard_rule *rule;
	bool allow;
	/*
	 * Of an allow, the devices that it surely permits; of a block, all that it may refuse. No
	 * region: it decides nothing.
	 */
	struct regions regions;
	bool narrowed; /* an allow that permits less than it said */
	bool once;     /* an allow of one device at a time */
};

/**
 * usbguard_meaning - what a rule means, with a finding for all that is not as it stands there
 *
 * Memory: see translation->no_memory. Free @meaning->regions.
 */
void usbguard_meaning(struct translation *translation, const struct usbguard_rule *rule,
		      struct usbguard_meaning *meaning);

/* --- parts of it --- */

enum truth {
	TRUTH_FALSE,
	TRUTH_TRUE,
	TRUTH_UNKNOWN,
	TRUTH_ONCE, /* not while a device that the rule matches is permitted */
};

/** usbguard_conditions - what the conditions of a rule amount to */
enum truth usbguard_conditions(struct translation *translation, const struct usbguard_rule *rule);

/** usbguard_condition_note - what USBGuard makes of a condition, for messages */
const char *usbguard_condition_note(const char *name);

/** usbguard_interfaces - constrain regions by with-interface; each may become several, or none */
void usbguard_interfaces(struct translation *translation, const struct usbguard_set *set,
			 struct usbguard_meaning *meaning);

/** usbguard_connect - constrain a region by with-connect-type */
void usbguard_connect(struct translation *translation, const struct usbguard_set *set,
		      struct usbguard_meaning *meaning, struct region *region);

/**
 * usbguard_common - the one value that lies in all of a set's, if there is one
 * @patterns: they are ids; these contain one another or have nothing in common
 */
bool usbguard_common(const struct usbguard_set *set, bool patterns, const char **text);

/** usbguard_expand - the types of known devices that a wildcard means; empty when there are none */
struct words usbguard_expand(struct region_space *space, const char *pattern);

/** usbguard_narrow - a finding that an allow became narrower, or a block wider */
void usbguard_narrow(struct translation *translation, struct usbguard_meaning *meaning,
		     const char *name, struct span at, const char *what, const char *why);

/** usbguard_words - the texts of a set, each once; memory of the space */
struct words usbguard_words(struct region_space *space, const struct usbguard_set *set);

#endif
