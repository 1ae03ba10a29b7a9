// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/marks/marks.h"
#include "agent/lib/marks/marks_zip.h"
#include "tests/unit/age_fixture.h"
#include "tests/unit/paper_fixture.h"
#include "tests/unit/unit.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct marks_labels labels;
static struct marks *marks;

static void setup(void)
{
	static const char *const names[][2] = {
		{ "neibu", "内部" }, { "mimi", "秘密" },      { "jimi", "机密" },
		{ "juemi", "绝密" }, { "top", "TOP SECRET" },
	};

	labels.count = 5;
	for (uint32_t i = 0; i < 5; i++) {
		strcpy(labels.levels[i], names[i][0]);
		strcpy(labels.labels[i], names[i][1]);
	}
	marks = marks_new(&labels);
	ck_assert_ptr_nonnull(marks);
}

static void teardown(void)
{
	marks_free(marks);
}

/* Looks, and closes the file. */
static struct marks_found look(int fd, const char *type)
{
	struct marks_found found;

	ck_assert_int_eq(marks_find(marks, fd, type, &found), 0);
	close(fd);
	return found;
}

static const struct {
	const char *text;
	int rank;
} texts[] = {
	{ "机密★10年\n正文\n", 2 },
	{ "正文\n秘密\n正文", 1 },
	{ "  绝 密 ★ 长 期  ", 3 },
	{ "密级:机密\n", 2 },
	{ "密级:绝密\n", 3 },
	{ "【内部】\n", 0 },
	{ "机密 10年\n", 2 },
	{ "机密6个月\n", 2 },
	{ "机密\xe3\x80\x80\x31\x30年\r\n", 2 },
	{ "在第一页左上角标有机密★20年字样的文件", 2 },
	{ "内部\n秘密\n机密\n", 2 },
	{ "机密\n秘密\n", 2 },
	{ "TOP SECRET\n", 4 },
	{ "T O P  S E C R E T", 4 },
	/* Not markings. */
	{ "保守国家秘密是每个公民的义务。\n", -1 },
	{ "机密文件\n", -1 },
	{ "机密10\n", -1 },
	{ "关于绝密、机密、秘密三级的规定\n", -1 },
	{ "★★★★★\n", -1 },
	{ "the top secret\n", -1 },
	{ "", -1 },
};

START_TEST(test_texts)
{
	struct marks_found found = look(paper_text(texts[_i].text), "txt");

	ck_assert_int_eq(found.rank, texts[_i].rank);
	ck_assert(found.looked && !found.cut && !found.strange);
	ck_assert((found.text[0] != '\0') == (found.rank >= 0));
}
END_TEST

static int converted(const char *text, const char *charset)
{
	iconv_t to = iconv_open(charset, "UTF-8");
	char out[4096], *in = (char *)(uintptr_t)text, *at = out;
	size_t left = strlen(text), room = sizeof(out);

	ck_assert(to != (iconv_t)-1);
	ck_assert(iconv(to, &in, &left, &at, &room) != (size_t)-1);
	iconv_close(to);
	return age_fixture_file((const uint8_t *)out, sizeof(out) - room);
}

START_TEST(test_charsets)
{
	static const char *const charsets[] = { "GB18030", "GBK", "GB2312", "UTF-16", "UTF-16BE" };
	const char *text = _i == 4 ? "\xef\xbb\xbf"
				     "会议纪要\n机密★10年\n"
				   : "会议纪要\n机密★10年\n";
	struct marks_found found = look(converted(text, charsets[_i]), "txt");

	ck_assert_int_eq(found.rank, 2);
	ck_assert_str_eq(found.text + strlen(found.text) - strlen("机密★"), "机密★");
	ck_assert_uint_eq(found.strange, 0);
}
END_TEST

/* A character that two pieces of the file share. */
START_TEST(test_pieces)
{
	size_t size = 65536 + 100;
	uint8_t *bytes = malloc(size);
	struct marks_found found;

	memset(bytes, 'x', size);
	bytes[65536 - 4] = '\n';
	memcpy(bytes + 65536 - 3 + _i % 3, "机密★", strlen("机密★"));
	found = look(age_fixture_file(bytes, size), "txt");
	ck_assert_int_eq(found.rank, 2);
	free(bytes);
}
END_TEST

