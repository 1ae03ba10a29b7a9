// SPDX-License-Identifier: GPL-2.0-or-later
/* Verdicts on media: each fault alone gives its own reason, and of two the graver one leads. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/medium_fixture.h"
#include "tests/unit/table_fixture.h"
#include "tests/unit/unit.h"

#define DAY 86400

struct question {
	struct medium_facts facts;
	struct medium_memory memory;
	const char *row;
	bool no_table;
	int64_t today;
};

static int64_t first_day;

static void good(struct question *it)
{
	memset(it, 0, sizeof(*it));
	medium_facts_of(&it->facts);
	it->row = MEDIUM_ROW "2026-12-31  active\n";
	first_day = it->facts.record.enrolled;
	it->today = first_day;
}

static struct medium_verdict judge(const struct question *it)
{
	struct table *table = it->no_table ? NULL : media_of(it->row);
	struct medium_verdict verdict;

	memset(&verdict, 0xff, sizeof(verdict));
	medium_judge(&it->facts, table, it->today, &it->memory, &verdict);
	table_free(table);
	return verdict;
}

static void no_layout(struct question *it)
{
	it->facts.layout = MEDIUM_LAYOUT_NONE;
}
static void foreign(struct question *it)
{
	it->facts.layout = MEDIUM_LAYOUT_FOREIGN;
}
static void torn_table(struct question *it)
{
	it->facts.layout = MEDIUM_LAYOUT_DAMAGED;
}
static void blank(struct question *it)
{
	it->facts.record_state = MEDIUM_RECORD_NONE;
}
static void damaged(struct question *it)
{
	it->facts.record_state = MEDIUM_RECORD_DAMAGED;
}
static void not_signed(struct question *it)
{
	it->facts.record_state = MEDIUM_RECORD_UNSIGNED;
}
static void wrong(struct question *it)
{
	it->facts.record_state = MEDIUM_RECORD_WRONG;
}
static void vendor(struct question *it)
{
	it->facts.vendor++;
}
static void product(struct question *it)
{
	it->facts.product++;
}
static void serial(struct question *it)
{
	strcpy(it->facts.serial, "S2");
}
static void no_serial(struct question *it)
{
	it->facts.serial[0] = '\0';
}
static void larger(struct question *it)
{
	it->facts.sectors++;
}
static void smaller(struct question *it)
{
	it->facts.sectors--;
}
static void other_type(struct question *it)
{
	it->facts.filesystem = MEDIUM_FILESYSTEM_EXFAT;
}
static void other_uuid(struct question *it)
{
	strcpy(it->facts.uuid, "1D2C-3B4B");
}
static void no_table(struct question *it)
{
	it->no_table = true;
}
static void unknown(struct question *it)
{
	it->row = "";
}
static void other_row(struct question *it)
{
	it->row = MEDIUM_ID_WRITTEN "  0951:1667  \"S1\"  mimi  -  -  -  active\n";
}
static void other_row_serial(struct question *it)
{
	it->row = MEDIUM_ID_WRITTEN "  0951:1666  \"S\"  mimi  -  -  -  active\n";
}
static void row_without_serial(struct question *it)
{
	it->row = MEDIUM_ID_WRITTEN "  0951:1666  -  mimi  -  -  -  active\n";
}
static void lost(struct question *it)
{
	it->row = MEDIUM_ROW "2026-12-31  lost\n";
}
static void destroyed(struct question *it)
{
	it->row = MEDIUM_ROW "2026-12-31  destroyed\n";
}
static void retired(struct question *it)
{
	it->row = MEDIUM_ROW "2026-12-31  retired\n";
}
static void withdrawn(struct question *it)
{
	it->row = MEDIUM_ROW "2026-12-31  withdrawn\n";
}
static void in_repair(struct question *it)
{
	it->row = MEDIUM_ROW "2026-12-31  repair\n";
}
static void returned(struct question *it)
{
	it->row = MEDIUM_ROW "2026-12-31  returned\n";
}
static void late(struct question *it)
{
	it->today = first_day + 37 * DAY;
}
static void no_day(struct question *it)
{
	it->today = 0;
}
static void no_counter(struct question *it)
{
	memset(&it->facts.counter, 0, sizeof(it->facts.counter));
}
static void others_counter(struct question *it)
{
	it->facts.counter.medium[15] ^= 1;
}
static void not_first(struct question *it)
{
	it->facts.counter.previous[0] ^= 1;
}
static void remembered(struct question *it)
{
	it->memory.known = true;
	it->memory.sequence = it->facts.counter.sequence;
	memcpy(it->memory.digest, it->facts.counter.digest, sizeof(it->memory.digest));
}
static void older(struct question *it)
{
	remembered(it);
	it->memory.sequence++;
}
static void twin(struct question *it)
{
	remembered(it);
	it->memory.digest[0] ^= 1;
}
static void nephew(struct question *it)
{
	struct medium_counter first = it->facts.counter;

	twin(it);
	medium_counter_next(&first, &it->facts.counter);
}

static const struct {
	void (*spoil)(struct question *it);
	enum medium_reason reason;
	int group; /* two of one group exclude each other; 1 excludes all that follows */
} faults[] = {
	{ no_layout, MEDIUM_NOT_ENROLLED, 1 },
	{ blank, MEDIUM_NOT_ENROLLED, 1 },
	{ foreign, MEDIUM_FOREIGN_LAYOUT, 1 },
	{ torn_table, MEDIUM_DAMAGED_LAYOUT, 1 },
	{ damaged, MEDIUM_DAMAGED_RECORD, 1 },
	{ not_signed, MEDIUM_UNSIGNED_RECORD, 1 },
	{ wrong, MEDIUM_WRONG_RECORD, 1 },
	{ vendor, MEDIUM_OTHER_HARDWARE, 2 },
	{ product, MEDIUM_OTHER_HARDWARE, 2 },
	{ serial, MEDIUM_OTHER_HARDWARE, 2 },
	{ no_serial, MEDIUM_OTHER_HARDWARE, 2 },
	{ larger, MEDIUM_OTHER_CAPACITY, 3 },
	{ smaller, MEDIUM_OTHER_CAPACITY, 3 },
	{ other_type, MEDIUM_OTHER_FILESYSTEM, 4 },
	{ other_uuid, MEDIUM_OTHER_FILESYSTEM, 4 },
	{ no_table, MEDIUM_NO_TABLE, 5 },
	{ unknown, MEDIUM_UNKNOWN, 5 },
	{ other_row, MEDIUM_OTHER_ROW, 5 },
	{ other_row_serial, MEDIUM_OTHER_ROW, 5 },
	{ row_without_serial, MEDIUM_OTHER_ROW, 5 },
	{ lost, MEDIUM_LOST, 5 },
	{ destroyed, MEDIUM_DESTROYED, 5 },
	{ retired, MEDIUM_RETIRED, 5 },
	{ withdrawn, MEDIUM_WITHDRAWN, 5 },
	{ in_repair, MEDIUM_IN_REPAIR, 5 },
	{ returned, MEDIUM_RETURNED, 5 },
	{ late, MEDIUM_EXPIRED, 6 },
	{ no_day, MEDIUM_DAY_UNKNOWN, 6 },
	{ no_counter, MEDIUM_NO_COUNTER, 7 },
	{ others_counter, MEDIUM_OTHER_COUNTER, 7 },
	{ not_first, MEDIUM_OTHER_COUNTER, 7 },
	{ older, MEDIUM_OLDER, 7 },
	{ twin, MEDIUM_BRANCH, 7 },
	{ nephew, MEDIUM_BRANCH, 7 },
};

