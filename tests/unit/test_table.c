// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/table/table_model.h"
#include "policy/table/table_print.h"
#include "tests/unit/table_fixture.h"
#include "tests/unit/unit.h"

#define ID(n) "000000000000000000000000000000" n

#define MEDIA                                                                                      \
	ID("01")                                                                                   \
	" 0951:1666 \"S1\" mimi \"7.2.14\" \"A. Novak\" 2027-01-01 active\n" ID(                   \
		"02") " 0951:1666 \"S2\" jimi - - - lost\n" ID("03") " 0781:5581 - neibu - - - "   \
								     "active\n"

static const uint8_t id_3[TABLE_MEDIA_ID] = { [TABLE_MEDIA_ID - 1] = 3 };

START_TEST(media)
{
	struct table *table = media_of(MEDIA);
	struct table_media row;

	ck_assert_int_eq(table_kind(table), TABLE_KIND_MEDIA);
	ck_assert_str_eq(table_name(table), "media");
	ck_assert_uint_eq(table_number(table), 1);
	ck_assert_uint_eq(table_row_count(table), 3);
	ck_assert(table_media_find(table, 0x0951, 0x1666, "S1", &row));
	ck_assert_uint_eq(row.id[15], 1);
	ck_assert_uint_eq(row.vendor, 0x0951);
	ck_assert_uint_eq(row.product, 0x1666);
	ck_assert_uint_eq(row.line, 7);
	ck_assert_str_eq(row.serial, "S1");
	ck_assert_str_eq(row.level, "mimi");
	ck_assert_str_eq(row.unit, "7.2.14");
	ck_assert_str_eq(row.custodian, "A. Novak");
	ck_assert_int_eq(row.until, 1798847999); /* 2027-01-01 23:59:59 UTC */
	ck_assert_int_eq(row.status, TABLE_STATUS_ACTIVE);
	ck_assert(table_media_find(table, 0x0951, 0x1666, "S2", &row));
	ck_assert_ptr_null(row.unit);
	ck_assert_ptr_null(row.custodian);
	ck_assert_int_eq(row.until, INT64_MAX);
	ck_assert_int_eq(row.status, TABLE_STATUS_LOST);
	ck_assert(table_media_find_id(table, id_3, &row));
	ck_assert_ptr_null(row.serial);
	ck_assert(table_media_row(table, 2, &row));
	ck_assert_uint_eq(row.line, 9);
	table_free(table);
}
END_TEST

START_TEST(media_not_found)
{
	struct table *table = media_of(MEDIA);
	struct table_terminal terminal;
	struct table_media row;

	ck_assert(!table_media_find(table, 0x0951, 0x1667, "S1", &row));
	ck_assert(!table_media_find(table, 0x0950, 0x1666, "S1", &row));
	ck_assert(!table_media_find(table, 0x0951, 0x1666, "s1", &row));
	ck_assert(!table_media_find(table, 0x0951, 0x1666, "S", &row));
	ck_assert(!table_media_find(table, 0x0951, 0x1666, "S11", &row));
	/* a row without serial number is no row of devices without one */
	ck_assert(!table_media_find(table, 0x0781, 0x5581, "", &row));
	ck_assert(!table_media_row(table, 3, &row));
	ck_assert(!table_terminal_find(table, "S1", &terminal));
	ck_assert(!table_terminal_row(table, 0, &terminal));
	table_free(table);
	table = media_of("");
	ck_assert(!table_media_find(table, 0x0951, 0x1666, "S1", &row));
	ck_assert(!table_media_find_id(table, id_3, &row));
	table_free(table);
	table_free(NULL);
}
END_TEST