START_TEST(test_strange)
{
	static const uint8_t bytes[] = { 'a', 'b', 0, 0x81, 0xff, 1 };
	static const uint8_t broken[] = { 0xe6, 0x9c, 0xba, 0xff, 0xff, '\n' };

	ck_assert_uint_eq(look(age_fixture_file(bytes, sizeof(bytes)), "txt").strange, 1);
	ck_assert_uint_eq(look(age_fixture_file(broken, sizeof(broken)), "txt").strange, 1);
	ck_assert_uint_eq(look(paper_text("tab\there\r\n\f"), "txt").strange, 0);
}
END_TEST

#define WORD "<?xml version=\"1.0\"?><w:document xmlns:w=\"x\"><w:body>"

static const struct {
	const char *type, *name, *text;
	int rank;
} parts[] = {
	/* A marking in several runs, as word processors write it. */
	{ "docx", "word/document.xml",
	  WORD "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>机</w:t></w:r><w:r><w:rPr/><w:t>密</w:t></w:r>"
	       "<w:r><w:t>★10年</w:t></w:r></w:p></w:body></w:document>",
	  2 },
	{ "docx", "word/document.xml",
	  WORD
	  "<w:p><w:r><w:t>文件</w:t></w:r></w:p><w:p><w:r><w:t xml:space=\"preserve\">秘 密 </w:t>"
	  "</w:r></w:p><w:p><w:r><w:t>正文</w:t></w:r></w:p></w:body></w:document>",
	  1 },
	{ "docx", "word/header1.xml", "<w:hdr><w:p><w:r><w:t>绝密</w:t></w:r></w:p></w:hdr>", 3 },
	{ "docx", "word/header1.xml",
	  "<w:hdr><v:shape><v:textpath style=\"x>y\" string=\"机密\"/></v:shape></w:hdr>", 2 },
	{ "docx", "docProps/core.xml",
	  "<cp:coreProperties><cp:keywords>秘密</cp:keywords>"
	  "<dc:title>x</dc:title></cp:coreProperties>",
	  1 },
	{ "docx", "word/document.xml", WORD "<w:p><w:t>&#x673A;&#23494;&#x2605;</w:t></w:p>", 2 },
	{ "docx", "word/document.xml",
	  WORD "<!-- <w:p>x --><w:p><w:t><![CDATA[机密★]]></w:t></w:p>", 2 },
	{ "docx", "word/document.xml", WORD "<w:p><w:t>国家秘密的范围</w:t></w:p>", -1 },
	{ "xlsx", "xl/sharedStrings.xml", "<sst><si><t>表一</t></si><si><t>机密</t></si></sst>",
	  2 },
	{ "pptx", "ppt/slides/slide1.xml",
	  "<p:sp><a:p><a:r><a:t>绝密★长期</a:t></a:r></a:p></p:sp>", 3 },
	{ "odt", "content.xml",
	  "<office:text><text:p>机<text:span text:style-name=\"T1\">密</text:span></text:p>"
	  "<text:p>正文</text:p></office:text>",
	  2 },
	{ "odt", "styles.xml", "<style:header><text:p>秘密★5年</text:p></style:header>", 1 },
	{ "ofd", "Doc_0/Pages/Page_0/Content.xml",
	  "<ofd:TextObject ID=\"1\"><ofd:TextCode X=\"0\">机密</ofd:TextCode></ofd:TextObject>"
	  "<ofd:TextObject><ofd:TextCode>正文</ofd:TextCode></ofd:TextObject>",
	  2 },
};

START_TEST(test_office)
{
	const struct paper_member members[] = {
		{ .name = "mimetype", .text = "application/x", .stored = true },
		{ .name = parts[_i / 2].name, .text = parts[_i / 2].text, .stored = _i % 2 },
		{ .name = NULL },
	};
	struct marks_found found = look(paper_zip(members), parts[_i / 2].type);

	ck_assert_int_eq(found.rank, parts[_i / 2].rank);
	ck_assert_uint_eq(found.cut, 0);
}
END_TEST

