// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/msg.h"
#include "agent/lib/path.h"

/* The sanitizers' runtime makes calls of its own; such builds never leave a test. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif

#define ANY 0, 0, 0
#define PIN(argument, value) argument, UINT64_MAX, value
#define WITHOUT(argument, bits) argument, bits, 0

/* What an event loop, a heap and standard error need, whatever the program does. */
static const struct sandbox_rule common[] = {
	/* event loop and time */
	{ "epoll_wait", ANY },
	{ "epoll_pwait", ANY },
	{ "epoll_pwait2", ANY },
	{ "epoll_ctl", ANY },
	{ "ppoll", ANY },
	{ "poll", ANY },
	{ "timerfd_settime", ANY },
	{ "timerfd_create", ANY },
	{ "clock_gettime", ANY },
	{ "clock_getres", ANY },
	{ "clock_nanosleep", ANY },
	{ "gettimeofday", ANY },
	{ "time", ANY },
	{ "restart_syscall", ANY },
	/* descriptors that are open already */
	{ "read", ANY },
	{ "write", ANY },
	{ "writev", ANY },
	{ "close", ANY },
	{ "lseek", ANY },
	{ "fstat", ANY },
	{ "dup", ANY },
	{ "fcntl", PIN(1, F_GETFL) },
	{ "fcntl", PIN(1, F_SETFD) },
	{ "fcntl", PIN(1, F_GETFD) },
	{ "fcntl", PIN(1, F_DUPFD_CLOEXEC) },
	/* links to sibling programs: local sockets only */
	{ "socket", PIN(0, AF_UNIX) },
	{ "connect", ANY },
	{ "accept4", ANY },
	{ "recvmsg", ANY },
	{ "sendmsg", ANY },
	{ "recvfrom", ANY },
	{ "sendto", ANY },
	{ "getsockopt", ANY },
	/* memory, never executable */
	{ "brk", ANY },
	{ "mmap", WITHOUT(2, PROT_EXEC) },
	{ "mprotect", WITHOUT(2, PROT_EXEC) },
	{ "munmap", ANY },
	{ "mremap", ANY },
	{ "madvise", ANY },
	/* signals, identity, the end */
	{ "rt_sigreturn", ANY },
	{ "rt_sigprocmask", ANY },
	{ "rt_sigaction", ANY },
	{ "sigaltstack", ANY },
	{ "signalfd4", ANY },
	{ "getpid", ANY },
	{ "gettid", ANY },
	{ "getuid", ANY },
	{ "geteuid", ANY },
	{ "tgkill", ANY },
	{ "futex", ANY },
	{ "getrandom", ANY },
	{ "exit", ANY },
	{ "exit_group", ANY },
	{ NULL, ANY },
};

/* Never made by any of our programs: whoever makes one is not our program any more. */
static const char *const forbidden[] = {
	"execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "init_module",
	"finit_module", "delete_module", "kexec_load", "kexec_file_load", "bpf", "mount", "umount2",
	"pivot_root", "move_mount", "open_tree", "fsopen", "fsmount", "chroot", "setns", "unshare",
	"reboot", "swapon", "swapoff", "iopl", "ioperm", "keyctl", "add_key", "request_key",
	"userfaultfd", "perf_event_open", "io_uring_setup", "open_by_handle_at", "personality",
	"settimeofday", "clock_settime", "adjtimex", "acct", "quotactl", "syslog", "sethostname",
};

static int add_rules(scmp_filter_ctx filter, const struct sandbox_rule *rules)
{
	int call, r;

	for (; rules && rules->call; rules++) {
		call = seccomp_syscall_resolve_name(rules->call);
		if (call == __NR_SCMP_ERROR)
			return -EINVAL;
		/* Not on this architecture. */
		if (call < 0)
			continue;
		if (rules->mask)
			r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
					     SCMP_CMP64(rules->argument, SCMP_CMP_MASKED_EQ,
							rules->mask, rules->value));
		else
			r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
		if (r < 0 && r != -EEXIST)
			return r;
	}
	return 0;
}