START_TEST(terminals)
{
	struct table *table = terminals_of(
		"\"T-1\" mimi \"A. Novak\" \"214\" \"DISK\" [ 00:1b:21:3c:4d:5E 00:1b:21:3c:4d:5f "
		"] [ pci-0000:00:1f.6 pci-1 ] [ 10.20.0.17 fd12:7::17 ] \"T-1+00+AA\" "
		"\"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\" active\n"
		"\"T-2\" jimi - - - - - - - - withdrawn\n");
	struct table_terminal row;

	ck_assert(table_terminal_find(table, "T-1", &row));
	ck_assert_str_eq(row.number, "T-1");
	ck_assert_str_eq(row.level, "mimi");
	ck_assert_str_eq(row.custodian, "A. Novak");
	ck_assert_str_eq(row.room, "214");
	ck_assert_str_eq(row.disk_serial, "DISK");
	ck_assert_str_eq(row.log_key, "T-1+00+AA");
	ck_assert_uint_eq(strlen(row.age_recipient), 62);
	ck_assert_uint_eq(row.mac_count, 2);
	ck_assert_uint_eq(row.macs[0][5], 0x5e);
	ck_assert_uint_eq(row.macs[1][5], 0x5f);
	ck_assert_uint_eq(row.bus_path_count, 2);
	ck_assert_str_eq(row.bus_paths, "pci-0000:00:1f.6");
	ck_assert_str_eq(table_text_next(row.bus_paths), "pci-1");
	ck_assert_uint_eq(row.address_count, 2);
	ck_assert_uint_eq(row.addresses[0].family, 4);
	ck_assert_uint_eq(row.addresses[0].bits, 32);
	ck_assert_uint_eq(row.addresses[0].bytes[3], 17);
	ck_assert_uint_eq(row.addresses[1].family, 6);
	ck_assert_uint_eq(row.addresses[1].bits, 128);
	ck_assert_uint_eq(row.line, 7);
	ck_assert(table_terminal_find(table, "T-2", &row));
	ck_assert_int_eq(row.status, TABLE_STATUS_WITHDRAWN);
	ck_assert_uint_eq(row.mac_count + row.bus_path_count + row.address_count, 0);
	ck_assert_ptr_null(row.room);
	ck_assert(!table_terminal_find(table, "T-3", &row));
	ck_assert(!table_terminal_find(table, "", &row));
	table_free(table);
	table = table_of("terminals", "level number", "mimi \"T-1\"\n");
	ck_assert(table_terminal_find(table, "T-1", &row));
	ck_assert_int_eq(row.status, TABLE_STATUS_ACTIVE);
	table_free(table);
}
END_TEST

/* The digest is of the text without its signatures; the signatures are not read. */
START_TEST(signatures_do_not_count)
{
	static const char text[] = "airgap-table 1\ntable {\n name media\n number 9\n"
				   " columns [ media-id usb-id serial level status ]\n}\n" ID(
					   "01") " 0951:1666 \"A\" mimi active\n";
	static const char tail[] = "-----BEGIN SSH SIGNATURE-----\n\xff\x00garbage";
	char both[sizeof(text) + sizeof(tail)];
	struct table *one, *two;

	memcpy(both, text, sizeof(text) - 1);
	memcpy(both + sizeof(text) - 1, tail, sizeof(tail));
	ck_assert_int_eq(table_parse(text, sizeof(text) - 1, NULL, &one), 0);
	ck_assert_int_eq(table_parse(both, sizeof(text) - 1 + sizeof(tail), NULL, &two), 0);
	ck_assert_mem_eq(table_digest(one), table_digest(two), TABLE_DIGEST_SIZE);
	ck_assert_uint_eq(table_row_count(two), 1);
	table_free(one);
	table_free(two);
}
END_TEST