/* A damaged member, or half an archive: seen as far as it goes, and said so. */
START_TEST(test_damaged)
{
	const struct paper_member members[] = {
		{ .name = "word/document.xml", .text = "<w:p>机密★</w:p>", .stored = true },
		{ .name = "word/other.xml", .text = "<w:p>some text, some more text</w:p>" },
		{ .name = NULL },
	};
	int fd = paper_zip(members);
	size_t length;
	uint8_t *bytes = age_fixture_read(fd, &length), *at;
	struct marks_found found;

	at = memmem(bytes, length, "word/other.xml", 14);
	memset(at + 14, 0xff, 8);
	found = look(age_fixture_file(bytes, length), "docx");
	ck_assert_int_eq(found.rank, 2);
	ck_assert_uint_eq(found.cut, 1);
	found = look(age_fixture_file(bytes, length - 1), "docx");
	ck_assert_uint_eq(found.cut, 1);
	free(bytes);
	close(fd);
}
END_TEST

/* A small file that becomes a large one. */
START_TEST(test_bomb)
{
	const struct paper_member members[] = {
		{ .name = "word/document.xml", .text = "<w:p>机密★</w:p>" },
		{ .name = NULL },
	};
	struct marks_zip zip;
	struct marks_zip_member member;
	int fd = paper_zip(members);

	ck_assert_int_eq(marks_zip_open(&zip, fd), 0);
	ck_assert_int_eq(marks_zip_next(&zip, &member), 1);
	ck_assert_str_eq(member.name, "word/document.xml");
	ck_assert_int_eq(marks_zip_next(&zip, &member), 0);
	close(fd);
}
END_TEST

static const struct {
	const char *names[4];
	const char *kind;
} kinds[] = {
	{ { "[Content_Types].xml", "word/document.xml" }, "docx" },
	{ { "word/document.xml", "word/vbaProject.bin" }, "docm" },
	{ { "xl/workbook.xml" }, "xlsx" },
	{ { "xl/workbook.xml", "xl/macrosheets/sheet1.xml" }, "xlsm" },
	{ { "ppt/presentation.xml" }, "pptx" },
	{ { "ppt/presentation.xml", "ppt/vbaProject.bin" }, "pptm" },
	{ { "OFD.xml" }, "ofd" },
	{ { "META-INF/MANIFEST.MF" }, "jar" },
	{ { "readme.txt" }, "zip" },
};

START_TEST(test_kinds)
{
	struct paper_member members[5] = { 0 };
	int fd;

	for (size_t i = 0; i < 4 && kinds[_i].names[i]; i++)
		members[i] = (struct paper_member){ .name = kinds[_i].names[i], .text = "x" };
	fd = paper_zip(members);
	ck_assert_str_eq(marks_zip_kind(fd), kinds[_i].kind);
	close(fd);
}
END_TEST

START_TEST(test_open_document)
{
	const struct paper_member members[] = {
		{ .name = "mimetype",
		  .text = "application/vnd.oasis.opendocument.text",
		  .stored = true },
		{ .name = "content.xml", .text = "<x/>" },
		{ .name = _i ? "Basic/Standard/Module1.xml" : NULL, .text = "<x/>" },
		{ .name = NULL },
	};
	int fd = paper_zip(members);

	ck_assert_str_eq(marks_zip_kind(fd), _i ? "odf-macro" : "odt");
	close(fd);
	fd = paper_text("PK\003\004 and no more");
	ck_assert_ptr_null(marks_zip_kind(fd));
	close(fd);
}
END_TEST

