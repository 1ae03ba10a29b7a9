// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/cli/texts.h"

#include <string.h>

#include "policy/lang/document.h"
#include "policy/lang/policy.h"
#include "policy/medium/record.h"
#include "policy/order/order.h"
#include "policy/sign/trust.h"
#include "policy/table/table.h"
#include "policy/transfer/approval.h"
#include "policy/transfer/card.h"
#include "policy/transfer/slip.h"

static int check_policy(const char *text, size_t length, struct diag_list *diags)
{
	struct policy *policy = NULL;
	int ret = policy_parse(text, length, diags, &policy);

	policy_free(policy);
	return ret;
}

static int check_trust(const char *text, size_t length, struct diag_list *diags)
{
	struct trust *trust = NULL;
	int ret = trust_parse(text, length, diags, &trust);

	trust_free(trust);
	return ret;
}

static int check_table(const char *text, size_t length, struct diag_list *diags)
{
	struct table *table = NULL;
	int ret = table_parse(text, length, diags, &table);

	table_free(table);
	return ret;
}

static int check_order(const char *text, size_t length, struct diag_list *diags)
{
	struct order order;

	return order_parse(text, length, diags, &order);
}

static int check_medium(const char *text, size_t length, struct diag_list *diags)
{
	struct medium_record record;

	return medium_record_parse(text, length, diags, &record);
}

static int check_manifest(const char *text, size_t length, struct diag_list *diags)
{
	struct manifest manifest;
	int ret = manifest_parse(text, length, diags, &manifest);

	if (!ret)
		manifest_free(&manifest);
	return ret;
}

static int check_approval(const char *text, size_t length, struct diag_list *diags)
{
	struct approval approval;

	return approval_parse(text, length, diags, &approval);
}

static int check_slip(const char *text, size_t length, struct diag_list *diags)
{
	struct slip slip;
	int ret = slip_parse(text, length, diags, &slip);

	if (!ret)
		slip_free(&slip);
	return ret;
}

static int check_card(const char *text, size_t length, struct diag_list *diags)
{
	struct card card;

	return card_parse(text, length, diags, &card);
}

static const struct {
	const char *kind;
	int (*check)(const char *text, size_t length, struct diag_list *diags);
	bool exact;
} kinds[] = {
	{ "airgap-policy", check_policy, false },    { "airgap-trust", check_trust, false },
	{ "airgap-table", check_table, false },	     { "airgap-order", check_order, false },
	{ "airgap-media", check_medium, true },	     { "airgap-manifest", check_manifest, true },
	{ "airgap-approval", check_approval, true }, { "airgap-slip", check_slip, true },
	{ "airgap-card", check_card, true },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

int texts_check(const char *kind, const char *text, size_t length, struct diag_list *diags)
{
	struct document *document = NULL;
	int ret;

	for (size_t i = 0; kind && i < KINDS; i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].check(text, length, diags);
	ret = document_parse(kind, text, length, diags, &document);
	document_free(document);
	return ret;
}

bool texts_exact(const char *kind)
{
	for (size_t i = 0; kind && i < KINDS; i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].exact;
	return false;
}