START_TEST(kind_from_the_head)
{
	static const struct {
		const char *text;
		enum table_kind kind;
	} cases[] = {
		{ "airgap-table 1\ntable {\n name media\n}\n", TABLE_KIND_MEDIA },
		{ "airgap-table 1\ntable { name terminals }\n", TABLE_KIND_TERMINALS },
		{ "airgap-table 1\ntable {\n # name media\n name terminals\n}\n",
		  TABLE_KIND_TERMINALS },
		{ "airgap-table 1\ntable {\n number 1\n columns [ name ]\n name media\n}\n",
		  TABLE_KIND_MEDIA },
		{ "airgap-table 1\ntable {\n number 1\n}\nname media\n", TABLE_KIND_COUNT },
		{ "airgap-table 1\ntable {\n name medias\n}\n", TABLE_KIND_COUNT },
		{ "airgap-table 1\ntable {\n name \"media\"\n}\n", TABLE_KIND_COUNT },
		{ "", TABLE_KIND_COUNT },
		{ "name", TABLE_KIND_COUNT },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_int_eq(table_kind_of(cases[i].text, strlen(cases[i].text)),
				 cases[i].kind);
}
END_TEST

/* Every way of cutting a text short ends, and none reads beyond it. */
START_TEST(cut_short)
{
	static const char text[] =
		"airgap-table 1\ntable {\n name terminals\n number 9\n"
		" columns [ number level mac addresses ]\n}\n"
		"\"T-1\" mimi [ 00:1b:21:3c:4d:5e ] [ 10.0.0.1 10.0.0.2 ] # \xe5\xaf\x86\n";
	struct table *table;

	for (size_t length = 0; length < sizeof(text); length++) {
		char *copy = malloc(length + 1);

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, text, length);
		copy[length] = '"';
		table_error_of(copy, length + 1);
		if (table_parse(copy, length, NULL, &table) == 0)
			table_free(table);
		free(copy);
	}
}
END_TEST

#define HEAD "airgap-table 1\ntable {\n name terminals\n number 1\n columns [ number level ]\n}\n"

START_TEST(too_many_rows)
{
	const size_t head = strlen(HEAD), row = strlen("\"1000000\" m\n");
	char *text = malloc(head + (TABLE_ROWS_MAX + 1) * row + 1), *end;
	struct table *table;

	ck_assert_ptr_nonnull(text);
	end = stpcpy(text, HEAD);
	for (uint32_t i = 0; i <= TABLE_ROWS_MAX; i++)
		end += sprintf(end, "\"%07u\" m\n", i);
	ck_assert_str_eq(table_error_of(text, (size_t)(end - text)),
			 ":1000007:1: error: a table has at most 1000000 rows");
	ck_assert_int_eq(table_parse(text, (size_t)(end - text) - row, NULL, &table), 0);
	ck_assert_uint_eq(table_row_count(table), TABLE_ROWS_MAX);
	table_free(table);
	free(text);
}
END_TEST

START_TEST(too_long)
{
	char *text = malloc(TABLE_TEXT_MAX + 1);

	ck_assert_ptr_nonnull(text);
	memset(text, '\n', TABLE_TEXT_MAX + 1);
	memcpy(text, HEAD, strlen(HEAD));
	ck_assert_str_eq(table_error_of(text, TABLE_TEXT_MAX), "");
	ck_assert_str_eq(table_error_of(text, TABLE_TEXT_MAX + 1),
			 ":1:1: error: the table has more than 32 MiB");
	free(text);
}
END_TEST

START_TEST(longest_row)
{
	char text[2 * TABLE_ROW_MAX];
	size_t head = strlen(HEAD);

	memset(text, ' ', sizeof(text));
	memcpy(text, HEAD, head);
	memcpy(text + head, "\"T\" m", 5);
	/* The newline is not counted: 4,095 bytes and it fit, 4,096 do not. */
	text[head + TABLE_ROW_MAX - 1] = '\n';
	ck_assert_str_eq(table_error_of(text, head + TABLE_ROW_MAX), "");
	text[head + TABLE_ROW_MAX - 1] = ' ';
	text[head + TABLE_ROW_MAX] = '\n';
	ck_assert_str_eq(table_error_of(text, head + TABLE_ROW_MAX + 1),
			 ":7:1: error: the row has more than 4096 bytes");
}
END_TEST

/* Which rows meet in the index must not follow from the rows. */
START_TEST(hash_is_keyed)
{
	struct table *one = media_of(MEDIA), *two = media_of(MEDIA);
	const struct table_key key = { .bytes = "S1", .length = 2, .number = 0x09511666 };

	ck_assert(table_hash(one, &key) != table_hash(two, &key));
	ck_assert(table_hash(one, &key) == table_hash(one, &key));
	table_free(one);
	table_free(two);
}
END_TEST

