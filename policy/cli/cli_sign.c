// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgap-policy sign --key KEY FILE: have ssh-keygen sign the text, and add its signature.
 *
 * No secret key is ever read here: ssh-keygen asks for passphrases, speaks to agents and waits for
 * the touch of hardware keys. The text and the signature pass through memory files, so nothing is
 * left in /tmp and neither side can block the other.
 */
#include "policy/cli/block.h"
#include "policy/cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* More than any armoured signature has, those of unfit keys included. */
#define ARMOUR_MAX 8192

enum {
	OPTION_KEY,
	OPTION_NAMESPACE,
};

static int write_all(int fd, const char *bytes, size_t length)
{
	size_t done = 0;
	ssize_t n;

	while (done < length) {
		n = write(fd, bytes + done, length - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		done += (size_t)n;
	}
	return lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

static int read_all(int fd, char *out, size_t size, size_t *length)
{
	ssize_t n = 1;

	*length = 0;
	while (n != 0 && *length < size) {
		n = pread(fd, out + *length, size - *length, (off_t)*length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		*length += (size_t)n;
	}
	return *length < size ? 0 : -EFBIG;
}

static _Noreturn void exec_ssh_keygen(int in, int out, const char *key, const char *name)
{
	const char *const argv[] = {
		"ssh-keygen", "-q", "-Y", "sign", "-n", name, "-f", key, NULL
	};

	if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0)
		execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(errno == ENOENT ? 127 : 126);
}

/* Returns an exit code, having said what went wrong. */
static int run_ssh_keygen(int in, int out, const char *key, const char *name)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0)
		exec_ssh_keygen(in, out, key, name);
	if (child < 0) {
		cli_error("cannot start ssh-keygen: %s", strerror(errno));
		return CLI_FINDINGS;
	}
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return CLI_FINDINGS;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return CLI_GOOD;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		cli_error("ssh-keygen is not installed; install openssh-client, or sign elsewhere "
			  "and use 'airgap-policy attach'");
	else
		cli_error("ssh-keygen could not sign with key '%s'; nothing was changed", key);
	return CLI_FINDINGS;
}

static int sign_target(struct block_target *target, const char *key)
{
	int in = memfd_create("text", MFD_CLOEXEC), out = memfd_create("signature", MFD_CLOEXEC);
	char armour[ARMOUR_MAX];
	size_t length = 0;
	int code = CLI_FINDINGS, error;

	error = in < 0 || out < 0 ? -errno : write_all(in, target->bytes, target->text_length);
	if (!error) {
		code = run_ssh_keygen(in, out, key, namespace_name(target->ns));
		if (code == CLI_GOOD)
			error = read_all(out, armour, sizeof(armour), &length);
	}
	if (error) {
		cli_error("%s: cannot be signed: %s", target->path, strerror(-error));
		code = CLI_FINDINGS;
	}
	if (code == CLI_GOOD)
		code = block_append(target, key, armour, length);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return code;
}

int cli_sign(const struct cli_args *args)
{
	struct block_target target;
	int code;

	if (!args->options[OPTION_KEY])
		return cli_usage_error(args, "say with --key KEY which key signs");
	if (strcmp(args->operands[0], "-") == 0)
		return cli_usage_error(args, "FILE is written to, so it cannot be '-'");
	code = block_open(&target, args->operands[0], args->options[OPTION_NAMESPACE]);
	if (code == CLI_GOOD)
		code = sign_target(&target, args->options[OPTION_KEY]);
	block_close(&target);
	return code;
}
