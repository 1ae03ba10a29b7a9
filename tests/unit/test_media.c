// SPDX-License-Identifier: GPL-2.0-or-later
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "policy/decide/context.h"
#include "policy/decide/media.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/table_fixture.h"
#include "tests/unit/unit.h"

#define TODAY	     1796000000 /* 2026-11-30 */
#define TABLE	     "table media  signed [ security 2 ]\n"
#define MEDIA(rules) POLICY_HEAD TABLE "media {\n    default  none\n" rules "}\n"
#define ALLOW_ALL    "    allow  all:  medium in @media, to [ read write ]\n"
#define IMPORT                                                                                     \
	"transfer {\n    default  refuse\n    allow  in-all:  direction in, medium foreign, "      \
	"types in [ txt ]\n}\n"

/* Last digit of its media id: what it is. */
static const char rows[] =
	"00000000000000000000000000000001  0951:1666  \"S1\"  mimi  \"7.2.14\"  -  -  active\n"
	"00000000000000000000000000000002  0951:1666  \"S2\"  neibu  -  -  -  active\n"
	"00000000000000000000000000000003  0951:1666  \"S3\"  jimi  \"7.2.14\"  -  -  active\n"
	"00000000000000000000000000000004  0951:1666  \"S4\"  mimi  \"9.9\"  -  -  active\n"
	"00000000000000000000000000000005  0951:1666  \"S5\"  mimi  -  -  -  lost\n"
	"00000000000000000000000000000006  0951:1666  \"S6\"  mimi  -  -  2026-01-01  active\n";

enum { OWN = 1, LOWER, HIGHER, ELSEWHERE, LOST, ENDED, STRANGE };