#define FAULTS ((int)(sizeof(faults) / sizeof(faults[0])))

/* A row that does not end, or that is not found, is not over either. */
static bool hides(int a, int b)
{
	return faults[a].group == 1 ||
	       (faults[a].reason >= MEDIUM_NO_TABLE && faults[a].reason <= MEDIUM_OTHER_ROW &&
		faults[b].group == 6);
}

START_TEST(nothing_wrong)
{
	struct medium_counter first;
	struct question it;

	good(&it);
	ck_assert_uint_eq(judge(&it).reason, MEDIUM_GOOD);
	ck_assert_uint_eq(judge(&it).all, 0);
	remembered(&it);
	ck_assert_uint_eq(judge(&it).all, 0);
	/* The last second of its last day; a later use of the same medium. */
	it.today = first_day + 37 * DAY - 1;
	ck_assert_uint_eq(judge(&it).all, 0);
	it.memory.sequence = 1;
	first = it.facts.counter;
	medium_counter_next(&first, &it.facts.counter);
	ck_assert_uint_eq(judge(&it).all, 0);
	/* Far ahead of what is remembered, its branch cannot be known. */
	it.facts.counter.sequence = 9;
	it.memory.digest[0] ^= 1;
	ck_assert_uint_eq(judge(&it).all, 0);
	/* A row without an end asks for no day. */
	it.row = MEDIUM_ROW "-  active\n";
	it.today = 0;
	ck_assert_uint_eq(judge(&it).all, 0);
}
END_TEST