/* Old row, new row, whether that only withdraws. */
static const struct {
	const char *old;
	const char *new;
	bool withdraws;
} changes[] = {
#define ROW(n, rest) ID(n) " 0951:1666 \"S" n "\" " rest "\n"
	{ ROW("01", "mimi - - - active"), ROW("01", "mimi - - - active"), true },
	{ ROW("01", "mimi - - - active"), "", true },
	{ "", "", true },
	{ "", ROW("01", "mimi - - - active"), false },
	{ "", ROW("01", "mimi - - - lost"), false },
	{ ROW("01", "mimi - - - active"), ROW("01", "mimi - - - lost"), true },
	{ ROW("01", "mimi - - - lost"), ROW("01", "mimi - - - withdrawn"), true },
	{ ROW("01", "mimi - - - lost"), ROW("01", "mimi - - - active"), false },
	{ ROW("01", "mimi - - - active"), ROW("01", "mimi - - 2027-01-01 active"), true },
	{ ROW("01", "mimi - - 2027-01-02 active"), ROW("01", "mimi - - 2027-01-01 active"), true },
	{ ROW("01", "mimi - - 2027-01-01 active"), ROW("01", "mimi - - 2027-01-02 active"), false },
	{ ROW("01", "mimi - - 2027-01-01 active"), ROW("01", "mimi - - - active"), false },
	{ ROW("01", "mimi - - 2027-01-01 active"), ROW("01", "mimi - - 2027-01-02 lost"), false },
	{ ROW("01", "mimi - - - active"), ROW("01", "neibu - - - active"), false },
	{ ROW("01", "mimi \"a\" - - active"), ROW("01", "mimi - - - active"), false },
	{ ROW("01", "mimi - - - active"), ROW("01", "mimi \"a\" - - lost"), false },
	{ ROW("01", "mimi - \"a\" - active"), ROW("01", "mimi - \"b\" - lost"), false },
	{ ROW("01", "mimi - - - active") ROW("02", "mimi - - - active"),
	  ROW("02", "mimi - - - lost") ROW("01", "mimi - - - active"), true },
	{ ROW("01", "mimi - - - active") ROW("02", "mimi - - - active"),
	  ROW("03", "mimi - - - active"), false },
	/* the ids of one row with the serial number of another */
	{ ID("01") " 0951:1666 \"A\" mimi - - - active\n",
	  ID("01") " 0951:1667 \"A\" mimi - - - active\n", false },
	{ ID("01") " 0951:1666 \"A\" mimi - - - active\n",
	  ID("01") " 0951:1666 - mimi - - - active\n", false },
};

START_TEST(only_withdraws)
{
	struct table *old = media_of(changes[_i].old), *new = media_of(changes[_i].new);

	ck_assert_int_eq(table_only_withdraws(old, new), changes[_i].withdraws);
	table_free(old);
	table_free(new);
}
END_TEST

START_TEST(only_withdraws_terminals)
{
	static const char *const rows[] = {
		"\"T-1\" mimi - - - [ 00:1b:21:3c:4d:5e 00:1b:21:3c:4d:60 ] - 10.0.0.1 - - "
		"active\n",
		"\"T-1\" mimi - - - [ 00:1b:21:3c:4d:5e 00:1b:21:3c:4d:60 ] - 10.0.0.1 - - "
		"repair\n",
		"\"T-1\" mimi - - - [ 00:1b:21:3c:4d:5e 00:1b:21:3c:4d:61 ] - 10.0.0.1 - - "
		"active\n",
		"\"T-1\" mimi - - - [ 00:1b:21:3c:4d:5e ] - 10.0.0.1 - - active\n",
		"\"T-1\" mimi - - - [ 00:1b:21:3c:4d:5e 00:1b:21:3c:4d:60 ] - 10.0.0.2 - - "
		"active\n",
		"\"T-1\" mimi - - - [ 00:1b:21:3c:4d:5e 00:1b:21:3c:4d:60 ] [ a b ] 10.0.0.1 - - "
		"active\n",
	};
	struct table *old = terminals_of(rows[0]), *other;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct table *new = terminals_of(rows[i]);

		ck_assert_int_eq(table_only_withdraws(old, new), i < 2);
		table_free(new);
	}
	/* another kind, or other columns, says other things */
	other = media_of("");
	ck_assert(!table_only_withdraws(old, other));
	table_free(other);
	other = table_of("terminals", "number level", "\"T-1\" mimi\n");
	ck_assert(!table_only_withdraws(old, other));
	table_free(other);
	table_free(old);
}
END_TEST

