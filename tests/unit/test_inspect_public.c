// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/public.h"

#include <arpa/inet.h>
#include <string.h>

#include "agent/inspect/sockets.h"
#include "tests/unit/unit.h"

static bool is_public(const char *host)
{
	return public_host(host, strlen(host));
}

START_TEST(addresses)
{
	ck_assert(is_public("8.8.8.8"));
	ck_assert(is_public("114.114.114.114:53"));
	ck_assert(is_public("[2400:3200::1]:443"));
	ck_assert(is_public("[gitlab.com]:2222"));
	ck_assert(!is_public("[host.unit.internal]:2222"));
	ck_assert(!is_public("[[[["));
	ck_assert(is_public("2400:3200::1"));
	ck_assert(is_public("::ffff:8.8.8.8"));
	ck_assert(!is_public("10.20.0.5"));
	ck_assert(!is_public("172.16.0.1"));
	ck_assert(is_public("172.32.0.1"));
	ck_assert(!is_public("192.168.1.1:8080"));
	ck_assert(!is_public("127.0.0.1"));
	ck_assert(!is_public("169.254.1.1"));
	ck_assert(!is_public("100.64.0.1"));
	ck_assert(is_public("100.128.0.1"));
	ck_assert(!is_public("224.0.0.251"));
	ck_assert(!is_public("255.255.255.255"));
	ck_assert(!is_public("fd12:7::1"));
	ck_assert(!is_public("fe80::1"));
	ck_assert(!is_public("::1"));
	ck_assert(!is_public("2001:db8::1"));
	ck_assert(!is_public("::ffff:10.0.0.1"));
}
END_TEST

START_TEST(names)
{
	ck_assert(is_public("www.example.com"));
	ck_assert(is_public("www.example.com."));
	ck_assert(is_public("www.example.com:8443"));
	ck_assert(!is_public("printer"));
	ck_assert(!is_public("oa.internal"));
	ck_assert(!is_public("oa.LOCAL"));
	ck_assert(!is_public("host.home.arpa"));
	ck_assert(!is_public("1.2.3"));
	ck_assert(!is_public(""));
	ck_assert(!is_public("."));
	ck_assert(!is_public("[2400:3200::1"));
}
END_TEST

START_TEST(hosts_of_urls)
{
	static const struct {
		const char *url, *host;
	} cases[] = {
		{ "https://www.example.com/a?b=c", "www.example.com" },
		{ "http://oa.internal@evil.example.org:81/x", "evil.example.org:81" },
		{ "http://a.example?x@b.internal", "a.example" },
		{ "ftp://[2400:3200::1]/", "[2400:3200::1]" },
		{ "file:///etc/passwd", "" },
		{ "about:blank", "" },
		{ "https://", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *host = "";
		size_t length = public_url_host(cases[i].url, &host);

		ck_assert_msg(length == strlen(cases[i].host) &&
				      memcmp(host, cases[i].host, length) == 0,
			      "%s", cases[i].url);
	}
}
END_TEST

START_TEST(socket_lines)
{
	struct socket_line line;
	char text[SOCKET_TEXT_SIZE];

	ck_assert(socket_parse("   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 "
			       "00000000  1000        0 12345 1 0000000000000000 100 0 0 10 0",
			       false, true, &line));
	ck_assert(line.listening && line.uid == 1000);
	socket_text(&line.from, line.from_port, text);
	ck_assert_str_eq(text, "127.0.0.1:8080");
	ck_assert(socket_parse("   1: 0500140A:C001 08080808:01BB 01 00000000:00000000 00:00000000 "
			       "00000000     0        0 1 1 0 20 4 30 10 -1",
			       false, true, &line));
	ck_assert(!line.listening && public_address(&line.to) && line.to_port == 443);
	ck_assert(socket_parse("   2: 00000000000000000000000001000000:0016 "
			       "00000000000000000000000000000000:0000 0A 00000000:00000000 "
			       "00:00000000 00000000     0        0 1 1 0",
			       true, true, &line));
	ck_assert(socket_is_loopback6(&line.from));
	socket_text(&line.from, line.from_port, text);
	ck_assert_str_eq(text, "[::1]:22");
	ck_assert(
		!socket_parse("  sl  local_address rem_address   st tx_queue", false, true, &line));
	ck_assert(!socket_parse("   0: 0100007F 00000000:0000 0A", false, true, &line));
	ck_assert(!socket_parse("", true, false, &line));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("inspect_public");
	TCase *tests = tcase_create("inspect_public");

	tcase_add_test(tests, addresses);
	tcase_add_test(tests, names);
	tcase_add_test(tests, hosts_of_urls);
	tcase_add_test(tests, socket_lines);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
