// SPDX-License-Identifier: GPL-2.0-or-later
/* The recovery identity at rest: a file that stock age encrypted with a passphrase, and asks for. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/lib/age/age_header.h"
#include "agent/lib/log.h"
#include "agent/office/recovery.h"

/* PATH is the caller's; age is not taken from it. */
static const char *const programs[] = { "/usr/bin/age", "/usr/local/bin/age", NULL };

extern char **environ;

static const char *find_age(void)
{
	size_t i = 0;

	while (programs[i] && access(programs[i], X_OK) != 0)
		i++;
	if (!programs[i])
		log_error("age is not installed: apt install age");
	return programs[i];
}

/* Runs age; @from or @to is our end's other side, -1: as it is. The terminal stays age's, for the passphrase. */
static int start(const char *const words[], int from, int to, pid_t *child)
{
	posix_spawn_file_actions_t actions;
	int r = posix_spawn_file_actions_init(&actions);

	if (r == 0 && from >= 0)
		r = posix_spawn_file_actions_adddup2(&actions, from, STDIN_FILENO);
	if (r == 0 && to >= 0)
		r = posix_spawn_file_actions_adddup2(&actions, to, STDOUT_FILENO);
	if (r == 0)
		r = posix_spawn(child, words[0], &actions, NULL, (char *const *)(uintptr_t)words,
				environ);
	posix_spawn_file_actions_destroy(&actions);
	return -r;
}

static int finish(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}

static int feed(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

int recovery_key_write(const struct age_identity *identity, const char *path)
{
	const char *const words[] = { find_age(), "--encrypt", "--passphrase",
				      "--output", path,	       NULL };
	char *text = sodium_malloc(AGE_IDENTITY_TEXT);
	int ends[2] = { -1, -1 }, r = text ? 0 : -ENOMEM;
	pid_t child = -1;

	if (r == 0 && !words[0])
		r = -ENOENT;
	if (r == 0 && access(path, F_OK) == 0) {
		log_error("%s is there already: nothing is overwritten", path);
		r = -EEXIST;
	}
	if (r == 0 && pipe2(ends, O_CLOEXEC) < 0)
		r = -errno;
	if (r == 0)
		r = start(words, ends[0], -1, &child);
	if (ends[0] >= 0)
		close(ends[0]);
	if (r == 0) {
		age_identity_format(identity, text);
		text[AGE_IDENTITY_TEXT - 1] = '\n';
		r = feed(ends[1], text, AGE_IDENTITY_TEXT);
	}
	if (ends[1] >= 0)
		close(ends[1]);
	if (child > 0 && finish(child) < 0)
		r = -EIO;
	if (r == -EIO)
		log_error("age did not write %s", path);
	sodium_free(text);
	return r;
}

/* Only what age encrypted: an identity in clear would be anybody's who finds the medium. */
static int check_file(const char *path)
{
	static const char armour[] = "-----BEGIN AGE ENCRYPTED FILE-----";
	char head[sizeof(armour) - 1] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n;

	if (fd < 0) {
		log_error("cannot open %s: %s", path, strerror(errno));
		return -errno;
	}
	n = read(fd, head, sizeof(head));
	close(fd);
	if (n >= (ssize_t)strlen(AGE_VERSION) &&
	    memcmp(head, AGE_VERSION, strlen(AGE_VERSION)) == 0)
		return 0;
	if (n == (ssize_t)sizeof(head) && memcmp(head, armour, sizeof(head)) == 0)
		return 0;
	log_error("%s is not protected by a passphrase: use a copy that the ceremony made", path);
	return -EPERM;
}

int recovery_key_read(struct age_keyring *ring, const char *path)
{
	const char *const words[] = { find_age(), "--decrypt", path, NULL };
	int ends[2] = { -1, -1 }, r = words[0] ? check_file(path) : -ENOENT;
	pid_t child = -1;
	size_t line;

	if (r == 0 && pipe2(ends, O_CLOEXEC) < 0)
		r = -errno;
	if (r == 0)
		r = start(words, -1, ends[1], &child);
	if (ends[1] >= 0)
		close(ends[1]);
	if (r == 0)
		r = age_keyring_read(ring, ends[0], &line);
	if (ends[0] >= 0)
		close(ends[0]);
	if (child > 0 && finish(child) < 0)
		r = -EIO;
	if (r < 0 && child > 0)
		log_error("age did not open %s, or there is no identity in it", path);
	return r;
}

int recovery_key_entered(struct store *store, struct age_keyring *ring, const char *path)
{
	char recipient[AGE_RECIPIENT_TEXT], *entered = NULL;
	int r = store_setting_get(store, RECOVERY_SETTING, &entered);

	if (r == -ENOENT)
		log_error("no recovery key was entered: 'airgap-office recovery enter' first");
	if (r == 0)
		r = recovery_key_read(ring, path);
	if (r == 0)
		age_recipient_format(&ring->identities[0].recipient, recipient);
	if (r == 0 && strcmp(recipient, entered) != 0) {
		log_error("%s is the key of %s; entered here is %s", path, recipient, entered);
		r = -EACCES;
	}
	free(entered);
	return r;
}
