// SPDX-License-Identifier: GPL-2.0-or-later
/* The next edition of a table: one row changed, and nothing else. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "policy/medium/career.h"
#include "policy/table/table_edit.h"
#include "tests/unit/unit.h"

#define ID_A "000102030405060708090a0b0c0d0e0f"
#define ID_B "ff0102030405060708090a0b0c0d0e0f"
#define HEAD(number)                                                                               \
	"airgap-table 1  # ours\ntable {\n    name     media\n    number   " number                \
	"\n    columns  [ status media-id serial usb-id level custodian until ]\n}\n"
#define ROW_A "active  " ID_A "  \"S \\\"1\"   0951:1666  mimi  \"A. Novak\"  2027-01-01  # his\n"

static const uint8_t id_a[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
static const uint8_t id_b[16] = { 255, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
static const char text[] = HEAD("7") "# above\n" ROW_A;

static void becomes(const char *from, const struct table_edit *edit, const char *wanted)
{
	size_t length = 0;
	char *out = NULL;

	ck_assert_int_ge(sodium_init(), 0);
	ck_assert_int_eq(table_edit_media(from, strlen(from), edit, NULL, &out, &length), 0);
	ck_assert_uint_eq(length, strlen(wanted));
	ck_assert_str_eq(out, wanted);
	free(out);
}

START_TEST(changed)
{
	struct table_edit edit = { .number = 8, .id = id_a };

	becomes(text, &edit, HEAD("8") "# above\n" ROW_A);
	edit.number = 0;
	edit.cells[MEDIA_COLUMN_STATUS] = "lost";
	becomes(text, &edit,
		HEAD("7") "# above\nlost  " ID_A
			  "  \"S \\\"1\"   0951:1666  mimi  \"A. Novak\"  2027-01-01  # his\n");
	edit.number = 4000000;
	edit.cells[MEDIA_COLUMN_CUSTODIAN] = "B \"Zajc\\";
	edit.cells[MEDIA_COLUMN_UNTIL] = "";
	edit.cells[MEDIA_COLUMN_STATUS] = "active";
	becomes(text, &edit,
		HEAD("4000000") "# above\nactive  " ID_A
				"  \"S \\\"1\"   0951:1666  mimi  \"B \\\"Zajc\\\\\"  -  # his\n");
}
END_TEST

START_TEST(added)
{
	struct table_edit edit = { .number = 8, .id = id_b };

	edit.cells[MEDIA_COLUMN_USB_ID] = "1234:abcd";
	edit.cells[MEDIA_COLUMN_SERIAL] = "S2";
	edit.cells[MEDIA_COLUMN_LEVEL] = "neibu";
	edit.cells[MEDIA_COLUMN_STATUS] = "returned";
	becomes(text, &edit,
		HEAD("8") "# above\n" ROW_A "returned  " ID_B "  \"S2\"  1234:abcd  neibu  -  -\n");
	/* Without a last newline, and below signatures. */
	becomes(HEAD("7") "-----BEGIN SSH SIGNATURE-----\nx\n", &edit,
		HEAD("8") "returned  " ID_B "  \"S2\"  1234:abcd  neibu  -  -\n");
	becomes("airgap-table 1\ntable {\nname media\nnumber 1\ncolumns [ media-id usb-id serial "
		"level status ]\n}",
		&edit,
		"airgap-table 1\ntable {\nname media\nnumber 8\ncolumns [ media-id usb-id serial "
		"level status ]\n}\n" ID_B "  1234:abcd  \"S2\"  neibu  returned\n");
}
END_TEST

START_TEST(refused)
{
	struct table_edit edit = { .id = id_b };
	size_t length;
	char *out;

	ck_assert_int_ge(sodium_init(), 0);
	/* A new row needs more than that. */
	ck_assert_int_eq(table_edit_media(text, strlen(text), &edit, NULL, &out, &length), -EINVAL);
	ck_assert_ptr_null(out);
	edit.id = id_a;
	edit.cells[MEDIA_COLUMN_UNIT] = "7.2";
	ck_assert_int_eq(table_edit_media(text, strlen(text), &edit, NULL, &out, &length),
			 -ENODATA);
	edit.cells[MEDIA_COLUMN_UNIT] = NULL;
	edit.cells[MEDIA_COLUMN_UNTIL] = "tomorrow";
	ck_assert_int_eq(table_edit_media(text, strlen(text), &edit, NULL, &out, &length), -EINVAL);
	edit.cells[MEDIA_COLUMN_UNTIL] = "- # and";
	ck_assert_int_eq(table_edit_media(text, strlen(text), &edit, NULL, &out, &length), -EINVAL);
	edit.cells[MEDIA_COLUMN_UNTIL] = NULL;
	edit.cells[MEDIA_COLUMN_CUSTODIAN] = "A\nB";
	ck_assert_int_eq(table_edit_media(text, strlen(text), &edit, NULL, &out, &length), -EINVAL);
	ck_assert_int_eq(table_edit_media("x", 1, &edit, NULL, &out, &length), -EINVAL);
}
END_TEST

/* A letter for each status, in their order; '-' where a step is not possible. */
START_TEST(career)
{
	static const char *const after[MEDIUM_STEP_COUNT] = {
		[MEDIUM_STEP_ISSUE] = "aaa-a--",   [MEDIUM_STEP_RETURN] = "r-r-r--",
		[MEDIUM_STEP_REPAIR] = "pp--p--",  [MEDIUM_STEP_RECALL] = "w-w----",
		[MEDIUM_STEP_LOST] = "lll-ll-",	   [MEDIUM_STEP_FOUND] = "---r---",
		[MEDIUM_STEP_DESTROY] = "ddd-dd-",
	};
	static const char letters[] = "arplw.d";
	const char *why;

	for (int step = 0; step < MEDIUM_STEP_COUNT; step++)
		for (int from = 0; from < TABLE_STATUS_COUNT; from++) {
			enum table_status to = medium_career((enum table_status)from,
							     (enum medium_step)step, &why);

			ck_assert_msg((to == TABLE_STATUS_COUNT ? '-' : letters[to]) ==
					      after[step][from],
				      "step %d from %d", step, from);
			ck_assert((to == TABLE_STATUS_COUNT) == (why[0] != '\0'));
		}
	ck_assert_uint_eq(medium_career(TABLE_STATUS_COUNT, MEDIUM_STEP_ISSUE, &why),
			  TABLE_STATUS_COUNT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("table_edit");
	TCase *tc = tcase_create("table_edit");

	tcase_add_test(tc, changed);
	tcase_add_test(tc, added);
	tcase_add_test(tc, refused);
	tcase_add_test(tc, career);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
