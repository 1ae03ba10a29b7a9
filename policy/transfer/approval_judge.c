// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "policy/transfer/approval.h"

#include <sodium.h>

static bool medium_agrees(const struct approval *approval, const uint8_t *medium)
{
	return !medium || sodium_is_zero(approval->medium, sizeof(approval->medium)) ||
	       memcmp(approval->medium, medium, sizeof(approval->medium)) == 0;
}

static enum approval_reason judge_time(const struct approval *approval, int64_t now)
{
	if (now <= 0)
		return APPROVAL_CLOCK;
	if (approval->until < now)
		return APPROVAL_EXPIRED;
	return approval->until - now > APPROVAL_TIME_MAX ? APPROVAL_TOO_LONG : APPROVAL_GOOD;
}

enum approval_reason approval_judge(const struct approval *approval, const struct approval_case *it)
{
	if (memcmp(approval->batch, it->batch, sizeof(approval->batch)) != 0)
		return APPROVAL_OTHER_BATCH;
	if (memcmp(approval->manifest, it->manifest, sizeof(approval->manifest)) != 0)
		return APPROVAL_OTHER_MANIFEST;
	if (approval->direction != it->direction)
		return APPROVAL_OTHER_DIRECTION;
	if (strcmp(approval->level, it->level) != 0)
		return APPROVAL_OTHER_LEVEL;
	if (strcmp(approval->unit, it->unit) != 0)
		return APPROVAL_OTHER_UNIT;
	if (strcmp(approval->requester, it->requester) != 0)
		return APPROVAL_OTHER_REQUESTER;
	if (!medium_agrees(approval, it->medium))
		return APPROVAL_OTHER_MEDIUM;
	return judge_time(approval, it->now);
}

static const struct {
	const char *name;
	const char *text;
	const char *help;
} reasons[APPROVAL_REASON_COUNT] = {
	[APPROVAL_GOOD] = { "good", "the approval is good", "nothing needs to be done" },
	[APPROVAL_OTHER_BATCH] = { "other-batch", "the approval is for another batch",
				   "print the text of this batch, and sign that" },
	[APPROVAL_OTHER_MANIFEST] = { "other-manifest",
				      "the approval is for other files than those that are staged",
				      "look at the staged copy again, print its text, and sign "
				      "that" },
	[APPROVAL_OTHER_DIRECTION] = { "other-direction", "the approval is for the other direction",
				       "print the text of this batch, and sign that" },
	[APPROVAL_OTHER_LEVEL] = { "other-level", "the approval names another level",
				   "print the text of this batch, and sign that" },
	[APPROVAL_OTHER_UNIT] = { "other-unit", "the approval names another unit",
				  "print the text of this batch, and sign that" },
	[APPROVAL_OTHER_REQUESTER] = { "other-requester", "the approval names another requester",
				       "print the text of this batch, and sign that" },
	[APPROVAL_OTHER_MEDIUM] = { "other-medium", "the approval is for another medium",
				    "plug in the medium that it names, or ask for a new approval" },
	[APPROVAL_EXPIRED] = { "expired", "the approval has expired",
			       "ask for a new one, with a later end" },
	[APPROVAL_TOO_LONG] = { "too-long", "the approval would be good for longer than any may",
				"ask for one that ends within 31 days" },
	[APPROVAL_CLOCK] = { "clock", "what time it is is not known, so no approval can be judged",
			     "set the clock, or wait for the office" },
	[APPROVAL_USED] = { "used", "the approval has been used already",
			    "ask for a new one: each is good once" },
	[APPROVAL_OWN] = { "own", "the requester approved it himself",
			   "have somebody else look at it and sign" },
	[APPROVAL_SAME_PERSON] = { "same-person", "this person has approved the batch already",
				   "two approvals are two people: ask another one" },
	[APPROVAL_FULL] = { "full", "there is no room to remember one more approval",
			    "wait until some have expired" },
};

const char *approval_reason_name(uint32_t reason)
{
	return reason < APPROVAL_REASON_COUNT ? reasons[reason].name : "unknown";
}

const char *approval_reason_text(uint32_t reason)
{
	return reason < APPROVAL_REASON_COUNT ? reasons[reason].text : "the reason is not known";
}

const char *approval_reason_help(uint32_t reason)
{
	return reason < APPROVAL_REASON_COUNT ? reasons[reason].help : "call the office";
}