/* 机 is 0x0003 here, 密 0x0004, ★ 0x0005; 绝 comes from a range. */
#define CMAP                                                                                       \
	"/CIDInit /ProcSet findresource begin\n1 begincodespacerange\n<0000> <FFFF>\n"             \
	"endcodespacerange\n3 beginbfchar\n<0003> <673A>\n<0004> <5BC6>\n<0005> <2605>\n"          \
	"endbfchar\n2 beginbfrange\n<0010> <0011> <7EDD>\n<0020> <0021> [<79D8> <5BC6>]\n"         \
	"endbfrange\nendcmap\n"

static const struct {
	const char *content;
	int rank;
} pages[] = {
	{ "BT /F1 16 Tf 1 0 0 1 72 700 Tm <000300040005> Tj ET", 2 },
	{ "BT 72 700 Td [<0003> -12 <0004>] TJ 0 -20 Td <00090009> Tj ET", 2 },
	{ "BT 1 0 0 1 72 700 Tm <0003> Tj ET BT 1 0 0 1 90 700 Tm <0004> Tj ET "
	  "BT 1 0 0 1 72 600 Tm <0009> Tj ET",
	  2 },
	{ "BT 72 700 Td <00100004> Tj ET", 3 },
	{ "BT 72 700 Td <00200021> Tj ET", 1 },
	{ "BT 72 700 Td (\\000\\003\\000\\004) Tj ET", 2 },
	/* Two lines. */
	{ "BT 1 0 0 1 72 700 Tm <0003> Tj 1 0 0 1 72 650 Tm <0004> Tj ET", -1 },
	{ "BT 72 700 Td <000900030004> Tj ET", -1 },
};

START_TEST(test_pdf)
{
	const char *const streams[] = { pages[_i / 2].content, CMAP, NULL };
	struct marks_found found = look(paper_pdf(streams, _i % 2), "pdf");

	ck_assert_int_eq(found.rank, pages[_i / 2].rank);
	ck_assert_uint_eq(found.cut, 0);
}
END_TEST

START_TEST(test_pdf_rest)
{
	static const char title[] =
		"%PDF-1.7\n1 0 obj\n<</Title (\xfe\xff\x67\x3a\x5b\xc6)>>\nendobj\n";
	static const char locked[] = "%PDF-1.7\ntrailer <</Encrypt 3 0 R>>\n";
	const char *const latin[] = { "BT 72 700 Td (TOP SECRET) Tj ET", NULL };

	ck_assert_int_eq(
		look(age_fixture_file((const uint8_t *)title, sizeof(title) - 1), "pdf").rank, 2);
	ck_assert_uint_eq(look(paper_text(locked), "pdf").cut, 1);
	ck_assert_int_eq(look(paper_pdf(latin, true), "pdf").rank, 4);
}
END_TEST

START_TEST(test_not_looked)
{
	struct marks_found found = look(paper_text("机密★"), "png");

	ck_assert(!found.looked && found.rank == -1);
	found = look(paper_text("<p>机密</p><p>x</p>"), "html");
	ck_assert_int_eq(found.rank, 2);
	ck_assert_int_eq(marks_rank(&labels, "jimi"), 2);
	ck_assert_int_eq(marks_rank(&labels, "other"), -1);
	ck_assert_int_eq(marks_rank(&labels, ""), -1);
}
END_TEST

#define ALL(array) (int)(sizeof(array) / sizeof((array)[0]))

int main(void)
{
	Suite *suite = suite_create("marks");
	TCase *tcase = tcase_create("marks");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, test_texts, 0, ALL(texts));
	tcase_add_loop_test(tcase, test_charsets, 0, 5);
	tcase_add_loop_test(tcase, test_pieces, 0, 3);
	tcase_add_test(tcase, test_strange);
	tcase_add_loop_test(tcase, test_office, 0, 2 * ALL(parts));
	tcase_add_test(tcase, test_damaged);
	tcase_add_test(tcase, test_bomb);
	tcase_add_loop_test(tcase, test_kinds, 0, ALL(kinds));
	tcase_add_loop_test(tcase, test_open_document, 0, 2);
	tcase_add_loop_test(tcase, test_pdf, 0, 2 * ALL(pages));
	tcase_add_test(tcase, test_pdf_rest);
	tcase_add_test(tcase, test_not_looked);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
