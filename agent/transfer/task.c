// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/task.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/lib/sandbox.h"

#define ANY 0, 0, 0

/* Beyond what every program needs: files, threads, and the child that looks at a file's type. */
static const struct sandbox_rule rules[] = {
	{ "openat", ANY },
	{ "openat2", ANY },
	{ "newfstatat", ANY },
	{ "statx", ANY },
	{ "fstatfs", ANY },
	{ "pread64", ANY },
	{ "pwrite64", ANY },
	{ "preadv", ANY },
	{ "pwritev", ANY },
	{ "getdents64", ANY },
	{ "mkdirat", ANY },
	{ "renameat", ANY },
	{ "renameat2", ANY },
	{ "linkat", ANY },
	{ "unlinkat", ANY },
	{ "fchmod", ANY },
	{ "ftruncate", ANY },
	{ "fallocate", ANY },
	{ "fadvise64", ANY },
	{ "fsync", ANY },
	{ "fdatasync", ANY },
	{ "sync_file_range", ANY },
	{ "fcntl", 1, UINT64_MAX, F_SETFL },
	{ "fcntl", 1, UINT64_MAX, F_DUPFD },
	{ "mlock", ANY },
	{ "mlock2", ANY },
	{ "munlock", ANY },
	{ "clone", 0, CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET, 0 },
	{ "set_robust_list", ANY },
	{ "rseq", ANY },
	{ "sched_getaffinity", ANY },
	{ "sched_yield", ANY },
	{ "sysinfo", ANY },
	{ "wait4", ANY },
	{ "pipe2", ANY },
	{ "prctl", ANY },
	{ "prlimit64", ANY },
	{ "setrlimit", ANY },
	{ "close_range", ANY },
	{ "dup2", ANY },
	{ "dup3", ANY },
	{ "seccomp", ANY },
	{ "kill", ANY },
	{ NULL, ANY },
};

static const struct sandbox_path paths[] = {
	{ PATH_TRANSFER_DIR "/keys", SANDBOX_READ },
	{ PATH_TRANSFER_DIR "/staging", SANDBOX_READ | SANDBOX_WRITE },
	{ PATH_TRANSFER_DIR "/quarantine", SANDBOX_READ | SANDBOX_WRITE },
	{ PATH_RUN_MOUNT, SANDBOX_READ | SANDBOX_WRITE },
	{ TASK_MAGIC_FOLDER, SANDBOX_READ },
	{ PATH_JOURNAL_DIR, SANDBOX_READ },
	{ NULL, 0 },
};

static const struct sandbox sandbox = { .rules = rules, .paths = paths };

/* Everything else that the program has open: the desk, people's connections, the core's. */
static void close_others(const int *keep, size_t count)
{
	unsigned int from = STDERR_FILENO + 1;

	for (;;) {
		unsigned int next = UINT_MAX;

		for (size_t i = 0; i < count; i++)
			if (keep[i] >= (int)from && (unsigned int)keep[i] < next)
				next = (unsigned int)keep[i];
		if (next > from)
			close_range(from, next == UINT_MAX ? UINT_MAX : next - 1, 0);
		if (next == UINT_MAX)
			return;
		from = next + 1;
	}
}

static void say_progress(void *context, const struct work_progress *progress)
{
	const struct task *task = context;

	/* Whoever does not listen misses it. */
	channel_send(task->channel, CHANNEL_PROGRESS, progress, -1, false);
}

int task_begin(struct task *task, int channel, const atomic_bool *cancel,
	       const struct transferd *self, const int *keep, size_t count)
{
	int all[TASK_KEEP_MAX + 2];
	uint32_t active;
	int r;

	if (count > TASK_KEEP_MAX)
		return -EINVAL;
	*task = (struct task){ .channel = channel, .self = self };
	task->work = (struct work){ .cancel = cancel, .progress = say_progress, .context = task };
	all[0] = channel;
	all[1] = self->folder;
	memcpy(all + 2, keep, count * sizeof(*keep));
	close_others(all, count + 2);
	r = sandbox_enter(&sandbox, self->root, &active);
	if (r < 0)
		log_error("a worker cannot be confined: %s", strerror(-r));
	return r;
}

int task_end(const struct task *task, const struct channel_result *result)
{
	return channel_send(task->channel, CHANNEL_RESULT, result, -1, true) == 0 ? 0 : 1;
}

int task_keys(const struct task *task, struct own_keys *keys)
{
	int folder = openat(task->self->folder, "keys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = folder < 0 ? -errno : own_keys_open(folder, keys);

	if (folder >= 0)
		close(folder);
	return r;
}

void task_labels(const struct settings *settings, struct marks_labels *labels)
{
	*labels = (struct marks_labels){ .count = settings->said.level_count };
	for (uint32_t i = 0; i < labels->count; i++) {
		snprintf(labels->levels[i], sizeof(labels->levels[i]), "%.71s",
			 settings->said.levels[i]);
		snprintf(labels->labels[i], sizeof(labels->labels[i]), "%.63s",
			 settings->said.labels[i]);
	}
}

int task_filetype(const struct task *task, struct filetype **filetype)
{
	char path[PATH_MAX];
	struct marks_labels labels;
	struct filetype_settings settings = { .database = path, .labels = &labels };
	int r = path_join(path, task->self->root, TASK_MAGIC_FOLDER "/magic.mgc");

	task_labels(&task->self->settings, &labels);
	return r < 0 ? r : filetype_open(&settings, filetype);
}