/*
 * Random tables against a list that is searched from end to end.
 */
#define MODEL_ROWS 600

struct model {
	uint8_t id[TABLE_MEDIA_ID];
	uint16_t vendor;
	uint16_t product;
	char serial[16]; /* "": none */
	enum table_status status;
};

/* Few different values, so that many rows share parts of their keys. */
static void random_row(struct model *row)
{
	memset(row, 0, sizeof(*row));
	row->id[0] = (uint8_t)randombytes_uniform(8);
	row->id[TABLE_MEDIA_ID - 1] = (uint8_t)randombytes_uniform(200);
	row->vendor = (uint16_t)(0x951 + randombytes_uniform(3));
	row->product = (uint16_t)(0x1666 + randombytes_uniform(3));
	row->status = (enum table_status)randombytes_uniform(TABLE_STATUS_COUNT);
	if (randombytes_uniform(8) > 0)
		snprintf(row->serial, sizeof(row->serial), "S%u", randombytes_uniform(300));
}

static const struct model *search(const struct model *rows, size_t count, const struct model *key,
				  bool by_id)
{
	for (size_t i = 0; i < count; i++) {
		if (by_id && memcmp(rows[i].id, key->id, sizeof(key->id)) == 0)
			return &rows[i];
		if (!by_id && key->serial[0] && rows[i].vendor == key->vendor &&
		    rows[i].product == key->product && strcmp(rows[i].serial, key->serial) == 0)
			return &rows[i];
	}
	return NULL;
}

static size_t random_rows(struct model rows[static MODEL_ROWS])
{
	size_t count = 0, wanted = randombytes_uniform(MODEL_ROWS);

	for (size_t i = 0; i < wanted; i++) {
		random_row(&rows[count]);
		if (!search(rows, count, &rows[count], true) &&
		    !search(rows, count, &rows[count], false))
			count++;
	}
	return count;
}

static struct table *table_of_model(const struct model *rows, size_t count)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	char id[2 * TABLE_MEDIA_ID + 1], serial[20];
	struct table *table;

	ck_assert_ptr_nonnull(out);
	for (size_t i = 0; i < count; i++) {
		sodium_bin2hex(id, sizeof(id), rows[i].id, TABLE_MEDIA_ID);
		snprintf(serial, sizeof(serial), rows[i].serial[0] ? "\"%s\"" : "-",
			 rows[i].serial);
		fprintf(out, "%s %04x:%04x %s mimi - - - %s\n", id, rows[i].vendor, rows[i].product,
			serial, table_status_name(rows[i].status));
	}
	fclose(out);
	table = media_of(text);
	free(text);
	return table;
}

static void compare_found(bool found, const struct table_media *row, const struct model *model)
{
	ck_assert_int_eq(found, model != NULL);
	if (!model)
		return;
	ck_assert_mem_eq(row->id, model->id, TABLE_MEDIA_ID);
	ck_assert_uint_eq(row->vendor, model->vendor);
	ck_assert_uint_eq(row->product, model->product);
	ck_assert_str_eq(row->serial ? row->serial : "", model->serial);
	ck_assert_int_eq(row->status, model->status);
}

