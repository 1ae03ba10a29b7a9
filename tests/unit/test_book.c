// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/book.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/transfer/settings.h"
#include "tests/unit/unit.h"

#define NOW 1795700000

static struct book book;
static const char *root;

static void open_book(void)
{
	char path[PATH_MAX];

	root = unit_tmpdir();
	for (const char *const *part =
		     (const char *const[]){ "/var", "/var/lib", "/var/lib/airgap",
					    "/var/lib/airgap/transfer",
					    "/var/lib/airgap/transfer/batches", NULL };
	     *part; part++) {
		snprintf(path, sizeof(path), "%s%s", root, *part);
		mkdir(path, 0700);
	}
	memset(&book, 0, sizeof(book));
	ck_assert_int_eq(book_open(&book, root), 0);
}

static void fill(struct batch *batch)
{
	batch->state = BATCH_WAITING;
	batch->direction = TRANSFER_OUT;
	batch->uid = 1000;
	strcpy(batch->login, "alice");
	strcpy(batch->unit, "7.2.15");
	strcpy(batch->level, "mimi");
	strcpy(batch->term, "10 \xe5\xb9\xb4");
	strcpy(batch->basis, "a \"quoted\" basis\\");
	strcpy(batch->types, "pdf, odt");
	strcpy(batch->text, "waits");
	batch->need.duty[POLICY_DUTY_SECURITY] = 1;
	batch->need.duty[POLICY_DUTY_APPROVAL] = 1;
	batch->files = 3;
	batch->size = UINT64_C(1) << 40;
	batch->error = -5;
	batch->owed = 1u << TRANSFER_EVENT_CANCELLED;
	memset(batch->manifest, 0xab, sizeof(batch->manifest));
	batch->approval_count = 1;
	batch->approvals[0] = (struct batch_approval){ .key = "so-7a",
						       .person = "J. Kovac",
						       .duty = POLICY_DUTY_SECURITY,
						       .until = NOW + 60,
						       .entry = 17 };
}

START_TEST(test_kept)
{
	struct batch *batch, copy;

	open_book();
	batch = book_add(&book, NULL, NOW);
	ck_assert_ptr_nonnull(batch);
	fill(batch);
	ck_assert_int_eq(book_save(&book, batch, NOW + 1), 0);
	copy = *batch;
	book_close(&book);
	ck_assert_int_eq(book_open(&book, root), 0);
	ck_assert_uint_eq(book.count, 1);
	ck_assert_mem_eq(book.batches[0], &copy, sizeof(copy));
	book_close(&book);
}
END_TEST

/* Every member that is missing, of another kind, or out of range makes it unreadable, and it is left alone. */
START_TEST(test_damaged)
{
	struct batch batch = { .state = BATCH_DONE }, out;
	const char *key;
	json_t *value, *whole, *one;
	void *next;

	fill(&batch);
	whole = batch_json(&batch);
	ck_assert_int_eq(batch_parse(whole, &out), 0);
	json_object_foreach_safe(whole, next, key, value)
	{
		one = json_deep_copy(whole);
		json_object_del(one, key);
		ck_assert_msg(batch_parse(one, &out) < 0, "without %s", key);
		json_object_set_new(one, key, json_real(0.5));
		ck_assert_msg(batch_parse(one, &out) < 0, "%s of another kind", key);
		json_decref(one);
	}
	json_object_set_new(whole, "direction", json_integer(2));
	ck_assert_int_lt(batch_parse(whole, &out), 0);
	json_decref(whole);
}
END_TEST

START_TEST(test_unreadable)
{
	static const char name[] =
		"/var/lib/airgap/transfer/batches/00112233445566778899aabbccddeeff.json";
	char path[PATH_MAX];
	int fd;

	open_book();
	book_close(&book);
	snprintf(path, sizeof(path), "%s%s", root, name);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	ck_assert_int_eq(write(fd, "{\"v\":2}", 7), 7);
	close(fd);
	ck_assert_int_eq(book_open(&book, root), 0);
	ck_assert_uint_eq(book.count, 0);
	ck_assert_uint_eq(book.unreadable, 1);
	ck_assert_int_eq(access(path, F_OK), 0);
	book_close(&book);
}
END_TEST

START_TEST(test_seen)
{
	const struct batch_viewer own = { .uid = 1000 }, other = { .uid = 1001 },
				  all = { .root = true },
				  security = { .uid = 1001, .duties = 1u << POLICY_DUTY_SECURITY },
				  approver = { .uid = 1001, .duties = 1u << POLICY_DUTY_APPROVAL };
	struct batch batch = { 0 };

	fill(&batch);
	ck_assert(batch_is_seen(&batch, &own, NOW));
	ck_assert(batch_is_seen(&batch, &all, NOW));
	ck_assert(!batch_is_seen(&batch, &other, NOW));
	ck_assert(batch_is_seen(&batch, &approver, NOW));
	/* He has approved: it does not wait for his duty any more, until the approval ends. */
	ck_assert(!batch_is_seen(&batch, &security, NOW));
	ck_assert(batch_is_seen(&batch, &security, NOW + 61));
	batch.state = BATCH_READY;
	ck_assert(!batch_is_seen(&batch, &approver, NOW));
}
END_TEST

