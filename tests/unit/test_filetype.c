// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/filetype_child.h"
#include "tests/unit/age_fixture.h"
#include "tests/unit/paper_fixture.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct marks_labels labels;
static struct filetype *filetype;

static void setup(void)
{
	const struct filetype_settings settings = { .labels = &labels };

	labels.count = 2;
	strcpy(labels.levels[0], "mimi");
	strcpy(labels.labels[0], "秘密");
	strcpy(labels.levels[1], "jimi");
	strcpy(labels.labels[1], "机密");
	ck_assert_int_eq(filetype_open(&settings, &filetype), 0);
}

static void teardown(void)
{
	filetype_close(filetype);
}

static struct filetype_answer look(int fd)
{
	struct filetype_answer answer;
	struct outcome outcome;
	char text[512];

	ck_assert_int_ge(fd, 0);
	if (filetype_look(filetype, fd, &answer, &outcome) < 0)
		ck_abort_msg("%s", outcome_describe(&outcome, text, sizeof(text)));
	close(fd);
	return answer;
}

static int bytes_file(const void *bytes, size_t length)
{
	return age_fixture_file(bytes, length);
}

START_TEST(test_types)
{
	static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0";
	static const uint8_t noise[] = { 0x03, 0x9f, 0x00, 0xe1, 0x77, 0xfa, 0x02, 0x10, 0xbb };
	const char *const pdf[] = { "BT ET", NULL };
	const struct paper_member docx[] = {
		{ .name = "foo.txt", .text = "not first" },
		{ .name = "[Content_Types].xml", .text = "<x/>" },
		{ .name = "word/document.xml", .text = "<x/>" },
		{ .name = NULL },
	};
	const struct paper_member odt[] = {
		{ .name = "mimetype",
		  .text = "application/vnd.oasis.opendocument.text",
		  .stored = true },
		{ .name = "content.xml", .text = "<x/>" },
		{ .name = NULL },
	};

	ck_assert_str_eq(look(paper_text("a letter\n")).type, "txt");
	ck_assert_str_eq(look(paper_text("#include <stdio.h>\nint main(void) { }\n")).type, "txt");
	ck_assert_str_eq(look(paper_text("#!/bin/sh\necho\n")).type, "script");
	ck_assert_str_eq(look(paper_text("<!DOCTYPE html><html><body>x")).type, "html");
	ck_assert_str_eq(look(paper_text("")).type, "empty");
	ck_assert_str_eq(look(paper_pdf(pdf, true)).type, "pdf");
	ck_assert_str_eq(look(paper_zip(docx)).type, "docx");
	ck_assert_str_eq(look(paper_zip(odt)).type, "odt");
	ck_assert_str_eq(look(bytes_file(png, sizeof(png))).type, "png");
	ck_assert_str_eq(look(bytes_file(noise, sizeof(noise))).type, "data");
	ck_assert_str_eq(look(open("/proc/self/exe", O_RDONLY)).type, "elf");
	ck_assert_str_eq(look(open("/bin/sh", O_RDONLY)).type, "elf");
}
END_TEST

/* Text at its beginning, and no text any more where libmagic does not look. */
START_TEST(test_tail)
{
	size_t size = 9 * 1024 * 1024;
	uint8_t *bytes = malloc(size);

	memset(bytes, 'a', size);
	ck_assert_str_eq(look(age_fixture_file(bytes, size)).type, "txt");
	memcpy(bytes + size - 100, "\0\1\2\3", 4);
	ck_assert_str_eq(look(age_fixture_file(bytes, size)).type, "data");
	free(bytes);
}
END_TEST

START_TEST(test_marks)
{
	struct filetype_answer answer = look(paper_text("机密★10年\n正文\n"));

	ck_assert_str_eq(answer.type, "txt");
	ck_assert_int_eq(answer.marks.rank, 1);
	ck_assert_str_eq(answer.marks.text, "机密★");
	ck_assert_int_eq(look(paper_text("nothing\n")).marks.rank, -1);
}
END_TEST

/* The descriptor's place is its owner's. */
START_TEST(test_place)
{
	struct filetype_answer answer;
	struct outcome outcome;
	int fd = paper_text("some text that is long enough\n");

	ck_assert_int_eq(lseek(fd, 7, SEEK_SET), 7);
	ck_assert_int_eq(filetype_look(filetype, fd, &answer, &outcome), 0);
	ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 7);
	close(fd);
}
END_TEST

START_TEST(test_nothing_to_read)
{
	struct filetype_answer answer;
	struct outcome outcome;
	int fd = open("/tmp", O_WRONLY | O_TMPFILE, 0600);

	ck_assert_int_lt(filetype_look(filetype, fd, &answer, &outcome), 0);
	ck_assert_uint_eq(outcome.reason, OUTCOME_UNTYPABLE);
	ck_assert_str_eq(answer.type, "");
	ck_assert_int_eq(answer.marks.rank, -1);
	close(fd);
}
END_TEST

START_TEST(test_answer)
{
	struct filetype_answer good = { .type = "pdf", .mime = "application/pdf", .marks.rank = 1 };
	struct filetype_answer bad;
	size_t size = sizeof(good);

	ck_assert_int_eq(filetype_answer_check(&good, size, 2), 0);
	ck_assert_int_eq(filetype_answer_check(&good, size - 1, 2), -EBADMSG);
	ck_assert_int_eq(filetype_answer_check(&good, size, 1), -EBADMSG);
	bad = good;
	memset(bad.type, 'a', sizeof(bad.type));
	ck_assert_int_eq(filetype_answer_check(&bad, size, 2), -EBADMSG);
	bad = good;
	strcpy(bad.type, "../x");
	ck_assert_int_eq(filetype_answer_check(&bad, size, 2), -EBADMSG);
	bad = good;
	strcpy(bad.marks.text, "\033[2J");
	ck_assert_int_eq(filetype_answer_check(&bad, size, 2), -EBADMSG);
	bad = good;
	bad.marks.rank = -2;
	ck_assert_int_eq(filetype_answer_check(&bad, size, 2), -EBADMSG);
	bad = good;
	bad.marks.cut = 2;
	ck_assert_int_eq(filetype_answer_check(&bad, size, 2), -EBADMSG);
}
END_TEST

/* What takes more processor time than it may have is ended, and refused. */
START_TEST(test_slow)
{
	const struct filetype_settings settings = { .labels = &labels, .seconds = 1 };
	struct filetype *quick;
	struct filetype_answer answer;
	struct outcome outcome;
	size_t size = (size_t)64 * 1024 * 1024;
	uint8_t *bytes = malloc(size);
	int fd;

	for (size_t at = 0; at < size; at++)
		bytes[at] = at % 40 ? 'a' : '\n';
	fd = age_fixture_file(bytes, size);
	free(bytes);
	ck_assert_int_eq(filetype_open(&settings, &quick), 0);
	ck_assert_int_lt(filetype_look(quick, fd, &answer, &outcome), 0);
	ck_assert_uint_eq(outcome.reason, OUTCOME_UNTYPABLE);
	close(fd);
	filetype_close(quick);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("filetype");
	TCase *tcase = tcase_create("filetype");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_types);
	tcase_add_test(tcase, test_tail);
	tcase_add_test(tcase, test_marks);
	tcase_add_test(tcase, test_place);
	tcase_add_test(tcase, test_nothing_to_read);
	tcase_add_test(tcase, test_answer);
	tcase_add_test(tcase, test_slow);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
