// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/attribution/process.h"
#include "agent/attribution/process_text.h"
#include "agent/attribution/sockets.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/lib/daemon.h"
#include "tests/unit/unit.h"

START_TEST(stat_of_a_process)
{
	struct process_stat stat;

	ck_assert_int_eq(
		process_text_stat("42 (a) 1 (b)) S 7 42 9 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 "
				  "123456 99 1\n",
				  &stat),
		0);
	ck_assert_uint_eq(stat.pid, 42);
	ck_assert_uint_eq(stat.parent, 7);
	ck_assert_uint_eq(stat.session, 9);
	ck_assert_uint_eq(stat.start, 123456);
	ck_assert(stat.bereaved);
	ck_assert_int_eq(process_text_stat("42 (a) S 7 42 9 0 -1 4194560 1 0 3 0 5 6 7 8 20 0 1 0 "
					   "123456 99 1\n",
					   &stat),
			 0);
	ck_assert(!stat.bereaved);
	ck_assert_int_eq(process_text_stat("42 (a) S 7 42", &stat), -EBADMSG);
	ck_assert_int_eq(process_text_stat("", &stat), -EBADMSG);
	ck_assert_int_eq(process_text_stat(")", &stat), -EBADMSG);
}
END_TEST

START_TEST(signals_and_descriptors)
{
	ck_assert(process_text_ignores("SigBlk:\t0\nSigIgn:\t0000000000010000\n", 17));
	ck_assert(!process_text_ignores("SigBlk:\t0\nSigIgn:\t0000000000008000\n", 17));
	ck_assert(process_text_ignores("Name:\tSigIgn:\t0\n", 17));
	ck_assert(process_text_ignores("", 17));
	ck_assert(process_text_closes("pos:\t0\nflags:\t02000002\nmnt_id:\t9\n"));
	ck_assert(!process_text_closes("pos:\t0\nflags:\t02\nmnt_id:\t9\n"));
	ck_assert(!process_text_closes(""));
}
END_TEST

static const char *unit_of(const char *cgroup)
{
	static char unit[64];

	process_text_unit(cgroup, unit, sizeof(unit));
	return unit;
}

START_TEST(units)
{
	ck_assert_str_eq(unit_of("0::/system.slice/cron.service\n"), "cron.service");
	ck_assert_str_eq(unit_of("0::/user.slice/user-1000.slice/user@1000.service/app.slice/"
				 "app-x.scope/a\n"),
			 "app-x.scope");
	ck_assert_str_eq(unit_of("1:name=systemd:/a.service\n0::/b.service\n"), "b.service");
	ck_assert_str_eq(unit_of("0::/\n"), "/");
	ck_assert_str_eq(unit_of("0::/a/b\n"), "/a/b");
	ck_assert_str_eq(unit_of("3:cpu:/x.service\n"), "");
	ck_assert_str_eq(unit_of("0::/evil\033.service\n"), "evil\\u{1b}.service");
}
END_TEST

START_TEST(lines_of_proc)
{
	struct socket_facts facts;

	ck_assert_int_eq(
		sockets_read_line("  18: 00000000:0011 00000000:0000 07 00000000:00000000 "
				  "00:00000000 00000000  1000        0 730331 2 00000000a7 0",
				  SOCKET_RAW, &facts),
		0);
	ck_assert_uint_eq(facts.port, 17);
	ck_assert_uint_eq(facts.uid, 1000);
	ck_assert_uint_eq(facts.inode, 730331);
	ck_assert_int_eq(sockets_read_line("  sl  local_address rem_address   st tx_queue",
					   SOCKET_RAW, &facts),
			 -ENOMSG);
}
END_TEST

static struct net_prefix ipv4(uint8_t last)
{
	return (struct net_prefix){ .family = NET_FAMILY_IPV4,
				    .bits = 32,
				    .bytes = { 10, 0, 0, last } };
}

