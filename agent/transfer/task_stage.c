// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "agent/transfer/task.h"

static int stage(const struct task *task, const struct task_stage *job,
		 const struct filetype *filetype, const struct channel_packet *packet, int fd)
{
	struct channel_staged staged = { 0 };
	struct channel_add add;
	struct staging_settings settings = { .filetype = filetype,
					     .keep_free = TASK_KEEP_FREE,
					     .work = &task->work };

	memcpy(&add, packet->body, sizeof(add));
	settings.size_max = add.size_max;
	staged.number = add.number;
	if (!filetype)
		outcome_set(&staged.outcome, OUTCOME_UNTYPABLE, -ENOENT, add.name,
			    "the table of types, " TASK_MAGIC_FOLDER "/magic.mgc, cannot be read");
	else
		staging_add(job->staging, add.number, fd, add.name, &settings, &staged.file,
			    &staged.outcome);
	return channel_send(task->channel, CHANNEL_STAGED, &staged, -1, true);
}

int task_stage(int channel, const atomic_bool *cancel, void *argument)
{
	const struct task_stage *job = argument;
	struct filetype *filetype = NULL;
	struct channel_packet packet;
	struct task task;
	int fd = -1, r;

	r = task_begin(&task, channel, cancel, job->self, &job->staging, 1);
	if (r < 0)
		return 1;
	task_filetype(&task, &filetype);
	while (r == 0 && channel_receive(channel, &packet, &fd, true) == 1) {
		if (packet.type == CHANNEL_ADD && fd >= 0)
			r = stage(&task, job, filetype, &packet, fd);
		if (fd >= 0)
			close(fd);
	}
	filetype_close(filetype);
	return r == 0 ? 0 : 1;
}
