// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/door/door_inspection.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define SCORE                                                                                      \
	"\"score\":{\"points\":59,\"vetoes\":1,\"exit\":2,\"pass\":40,\"warn\":1,\"fail\":2,"      \
	"\"unknown\":1,\"not_applicable\":1}"
#define CHECKS                                                                                     \
	"\"checks\":[{\"check\":\"wifi\",\"result\":\"fail\"},{\"check\":\"boot\",\"result\":"     \
	"\"pass\"},{\"check\":\"browsing\",\"result\":\"fail\"}]"

static int read_text(const char *text, size_t length, struct msg_inspection *inspection)
{
	int fd = memfd_create("inspection", MFD_CLOEXEC), r;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, length), (ssize_t)length);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	r = door_inspection_read(fd, inspection);
	close(fd);
	return r;
}

START_TEST(test_an_inspection)
{
	static const char text[] = "{\"inspection\":1," SCORE "," CHECKS "}";
	struct msg_inspection inspection;

	ck_assert_int_eq(read_text(text, strlen(text), &inspection), 0);
	ck_assert_uint_eq(inspection.points, 59);
	ck_assert_uint_eq(inspection.vetoes, 1);
	ck_assert_uint_eq(inspection.pass, 40);
	ck_assert_uint_eq(inspection.not_applicable, 1);
	ck_assert_str_eq(inspection.failed, "wifi, browsing");
	/* printf '%s' ... | sha256sum, of the text above */
	ck_assert_uint_ne(inspection.digest[0] | inspection.digest[31], 0);
}
END_TEST

START_TEST(test_what_is_none)
{
	static const char *const texts[] = {
		"",
		"[]",
		"{}",
		"{" CHECKS "}",
		"{\"score\":{\"points\":101,\"vetoes\":0,\"pass\":0,\"warn\":0,\"fail\":0,"
		"\"unknown\":0,\"not_applicable\":0}}",
		"{\"score\":{\"points\":-1,\"vetoes\":0,\"pass\":0,\"warn\":0,\"fail\":0,"
		"\"unknown\":0,\"not_applicable\":0}}",
		"{\"score\":{\"points\":\"9\",\"vetoes\":0,\"pass\":0,\"warn\":0,\"fail\":0,"
		"\"unknown\":0,\"not_applicable\":0}}",
		"{" SCORE "," SCORE "}",
	};
	struct msg_inspection inspection;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		ck_assert_msg(read_text(texts[i], strlen(texts[i]), &inspection) == -EBADMSG, "%s",
			      texts[i]);
		ck_assert_uint_eq(inspection.points, 0);
	}
}
END_TEST

START_TEST(test_names_are_words_and_fit)
{
	char text[65536];
	size_t used = (size_t)snprintf(text, sizeof(text),
				       "{" SCORE ",\"checks\":["
				       "{\"check\":\"a b\",\"result\":\"fail\"},"
				       "{\"check\":\"\\u001b[2J\",\"result\":\"fail\"},"
				       "{\"check\":7,\"result\":\"fail\"}");
	struct msg_inspection inspection;

	for (int i = 0; i < 500; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 ",{\"check\":\"check-%d\",\"result\":\"fail\"}", i);
	used += (size_t)snprintf(text + used, sizeof(text) - used, "]}");
	ck_assert_int_eq(read_text(text, used, &inspection), 0);
	ck_assert_int_eq(strncmp(inspection.failed, "check-0, check-1, ", 18), 0);
	ck_assert_ptr_nonnull(memchr(inspection.failed, 0, sizeof(inspection.failed)));
	ck_assert_ptr_null(strchr(inspection.failed, '\x1b'));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("door_inspection");
	TCase *tests = tcase_create("door_inspection");

	tcase_add_test(tests, test_an_inspection);
	tcase_add_test(tests, test_what_is_none);
	tcase_add_test(tests, test_names_are_words_and_fit);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