START_TEST(what_fits_a_flow)
{
	struct msg_attribute question = {
		.uid = 1000,
		.flow = { .to = ipv4(2),
			  .from = ipv4(1),
			  .protocol = NET_PROTOCOL_UDP,
			  .number = 17,
			  .port = 53,
			  .from_port = 4000 },
	};
	struct socket_facts facts = { .kind = SOCKET_PORTS, .uid = 1000, .inode = 5, .port = 4000 };

	ck_assert(sockets_could_send(&facts, &question));
	facts.local = ipv4(9);
	ck_assert(!sockets_could_send(&facts, &question));
	facts.local = ipv4(1);
	facts.port = 4001;
	ck_assert(!sockets_could_send(&facts, &question));
	/* Another user's socket at the same port fits, so that it shows as a second one. */
	facts.port = 4000;
	facts.uid = 7;
	ck_assert(sockets_could_send(&facts, &question));
	/* A connection of TCP goes where it goes. */
	question.flow.protocol = NET_PROTOCOL_TCP;
	ck_assert(!sockets_could_send(&facts, &question));
	facts.far = ipv4(2);
	facts.far_port = 53;
	ck_assert(sockets_could_send(&facts, &question));
	/* Whoever writes headers himself may have written these; others' such sockets do not count. */
	facts = (struct socket_facts){ .kind = SOCKET_RAW, .uid = 1000, .inode = 6, .port = 255 };
	ck_assert(sockets_could_send(&facts, &question));
	facts.port = 1;
	ck_assert(!sockets_could_send(&facts, &question));
	facts.port = 255;
	facts.uid = 7;
	ck_assert(!sockets_could_send(&facts, &question));
	/* A packet socket sends below IP only. */
	facts = (struct socket_facts){ .kind = SOCKET_PACKET, .uid = 1000, .inode = 7 };
	ck_assert(!sockets_could_send(&facts, &question));
	question.hook = MSG_NET_HOOK_EGRESS;
	ck_assert(sockets_could_send(&facts, &question));
}
END_TEST

struct sharer {
	pid_t pid;
	int end; /* it ends when this is closed */
};

/* A process of this program with a socket that its parent closes at once, or shares. */
static struct sharer start_holder(int fd, bool with_child)
{
	struct sharer holder;
	int ends[2];
	char byte;

	ck_assert_int_eq(pipe(ends), 0);
	holder.end = ends[1];
	holder.pid = fork();
	if (holder.pid == 0) {
		close(ends[1]);
		if (with_child && fork() == 0)
			_exit(0);
		_exit(read(ends[0], &byte, 1) != 0 || fd < 0);
	}
	close(ends[0]);
	return holder;
}

static void end_holder(struct sharer holder)
{
	close(holder.end);
	waitpid(holder.pid, NULL, 0);
}

static uint64_t inode_of(int fd)
{
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	return st.st_ino;
}

/* A process of its own, so that what Check did with its own before does not count. */
static void find_holder(int type, bool with_child, bool older, int wanted, bool has_pid)
{
	int fd = socket(AF_INET, SOCK_DGRAM | type, 0);
	struct net_actor actor = { .uid = getuid() };
	uint64_t inode = inode_of(fd), seen_us = clock_boottime_us();
	struct sharer holder = start_holder(fd, with_child);

	close(fd);
	usleep(100000);
	if (older)
		seen_us = clock_boottime_us();
	ck_assert_int_eq(process_find("/", inode, seen_us, &actor), wanted);
	ck_assert_uint_eq(actor.pid, has_pid ? (uint32_t)holder.pid : 0);
	ck_assert_int_eq(actor.program[0] != 0, wanted == 0);
	end_holder(holder);
}

START_TEST(holder_of_a_socket)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct net_actor actor = { .uid = getuid() };
	uint64_t now = clock_boottime_us(), inode = inode_of(fd);
	struct sharer holder;

	/* Others' descriptors are root's to see; without them nothing is concluded. */
	if (geteuid() != 0) {
		ck_assert_int_lt(process_find("/", inode, now, &actor), 0);
		return;
	}
	ck_assert_int_eq(process_find("/", inode + 1000000007, now, &actor), -ENOENT);
	holder = start_holder(fd, false);
	ck_assert_int_eq(process_find("/", inode, now, &actor), -ENOTUNIQ);
	ck_assert_uint_eq(actor.pid, 0);
	end_holder(holder);
	close(fd);
	find_holder(0, false, true, 0, true);
	/* When it did not exist yet, or that is not sure: it was left with another's socket. */
	find_holder(0, false, false, -ENOENT, false);
	/* A child had the socket, too, and may have sent; it is gone. If it cannot have run anything else, then
	 * the program is known all the same. */
	find_holder(0, true, true, -ENOTUNIQ, false);
	find_holder(SOCK_CLOEXEC, true, true, 0, false);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("attribution");
	TCase *cases = tcase_create("attribution");

	tcase_add_test(cases, stat_of_a_process);
	tcase_add_test(cases, signals_and_descriptors);
	tcase_add_test(cases, units);
	tcase_add_test(cases, lines_of_proc);
	tcase_add_test(cases, what_fits_a_flow);
	tcase_add_test(cases, holder_of_a_socket);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
