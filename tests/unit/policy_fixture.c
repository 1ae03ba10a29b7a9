// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/policy_fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/net_rules.h"
#include "policy/decide/subject.h"
#include "policy/lang/scalar.h"

struct policy *policy_of(const char *text)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy *policy = NULL;
	char first[512];
	int ret = policy_parse(text, strlen(text), &diags, &policy);

	diag_format_first(&diags, "text", first, sizeof(first));
	diag_list_free(&diags);
	ck_assert_msg(ret == 0, "%s\n%s", first, text);
	ck_assert_ptr_nonnull(policy);
	return policy;
}

static struct policy *policy_block(const char *outside, const char *block, const char *rules)
{
	struct policy *policy;
	char *text = NULL;

	ck_assert_int_gt(asprintf(&text, "%s%s%s {\n%s\n}\n", POLICY_HEAD, outside, block, rules),
			 0);
	policy = policy_of(text);
	free(text);
	return policy;
}

struct policy *policy_usb(const char *outside, const char *rules)
{
	return policy_block(outside, "usb", rules);
}

struct policy *policy_net(const char *outside, const char *rules)
{
	return policy_block(outside, "network", rules);
}

struct net_question question_of(const char *text)
{
	struct diag_list diags = DIAG_LIST_INIT;
	const char *rest = strchr(text, ' ');
	struct net_question question;
	char first[512];
	unsigned int subject = 0;
	int ret;

	while (strncmp(net_subject_name(subject), text, (size_t)(rest - text)) != 0)
		ck_assert_uint_lt(++subject, NET_SUBJECT_COUNT);
	ret = subject_parse_net(rest, strlen(rest), (enum net_subject)subject, &diags, &question);
	diag_format_first(&diags, "subject", first, sizeof(first));
	diag_list_free(&diags);
	ck_assert_msg(ret == 0, "%s", first);
	return question;
}

struct net_prefix prefix_of(const char *text)
{
	struct value value;

	ck_assert_msg(scalar_read(VALUE_ADDRESS, TOKEN_WORD, text, &value), "%s", text);
	return net_prefix_of(&value.prefix);
}

struct usb_facts facts_of(const char *subject)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct usb_facts facts;
	char first[512];
	int ret = subject_parse_usb(subject, strlen(subject), &diags, &facts);

	diag_format_first(&diags, "subject", first, sizeof(first));
	diag_list_free(&diags);
	ck_assert_msg(ret == 0, "%s", first);
	return facts;
}

struct policy_verdict verdict_of(const struct policy *policy, const char *subject)
{
	struct usb_facts facts = facts_of(subject);
	struct policy_verdict verdict;

	policy_decide_usb(policy, NULL, &facts, NULL, &verdict);
	return verdict;
}

const char *error_of(const char *text, size_t length)
{
	static char first[1024];
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy *policy = NULL;
	int ret = policy_parse(text, length, &diags, &policy);

	diag_format_first(&diags, "", first, sizeof(first));
	ck_assert_int_eq(ret == 0, diags.errors == 0);
	ck_assert_int_eq(ret == 0, policy != NULL);
	policy_free(policy);
	diag_list_free(&diags);
	return first;
}
