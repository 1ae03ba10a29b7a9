// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/media/media_system.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/lib/file.h"

#define WORDS 12
/* The data partition is the second one. */
#define DATA_NUMBER "2"
/* A folder of root's alone: PATH is the caller's. */
static const char *const folders[] = { "/usr/sbin", "/sbin", "/usr/bin", "/bin" };

struct command {
	char program[64];
	char first[64];
	char second[64];
	const char *words[WORDS];
	int count;
};

static void add(struct command *command, const char *word)
{
	command->words[command->count++] = word;
	command->words[command->count] = NULL;
}

static int find_program(struct command *command, enum medium_filesystem filesystem)
{
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(command->program, sizeof(command->program), "%s/mkfs.%s", folders[i],
			 medium_filesystem_name(filesystem));
		if (access(command->program, X_OK) == 0)
			return 0;
	}
	return -ENOENT;
}

/*
 * mkfs.vfat counts blocks of 1 KiB and its offset in sectors of 512; mkfs.ext4 takes bytes and KiB. No
 * option sets a name, and mkfs.ext4 keeps no room back for root: nobody but the agent writes here.
 */
static void put_words(struct command *command, enum medium_filesystem filesystem, const char *path,
		      uint64_t data_at, uint64_t data_size, bool inside)
{
	add(command, command->program);
	if (filesystem == MEDIUM_FILESYSTEM_EXT4) {
		add(command, "-q");
		add(command, "-F");
		add(command, "-m");
		add(command, "0");
		snprintf(command->first, sizeof(command->first), "offset=%" PRIu64, data_at);
		snprintf(command->second, sizeof(command->second), "%" PRIu64 "k",
			 data_size / 1024);
		if (inside) {
			add(command, "-E");
			add(command, command->first);
		}
	} else if (filesystem == MEDIUM_FILESYSTEM_VFAT) {
		snprintf(command->first, sizeof(command->first), "--offset=%" PRIu64,
			 data_at / 512);
		snprintf(command->second, sizeof(command->second), "%" PRIu64, data_size / 1024);
		if (inside)
			add(command, command->first);
	}
	add(command, path);
	if (inside)
		add(command, command->second);
}

/* /dev/sda2, by the kernel's own list and never by how names are made. */
static int data_node(dev_t device, char node[static PATH_MAX])
{
	char folder[64], number[8], path[sizeof(folder) + NAME_MAX + 2];
	struct dirent *entry;
	int r = -ENXIO;
	DIR *list;

	snprintf(folder, sizeof(folder), "/sys/dev/block/%u:%u", major(device), minor(device));
	list = opendir(folder);
	if (!list)
		return -errno;
	while (r < 0 && (entry = readdir(list))) {
		int child;

		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		child = entry->d_name[0] == '.' ? -1
						: open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (child < 0)
			continue;
		if (file_attribute_at(child, "partition", number, sizeof(number)) > 0 &&
		    strcmp(number, DATA_NUMBER) == 0) {
			snprintf(node, PATH_MAX, "/dev/%s", entry->d_name);
			r = 0;
		}
		close(child);
	}
	closedir(list);
	return r;
}

static int spawn(const struct command *command, int said, pid_t *child)
{
	static char *const environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	int r = posix_spawn_file_actions_init(&actions);

	if (r != 0)
		return -r;
	r = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(&actions, said, STDOUT_FILENO);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(&actions, said, STDERR_FILENO);
	if (r == 0)
		r = posix_spawn(child, command->program, &actions, NULL,
				(char *const *)(uintptr_t)command->words, environment);
	posix_spawn_file_actions_destroy(&actions);
	return -r;
}

/* The last line that the program said. */
static void last_words(int said, const char *program, char reason[static MEDIA_SYSTEM_REASON])
{
	char text[256];
	off_t end = lseek(said, 0, SEEK_END);
	off_t from = end < (off_t)sizeof(text) ? 0 : end - (off_t)sizeof(text) + 1;
	ssize_t n = pread(said, text, sizeof(text) - 1, from);
	const char *line;

	while (n > 0 && text[n - 1] == '\n')
		n--;
	text[n > 0 ? n : 0] = '\0';
	line = strrchr(text, '\n');
	snprintf(reason, MEDIA_SYSTEM_REASON, "%s failed: %s", program, line ? line + 1 : text);
}

static int run(const struct command *command, char reason[static MEDIA_SYSTEM_REASON])
{
	int said = memfd_create("mkfs", MFD_CLOEXEC), status = 0, r;
	pid_t child = -1;

	if (said < 0)
		return -errno;
	r = spawn(command, said, &child);
	if (r == 0)
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
	if (r == 0 && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
		last_words(said, command->program, reason);
		r = -EIO;
	}
	close(said);
	return r;
}

static int get_ready(struct command *command, dev_t device, enum medium_filesystem filesystem,
		     char reason[static MEDIA_SYSTEM_REASON])
{
	int r = find_program(command, filesystem);

	reason[0] = '\0';
	if (!device && filesystem == MEDIUM_FILESYSTEM_EXFAT) {
		snprintf(reason, MEDIA_SYSTEM_REASON,
			 "mkfs.exfat cannot write into an image: choose vfat or ext4 for it");
		return -EOPNOTSUPP;
	}
	if (r < 0)
		snprintf(reason, MEDIA_SYSTEM_REASON,
			 "mkfs.%s is not installed: apt install dosfstools exfatprogs e2fsprogs",
			 medium_filesystem_name(filesystem));
	return r;
}

int media_system_ready(dev_t device, enum medium_filesystem filesystem,
		       char reason[static MEDIA_SYSTEM_REASON])
{
	struct command command = { .count = 0 };

	return get_ready(&command, device, filesystem, reason);
}

int media_system_make(const char *path, dev_t device, enum medium_filesystem filesystem,
		      uint64_t data_at, uint64_t data_size, char reason[static MEDIA_SYSTEM_REASON])
{
	struct command command = { .count = 0 };
	char node[PATH_MAX];
	int r = get_ready(&command, device, filesystem, reason);

	if (r < 0)
		return r;
	if (device) {
		r = data_node(device, node);
		path = node;
	}
	if (r == -ENXIO)
		snprintf(reason, MEDIA_SYSTEM_REASON,
			 "the kernel does not show the new partition: can it read GPT?");
	put_words(&command, filesystem, path, data_at, data_size, !device);
	if (r == 0)
		r = run(&command, reason);
	if (r < 0 && !reason[0])
		snprintf(reason, MEDIA_SYSTEM_REASON, "the data partition cannot be formatted: %s",
			 strerror(-r));
	return r;
}
