// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/filetype_child.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "agent/lib/marks/marks_zip.h"

#define MEMORY_MAX ((rlim_t)1536 * 1024 * 1024)
#define FILE_FD	   3
#define OUT_FD	   4

/* The sanitizers' runtime makes calls of its own; such builds never leave a test. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif

/* Reading what is open, memory, the end. Everything else is no call of ours, and ends the child. */
static const char *const calls[] = {
	"read",		  "pread64", "lseek",	"fstat",  "newfstatat",	  "write", "munmap",
	"mremap",	  "brk",     "madvise", "futex",  "getrandom",	  "exit",  "exit_group",
	"rt_sigprocmask", "getpid",  "gettid",	"tgkill", "rt_sigreturn",
};

static int fence(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int r = filter ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < sizeof(calls) / sizeof(calls[0]); i++) {
		int call = seccomp_syscall_resolve_name(calls[i]);

		if (call >= 0)
			r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
	}
	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	/* libmagic asks for the flags of a descriptor, and would like to name files: it cannot. */
	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
				     SCMP_A1(SCMP_CMP_EQ, F_GETFL, 0));
	if (r == 0)
		r = seccomp_load(filter);
	seccomp_release(filter);
	return r;
}

static int limit(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit limits = { .rlim_cur = most, .rlim_max = most };

	return setrlimit(what, &limits) < 0 ? -errno : 0;
}

static int confine(unsigned int seconds)
{
	int r = limit(RLIMIT_CPU, seconds);

	if (r == 0)
		r = limit(RLIMIT_CORE, 0);
	if (r == 0)
		r = limit(RLIMIT_FSIZE, 0);
	if (SANITIZED || r < 0)
		return r;
	r = limit(RLIMIT_AS, MEMORY_MAX);
	if (r == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		r = -errno;
	return r == 0 ? fence() : r;
}

/* Nothing but the file, the pipe, and standard error for what a sanitizer has to say. */
static int keep_two(int fd, int out)
{
	int file = fcntl(fd, F_DUPFD, 10), pipe_end = fcntl(out, F_DUPFD, 10);

	if (file < 0 || pipe_end < 0 || dup2(file, FILE_FD) < 0 || dup2(pipe_end, OUT_FD) < 0)
		return -errno;
	close(0);
	close(1);
	return close_range(OUT_FD + 1, ~0U, 0) < 0 ? -errno : 0;
}

static void refine(struct filetype_answer *answer)
{
	const char *kind;

	if (strcmp(answer->type, "zip") == 0 || strcmp(answer->type, "jar") == 0) {
		kind = marks_zip_kind(FILE_FD);
		snprintf(answer->type, sizeof(answer->type), "%s", kind ? kind : "data");
	}
}

static int look(const struct filetype *filetype, struct filetype_answer *answer)
{
	const char *mime = magic_descriptor(filetype->magic, FILE_FD);
	int r;

	if (!mime)
		return -EBADMSG;
	snprintf(answer->mime, sizeof(answer->mime), "%s", mime);
	snprintf(answer->type, sizeof(answer->type), "%s", filetype_name(answer->mime));
	refine(answer);
	r = marks_find(filetype->marks, FILE_FD, answer->type, &answer->marks);
	/* libmagic looks at the beginning only: text is what is text to its end. */
	if (answer->marks.strange && strcmp(answer->type, "txt") == 0)
		strcpy(answer->type, "data");
	return r;
}

_Noreturn void filetype_child(const struct filetype *filetype, int fd, int out)
{
	struct filetype_answer answer;

	memset(&answer, 0, sizeof(answer));
	if (keep_two(fd, out) < 0)
		_exit(2);
	if (confine(filetype->seconds) < 0)
		_exit(3);
	if (look(filetype, &answer) < 0)
		_exit(4);
	if (write(OUT_FD, &answer, sizeof(answer)) != (ssize_t)sizeof(answer))
		_exit(5);
	_exit(0);
}