static const struct {
	const char *policy;
	int id; /* 0: foreign */
	uint32_t filesystem;
	enum media_right right;
	enum policy_cause cause;
	const char *rule;
} cases[] = {
	/* what an absent block, and an empty one, mean */
	{ POLICY_HEAD, OWN, MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_NONE, POLICY_CAUSE_DEFAULT, "" },
	{ POLICY_HEAD IMPORT, 0, MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_NONE, POLICY_CAUSE_DEFAULT,
	  "" },
	{ MEDIA(""), OWN, MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_NONE, POLICY_CAUSE_DEFAULT, "" },
	/* the union of allows */
	{ MEDIA(ALLOW_ALL), OWN, MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_WRITE, POLICY_CAUSE_ALLOW,
	  "all" },
	{ MEDIA("    allow  r:  medium in @media, to [ read ]\n"), OWN, MEDIA_FILESYSTEM_VFAT,
	  MEDIA_RIGHT_READ, POLICY_CAUSE_ALLOW, "r" },
	{ MEDIA("    allow  r:  medium in @media\n"), OWN, MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_READ,
	  POLICY_CAUSE_ALLOW, "r" },
	{ MEDIA("    allow  r:  medium in @media, to [ read ]\n"
		"    allow  w:  level is terminal, sealed yes, to [ write ]\n"),
	  OWN, MEDIA_FILESYSTEM_EXT4, MEDIA_RIGHT_WRITE, POLICY_CAUSE_ALLOW, "w" },
	{ MEDIA("    allow  r:  medium in @media, to [ read ]\n"
		"    allow  w:  level is terminal, sealed yes, to [ write ]\n"),
	  LOWER, MEDIA_FILESYSTEM_EXT4, MEDIA_RIGHT_READ, POLICY_CAUSE_ALLOW, "r" },
	{ MEDIA("    allow  w:  medium in @media, sealed no, to [ write ]\n"), OWN,
	  MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_NONE, POLICY_CAUSE_DEFAULT, "" },
	{ MEDIA("    allow  low:  level at-most neibu, to [ read ]\n"), OWN, MEDIA_FILESYSTEM_VFAT,
	  MEDIA_RIGHT_NONE, POLICY_CAUSE_DEFAULT, "" },
	{ MEDIA("    allow  low:  level at-most neibu, to [ read ]\n"), LOWER,
	  MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_READ, POLICY_CAUSE_ALLOW, "low" },
	/* rows */
	{ MEDIA(ALLOW_ALL), ELSEWHERE, MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_NONE,
	  POLICY_CAUSE_DEFAULT, "" },
	{ MEDIA(ALLOW_ALL), LOST, MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_NONE, POLICY_CAUSE_DEFAULT,
	  "" },
	{ MEDIA(ALLOW_ALL), ENDED, MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_NONE, POLICY_CAUSE_DEFAULT,
	  "" },
	{ MEDIA(ALLOW_ALL), STRANGE, MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_NONE, POLICY_CAUSE_DEFAULT,
	  "" },
	/* forbids take from what allows give; what is not known holds in them */
	{ MEDIA(ALLOW_ALL "    forbid  f:  level is mimi, because \"not here\"\n"), OWN,
	  MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_NONE, POLICY_CAUSE_FORBID, "f" },
	{ MEDIA(ALLOW_ALL "    forbid  f:  level is mimi\n"), LOWER, MEDIA_FILESYSTEM_VFAT,
	  MEDIA_RIGHT_WRITE, POLICY_CAUSE_ALLOW, "all" },
	{ MEDIA("    forbid  f:  level is mimi\n") IMPORT, 0, MEDIA_FILESYSTEM_VFAT,
	  MEDIA_RIGHT_NONE, POLICY_CAUSE_FORBID, "f" },
	/* terminal at least as high as medium, whatever rules say */
	{ MEDIA("    allow  all:  sealed yes, to [ write ]\n"), HIGHER, MEDIA_FILESYSTEM_VFAT,
	  MEDIA_RIGHT_NONE, POLICY_CAUSE_BUILTIN, MEDIA_RULE_LEVEL },
	/* file systems */
	{ MEDIA(ALLOW_ALL "    filesystems  [ exfat ext4 ]\n"), OWN, MEDIA_FILESYSTEM_VFAT,
	  MEDIA_RIGHT_NONE, POLICY_CAUSE_BUILTIN, "filesystem" },
	{ MEDIA(ALLOW_ALL "    filesystems  [ exfat ext4 ]\n"), OWN, MEDIA_FILESYSTEM_EXT4,
	  MEDIA_RIGHT_WRITE, POLICY_CAUSE_ALLOW, "all" },
	{ MEDIA(ALLOW_ALL), OWN, MEDIA_FILESYSTEM_NONE, MEDIA_RIGHT_NONE, POLICY_CAUSE_BUILTIN,
	  "filesystem" },
	/* foreign media: as block transfer permits, never ext4, never written */
	{ MEDIA(ALLOW_ALL), 0, MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_NONE, POLICY_CAUSE_BUILTIN,
	  "foreign" },
	{ MEDIA(ALLOW_ALL) IMPORT, 0, MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_READ, POLICY_CAUSE_BUILTIN,
	  "foreign" },
	{ MEDIA("") IMPORT, 0, MEDIA_FILESYSTEM_ISO9660, MEDIA_RIGHT_READ, POLICY_CAUSE_BUILTIN,
	  "foreign" },
	{ MEDIA(ALLOW_ALL) IMPORT, 0, MEDIA_FILESYSTEM_EXT4, MEDIA_RIGHT_NONE, POLICY_CAUSE_BUILTIN,
	  "filesystem" },
	{ MEDIA(ALLOW_ALL) "transfer {\n    default  refuse\n    allow  i:  direction in\n}\n", 0,
	  MEDIA_FILESYSTEM_VFAT, MEDIA_RIGHT_NONE, POLICY_CAUSE_BUILTIN, "foreign" },
};

static struct media_facts facts(int id, uint32_t filesystem)
{
	struct media_facts it = { .kind = id ? MEDIA_KIND_REGISTERED : MEDIA_KIND_FOREIGN,
				  .filesystem = filesystem,
				  .sealed = id != 0 };