START_TEST(test_lacks)
{
	struct batch batch = { 0 };

	fill(&batch);
	ck_assert_uint_eq(batch_lacks(&batch, NOW, POLICY_DUTY_SECURITY), 0);
	ck_assert_uint_eq(batch_lacks(&batch, NOW, POLICY_DUTY_APPROVAL), 1);
	ck_assert_uint_eq(batch_lacks(&batch, NOW + 61, POLICY_DUTY_SECURITY), 1);
	ck_assert_uint_eq(batch_lacks_any(&batch, NOW), 1u << POLICY_DUTY_APPROVAL);
}
END_TEST

START_TEST(test_found)
{
	const uint8_t first[TRANSFER_ID_SIZE] = { 0xab, 0xcd, 1 },
		      second[TRANSFER_ID_SIZE] = { 0xab, 0xcd, 2 };
	const struct batch_viewer own = { .uid = 1000 }, other = { .uid = 1001 };
	struct batch *a, *b, *found;
	unsigned int open;

	open_book();
	a = book_add(&book, first, NOW);
	b = book_add(&book, second, NOW);
	fill(a);
	fill(b);
	ck_assert_int_eq(book_find(&book, "abcd", &own, NOW, &found), BOOK_SEVERAL);
	ck_assert_int_eq(book_find(&book, "abcd01", &own, NOW, &found), BOOK_FOUND);
	ck_assert_ptr_eq(found, a);
	ck_assert_int_eq(book_find(&book, "abcd01", &other, NOW, &found), BOOK_NONE);
	b->uid = 1001;
	ck_assert_int_eq(book_find(&book, "abcd", &own, NOW, &found), BOOK_FOUND);
	ck_assert_uint_eq(book_usage(&book, 1000, &open), UINT64_C(1) << 40);
	ck_assert_uint_eq(open, 1);
	a->state = BATCH_DONE;
	ck_assert_uint_eq(book_usage(&book, 1000, &open), 0);
	book_prune(&book, NOW + BOOK_KEEP_S);
	ck_assert_uint_eq(book.count, 2);
	book_prune(&book, NOW + BOOK_KEEP_S + 1);
	ck_assert_uint_eq(book.count, 1);
	ck_assert_ptr_eq(book.batches[0], b);
	book_close(&book);
}
END_TEST

START_TEST(test_recipients)
{
	struct msg_transfer_settings said = { .level_count = 3,
					      .permitted = 1,
					      .level = "mimi",
					      .levels = { "neibu", "mimi", "jimi" } };
	struct msg_transfer_recipient low = { .unit = "7.2.15",
					      .level = "neibu",
					      .recipient = "age1low" },
				      own = { .unit = "7.2.15", .recipient = "age1own" },
				      high = { .unit = "7.2.15",
					       .level = "jimi",
					       .recipient = "age1high" };
	struct msg_transfer_person person = { .duty = POLICY_DUTY_APPROVAL, .login = "carol" };
	struct settings settings = { 0 };
	const char *out[2];

	ck_assert_ptr_nonnull(settings_refusal(&settings));
	settings_begin(&settings, &said);
	ck_assert_int_eq(settings_recipient(&settings, &low), 0);
	ck_assert_int_eq(settings_recipient(&settings, &own), 0);
	ck_assert_int_eq(settings_recipient(&settings, &high), 0);
	ck_assert_int_eq(settings_person(&settings, &person), 0);
	ck_assert_ptr_nonnull(settings_refusal(&settings));
	settings_end(&settings);
	ck_assert_ptr_null(settings_refusal(&settings));
	ck_assert_uint_eq(settings_recipients_for(&settings, "7.2.15", "neibu", out, 2), 3);
	ck_assert_uint_eq(settings_recipients_for(&settings, "7.2.15", "mimi", out, 2), 2);
	ck_assert_str_eq(out[0], "age1own");
	ck_assert_uint_eq(settings_recipients_for(&settings, "7.2.15", "jimi", out, 2), 1);
	ck_assert_str_eq(out[0], "age1high");
	ck_assert_uint_eq(settings_recipients_for(&settings, "7.2.15", "none", out, 2), 0);
	ck_assert_uint_eq(settings_recipients_for(&settings, "7.2.16", "neibu", out, 2), 0);
	ck_assert_uint_eq(settings_duties(&settings, "carol"), 1u << POLICY_DUTY_APPROVAL);
	ck_assert_uint_eq(settings_duties(&settings, ""), 0);
	settings_clear(&settings);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("book");
	TCase *tests = tcase_create("book");

	tcase_add_test(tests, test_kept);
	tcase_add_test(tests, test_damaged);
	tcase_add_test(tests, test_unreadable);
	tcase_add_test(tests, test_seen);
	tcase_add_test(tests, test_lacks);
	tcase_add_test(tests, test_found);
	tcase_add_test(tests, test_recipients);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
