// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Run in place of a program, with that program's unit around it: tries what an intruder would, and prints a line
 * a try, "refused NAME (ERROR)" or "PERMITTED NAME". Exits 0 when all were refused.
 *
 *	try-forbidden [NAME]...		NAMEs are what this unit is meant to permit
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static int try_open(const char *path, int flags)
{
	return open(path, flags | O_CLOEXEC, 0600);
}

static int try_executable_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0) == MAP_FAILED
		       ? -1
		       : 0;
}

static int try_clock(void)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return settimeofday(&now, NULL);
}

/* Numbers of the cases below. */
static int attempt(unsigned int which)
{
	static union bpf_attr attributes;

	switch (which) {
	case 0:
		return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	case 1:
		return socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	case 2:
		return socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	case 3:
		return try_open("/etc/airgap-intruder", O_WRONLY | O_CREAT);
	case 4:
		return try_open("/usr/bin/airgap-intruder", O_WRONLY | O_CREAT);
	case 5:
		return try_open("/boot/airgap-intruder", O_WRONLY | O_CREAT);
	case 6:
		return try_open("/etc/shadow", O_RDWR);
	case 7:
		return unshare(CLONE_NEWUSER);
	case 8:
		return unshare(CLONE_NEWNET);
	case 9:
		return unshare(CLONE_NEWNS);
	case 10:
		return mount("none", "/mnt", "tmpfs", 0, NULL);
	case 11:
		return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	case 12:
		return (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes));
	case 13:
		return (int)syscall(SYS_finit_module, -1, "", 0);
	case 14:
		return (int)syscall(SYS_kexec_load, 0, 0, NULL, 0);
	case 15:
		return (int)syscall(SYS_io_uring_setup, 1, NULL);
	case 16:
		return (int)syscall(SYS_add_key, "user", "a", "b", 1, -3);
	case 17:
		return try_executable_memory();
	case 18:
		return try_clock();
	case 19:
		return sethostname("intruder", 8);
	case 20:
		return mknod("/run/airgap-intruder", S_IFBLK | 0600, 0x800);
	case 21:
		return try_open("/dev/mem", O_RDONLY);
	case 22:
		return chroot("/");
	case 23:
		return (int)syscall(SYS_personality, 0x0040000 /* ADDR_NO_RANDOMIZE */);
	default:
		return try_open("/proc/sys/kernel/core_pattern", O_WRONLY);
	}
}

static const char *const names[] = {
	"inet",		 "inet6",
	"packet",	 "write-etc",
	"write-usr",	 "write-boot",
	"shadow",	 "user-namespace",
	"net-namespace", "mount-namespace",
	"mount",	 "ptrace",
	"bpf",		 "module",
	"kexec",	 "io-uring",
	"keys",		 "executable-memory",
	"clock",	 "hostname",
	"device-node",	 "dev-mem",
	"chroot",	 "personality",
	"core-pattern",
};

/* Any other error comes from behind the fences. */
static bool is_refusal(int error)
{
	return error == EPERM || error == EACCES || error == ENOSYS || error == EROFS ||
	       error == EAFNOSUPPORT || error == ENOENT;
}

static bool is_meant(const char *name, int argc, char *argv[])
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return true;
	return false;
}

int main(int argc, char *argv[])
{
	int bad = 0;

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (is_meant(names[i], argc, argv))
			continue;
		errno = 0;
		if (attempt(i) >= 0 || !is_refusal(errno)) {
			printf("PERMITTED %s (%s)\n", names[i], strerror(errno));
			bad = 1;
		} else {
			printf("refused %s (%s)\n", names[i], strerror(errno));
		}
	}
	fflush(stdout);
	return bad;
}