START_TEST(one_fault)
{
	struct medium_verdict verdict;
	struct question it;

	good(&it);
	faults[_i].spoil(&it);
	verdict = judge(&it);
	ck_assert_str_eq(medium_reason_name(verdict.reason), medium_reason_name(faults[_i].reason));
	ck_assert_uint_eq(verdict.all, UINT32_C(1) << faults[_i].reason);
}
END_TEST

START_TEST(two_faults)
{
	for (int other = 0; other < FAULTS; other++) {
		int first = faults[_i].group < faults[other].group ? _i : other;
		int second = first == _i ? other : _i;
		struct medium_verdict verdict;
		struct question it;

		if (faults[_i].group == faults[other].group)
			continue;
		good(&it);
		faults[_i].spoil(&it);
		faults[other].spoil(&it);
		verdict = judge(&it);
		ck_assert_msg(verdict.reason == faults[first].reason, "%d and %d: %s", _i, other,
			      medium_reason_name(verdict.reason));
		ck_assert_msg(medium_verdict_has(&verdict, faults[second].reason) ==
				      !hides(first, second),
			      "%d and %d", _i, other);
	}
}
END_TEST

START_TEST(no_memory_no_table)
{
	struct medium_verdict verdict;
	struct table *terminals;
	struct question it;

	good(&it);
	medium_judge(&it.facts, NULL, it.today, NULL, &verdict);
	ck_assert_uint_eq(verdict.reason, MEDIUM_NO_TABLE);
	terminals = terminals_of("");
	medium_judge(&it.facts, terminals, it.today, NULL, &verdict);
	ck_assert_uint_eq(verdict.reason, MEDIUM_NO_TABLE);
	table_free(terminals);
	memset(&it.facts, 0, sizeof(it.facts));
	ck_assert_uint_eq(judge(&it).reason, MEDIUM_NOT_ENROLLED);
	memset(&it.facts, 0xff, sizeof(it.facts));
	ck_assert_uint_ne(judge(&it).reason, MEDIUM_GOOD);
}
END_TEST

START_TEST(words)
{
	for (uint32_t i = 0; i < MEDIUM_REASON_COUNT; i++) {
		ck_assert_ptr_nonnull(medium_reason_text(i));
		ck_assert_ptr_nonnull(medium_reason_help(i));
		for (uint32_t j = 0; j < i; j++)
			ck_assert_str_ne(medium_reason_name(i), medium_reason_name(j));
	}
	ck_assert_str_eq(medium_reason_name(MEDIUM_REASON_COUNT), "unknown-reason");
	ck_assert_ptr_nonnull(medium_reason_text(MEDIUM_REASON_COUNT));
	ck_assert_ptr_nonnull(medium_reason_help(MEDIUM_REASON_COUNT));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("judge");
	TCase *tc = tcase_create("judge");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, nothing_wrong);
	tcase_add_loop_test(tc, one_fault, 0, FAULTS);
	tcase_add_loop_test(tc, two_faults, 0, FAULTS);
	tcase_add_test(tc, no_memory_no_table);
	tcase_add_test(tc, words);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