/* A program's own purpose may be what no other one has any business with. */
static bool is_listed(const struct sandbox_rule *rules, const char *call)
{
	for (; rules && rules->call; rules++)
		if (strcmp(rules->call, call) == 0)
			return true;
	return false;
}

static int enter_seccomp(const struct sandbox *sandbox)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int r;

	if (!filter)
		return -ENOMEM;
	/* A call through another architecture's table is nobody's fallback. */
	r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (r == 0)
		r = add_rules(filter, common);
	if (r == 0)
		r = add_rules(filter, sandbox->rules);
	for (size_t i = 0; r == 0 && i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		int call = seccomp_syscall_resolve_name(forbidden[i]);

		if (call >= 0 && !is_listed(sandbox->rules, forbidden[i]))
			r = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, call, 0);
	}
	if (r == 0)
		r = seccomp_load(filter);
	seccomp_release(filter);
	return r;
}

#define LANDLOCK_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define LANDLOCK_WRITE                                                                \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |                \
	 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_SOCK |                 \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR)
/* All that the first version of Landlock knows. */
#define LANDLOCK_ALL                                                                  \
	(LANDLOCK_READ | LANDLOCK_WRITE | LANDLOCK_ACCESS_FS_EXECUTE |                \
	 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK |               \
	 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM)
/* Of these a single file can be given; the rest need a folder. */
#define LANDLOCK_OF_FILE (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE)

/* From its second version (Linux 5.19) on it can permit a rename from one folder into another. */
static uint64_t refer_right(void)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0;
}

static int add_path(int ruleset, const char *root, const struct sandbox_path *entry)
{
	struct landlock_path_beneath_attr rule = { 0 };
	char path[PATH_MAX];
	int r;

	r = path_join(path, root, entry->path);
	if (r < 0)
		return r;
	rule.allowed_access = (entry->rights & SANDBOX_READ ? LANDLOCK_READ : 0) |
			      (entry->rights & SANDBOX_WRITE ? LANDLOCK_WRITE | refer_right() : 0);
	rule.parent_fd = open(path, O_PATH | O_CLOEXEC | O_DIRECTORY);
	if (rule.parent_fd < 0 && errno == ENOTDIR) {
		rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
		rule.allowed_access &= LANDLOCK_OF_FILE;
	}
	if (rule.parent_fd < 0)
		return errno == ENOENT ? 0 : -errno;
	r = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0 ?
		    -errno :
		    0;
	close(rule.parent_fd);
	return r;
}

static int enter_landlock(const struct sandbox *sandbox, const char *root)
{
	struct landlock_ruleset_attr attributes = {
		.handled_access_fs = LANDLOCK_ALL | refer_right(),
	};
	int ruleset, r = 0;

	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);
	if (ruleset < 0)
		return -errno;
	for (const struct sandbox_path *entry = sandbox->paths; r == 0 && entry->path; entry++)
		r = add_path(ruleset, root, entry);
	if (r == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		r = -errno;
	close(ruleset);
	return r;
}

/*
 * The leak checker looks into /proc when the program ends, which a confined program cannot; it asks
 * this function first (sanitizer/lsan_interface.h).
 */
static bool confined;

#if SANITIZED
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
	return confined;
}
#endif

int sandbox_enter(const struct sandbox *sandbox, const char *root, uint32_t *active)
{
	int r;

	*active = 0;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	r = sandbox->paths ? enter_landlock(sandbox, root) : 0;
	if (r == 0 && sandbox->paths)
		*active |= MSG_SANDBOX_LANDLOCK;
	else if (r < 0)
		log_warning("no Landlock on this kernel (error %d): the file system is not fenced", -r);
	confined = true;
	if (SANITIZED)
		return 0;
	r = enter_seccomp(sandbox);
	if (r == 0)
		*active |= MSG_SANDBOX_SECCOMP;
	return r;
}