START_TEST(same_as_a_search)
{
	struct model rows[MODEL_ROWS], key;
	size_t count = random_rows(rows);
	struct table *table = table_of_model(rows, count);
	struct table_media row;

	ck_assert_uint_eq(table_row_count(table), count);
	for (int i = 0; i < 2000; i++) {
		if (count > 0 && i % 2)
			key = rows[randombytes_uniform((uint32_t)count)];
		else
			random_row(&key);
		compare_found(table_media_find(table, key.vendor, key.product, key.serial, &row),
			      &row, search(rows, count, &key, false));
		compare_found(table_media_find_id(table, key.id, &row), &row,
			      search(rows, count, &key, true));
	}
	table_free(table);
}
END_TEST

/* A random edition of a random table: the rule applied row by row, by search. */
START_TEST(withdrawal_same_as_a_search)
{
	struct model rows[MODEL_ROWS], next[MODEL_ROWS];
	size_t count = random_rows(rows), kept = 0;
	bool withdraws = true;
	struct table *old, *new;

	for (size_t i = 0; i < count; i++) {
		if (randombytes_uniform(4) == 0)
			continue;
		next[kept] = rows[i];
		if (randombytes_uniform(200) == 0)
			next[kept].status = (enum table_status)randombytes_uniform(3);
		if (randombytes_uniform(1000) == 0)
			next[kept].product ^= 0x4000;
		withdraws &= next[kept].product == rows[i].product &&
			     (next[kept].status == rows[i].status ||
			      next[kept].status != TABLE_STATUS_ACTIVE);
		kept++;
	}
	old = table_of_model(rows, count);
	new = table_of_model(next, kept);
	ck_assert_int_eq(table_only_withdraws(old, new), withdraws);
	table_free(old);
	table_free(new);
}
END_TEST

/* Normal form: prints the same table, and itself. */
START_TEST(printing)
{
	static const char text[] =
		"airgap-table 1\ntable {\nname terminals\nnumber 3 # up\ncolumns [ number level "
		"mac ]}"
		"\n\n\n# one\n\"T \\\"1\\\"\"   mimi\t[ 00:1B:21:3C:4D:5E ] # here  \n\n\n"
		"\"T-2\" mimi -";
	static const char wanted[] = "airgap-table 1\ntable {\n    name     terminals\n    number  "
				     " 3                     "
				     "      # up\n    columns  [ number level mac ]\n}\n\n# "
				     "one\n\"T \\\"1\\\"\"  mimi  [ "
				     "00:1b:21:3c:4d:5e ]  # here\n\n\"T-2\"  mimi  -\n";
	char *once = NULL, *twice = NULL;
	size_t length, again;

	ck_assert_int_eq(table_print(text, sizeof(text) - 1, NULL, &once, &length), 0);
	ck_assert_str_eq(once, wanted);
	ck_assert_int_eq(table_print(once, length, NULL, &twice, &again), 0);
	ck_assert_str_eq(twice, once);
	free(once);
	free(twice);
	ck_assert_int_eq(table_print("airgap-table 1\n", 15, NULL, &once, &length), -EINVAL);
	ck_assert_ptr_null(once);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("table");
	TCase *tests = tcase_create("table");

	if (sodium_init() < 0)
		return 1;
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, media);
	tcase_add_test(tests, media_not_found);
	tcase_add_test(tests, terminals);
	tcase_add_test(tests, signatures_do_not_count);
	tcase_add_test(tests, kind_from_the_head);
	tcase_add_test(tests, cut_short);
	tcase_add_test(tests, too_many_rows);
	tcase_add_test(tests, too_long);
	tcase_add_test(tests, longest_row);
	tcase_add_test(tests, hash_is_keyed);
	tcase_add_loop_test(tests, only_withdraws, 0, sizeof(changes) / sizeof(changes[0]));
	tcase_add_test(tests, only_withdraws_terminals);
	tcase_add_loop_test(tests, same_as_a_search, 0, 40);
	tcase_add_loop_test(tests, withdrawal_same_as_a_search, 0, 40);
	tcase_add_test(tests, printing);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
