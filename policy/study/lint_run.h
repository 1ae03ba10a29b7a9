/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files of lint. */
#ifndef AIRGAP_POLICY_LINT_RUN_H
#define AIRGAP_POLICY_LINT_RUN_H

#include <stdbool.h>

#include "policy/decide/usb_rules.h"
#include "policy/lang/document.h"
#include "policy/study/lint.h"
#include "policy/study/net_box.h"
#include "policy/study/region.h"

struct lint {
	const struct policy *policy;
	const struct document *document;
	const struct usb_rules *rules;
	const struct statement **sources; /* of each rule */
	struct region *regions;		  /* what each rule matches, or more */
	bool *exact;			  /* whether it is just that */
	const struct net_rules *network;
	const struct statement **network_sources;
	struct net_box *boxes;
	const struct inventory *inventory;
	const struct policy_context *context;
	struct region_space space;
	struct finding_list *findings;
};

/** lint_say - a finding; the rest is as for finding_add() */
#define lint_say(lint, name, at, what, ...)                                                        \
	finding_add((lint)->findings, DIAG_WARNING, name, at, what, __VA_ARGS__)

/** lint_condition - a rule's first condition on an attribute, or NULL */
const struct usb_condition *lint_condition(const struct usb_rule *rule,
					   enum usb_attribute attribute);

/** lint_names_class - a condition on interfaces names one that the pattern covers, or the other way */
bool lint_names_class(struct lint *lint, const struct usb_condition *condition,
		      const char *pattern);

/* lint_rules.c: rules beside one another */
void lint_never(struct lint *lint);
void lint_swallowed(struct lint *lint);
void lint_duplicate(struct lint *lint);

/* lint_width.c: what one allow lets in */
void lint_identity(struct lint *lint);
void lint_wildcard(struct lint *lint);
void lint_any_interface(struct lint *lint);
void lint_partial(struct lint *lint);
void lint_mixture(struct lint *lint);
void lint_limit(struct lint *lint);

/* lint_head.c: what stands outside the rules */
void lint_unused(struct lint *lint);
void lint_validity(struct lint *lint);
void lint_people(struct lint *lint);
void lint_monitor(struct lint *lint);
void lint_placeholder(struct lint *lint);

/* lint_incidents.c: grades and deadlines against the law, where reports go */
void lint_incidents(struct lint *lint);

/* lint_recipients.c: whom transfers are encrypted to */
void lint_recipients(struct lint *lint);

/* lint_media.c: block media beside block usb */
void lint_media(struct lint *lint);

/* lint_transfer.c: what one allow lets out or in, and who approves it */
void lint_transfer(struct lint *lint);

/* lint_use.c: what an inventory shows in use */
void lint_in_use(struct lint *lint);

/* lint_network.c: rules about the network beside one another; lint_network_width.c: what one lets out */
void lint_network(struct lint *lint);
void lint_network_width(struct lint *lint);

#endif