	it.id[MEDIUM_ID_SIZE - 1] = (uint8_t)id;
	return it;
}

static struct policy_context context_of(const struct table *table)
{
	struct policy_context context = { .media = table, .today = TODAY };

	context.levels.count = 3;
	context.levels.names[0] = "neibu";
	context.levels.names[1] = "mimi";
	context.levels.names[2] = "jimi";
	return context;
}

START_TEST(decides)
{
	struct policy *policy = policy_of(cases[_i].policy);
	struct table *table = media_of(rows);
	struct policy_context context = context_of(table);
	const struct media_facts it = facts(cases[_i].id, cases[_i].filesystem);
	struct media_verdict verdict;

	policy_decide_media(policy, &context, &it, &verdict);
	ck_assert_msg(verdict.right == cases[_i].right, "case %d: right %u, wanted %u (%s)", _i,
		      verdict.right, cases[_i].right, verdict.verdict.because);
	ck_assert_msg(verdict.verdict.cause == cases[_i].cause, "case %d: cause %u (%s)", _i,
		      verdict.verdict.cause, verdict.verdict.because);
	ck_assert_str_eq(verdict.verdict.rule, cases[_i].rule);
	ck_assert(verdict.verdict.because[0]);
	ck_assert_uint_eq(verdict.verdict.result == POLICY_RESULT_PERMIT,
			  verdict.right != MEDIA_RIGHT_NONE);
	table_free(table);
	policy_free(policy);
}
END_TEST

START_TEST(nothing_known_gives_nothing)
{
	struct policy *policy = policy_of(MEDIA(ALLOW_ALL));
	struct table *table = media_of(rows);
	struct policy_context context = context_of(table);
	const struct media_facts own = facts(OWN, MEDIA_FILESYSTEM_VFAT);
	const struct media_facts ended = facts(ENDED, MEDIA_FILESYSTEM_VFAT);
	const struct media_facts lower = facts(LOWER, MEDIA_FILESYSTEM_VFAT);
	struct media_verdict verdict;

	policy_decide_media(policy, NULL, &own, &verdict);
	ck_assert_uint_eq(verdict.right, MEDIA_RIGHT_NONE);
	context.today = 0;
	policy_decide_media(policy, &context, &own, &verdict);
	ck_assert_uint_eq(verdict.right, MEDIA_RIGHT_WRITE);
	policy_decide_media(policy, &context, &ended, &verdict);
	ck_assert_uint_eq(verdict.right, MEDIA_RIGHT_NONE);
	/* Without an order of levels only the terminal's own is one that it may hold. */
	context.levels.count = 0;
	policy_decide_media(policy, &context, &own, &verdict);
	ck_assert_uint_eq(verdict.right, MEDIA_RIGHT_WRITE);
	policy_decide_media(policy, &context, &lower, &verdict);
	ck_assert_uint_eq(verdict.right, MEDIA_RIGHT_NONE);
	ck_assert_uint_eq(verdict.verdict.cause, POLICY_CAUSE_BUILTIN);
	table_free(table);
	policy_free(policy);
}
END_TEST

START_TEST(because_is_the_authors)
{
	struct policy *policy = policy_of(
		MEDIA(ALLOW_ALL "    forbid  f:  level is mimi, because \"not in this room\"\n"));
	struct table *table = media_of(rows);
	struct policy_context context = context_of(table);
	const struct media_facts own = facts(OWN, MEDIA_FILESYSTEM_VFAT);
	struct media_verdict verdict;

	policy_decide_media(policy, &context, &own, &verdict);
	ck_assert_str_eq(verdict.verdict.because, "not in this room");
	ck_assert_uint_gt(verdict.verdict.line, 0);
	table_free(table);
	policy_free(policy);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("media");
	TCase *tc = tcase_create("media");

	if (sodium_init() < 0)
		return 1;
	tcase_add_loop_test(tc, decides, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tc, nothing_known_gives_nothing);
	tcase_add_test(tc, because_is_the_authors);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
