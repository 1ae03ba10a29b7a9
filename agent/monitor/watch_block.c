// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/watch_block.h"

#include <string.h>
#include <sys/sysmacros.h>

#include "agent/lib/media/media_disk.h"

_Static_assert(MEDIA_DISK_NAME == MSG_BLOCK_NAME, "one name fits both");

static int state(const char *name, void *data)
{
	struct monitor *monitor = data;
	struct media_disk disk;
	struct msg_block message = { 0 };

	/* The machine's own disks are not ours to mind; one that is gone again has its event. */
	if (media_disk_named(monitor->daemon.root, name, &disk) < 0)
		return 0;
	message.major = major(disk.number);
	message.minor = minor(disk.number);
	message.bus = disk.bus;
	message.device = disk.device;
	memcpy(message.port, disk.port, sizeof(message.port));
	memcpy(message.name, disk.name, sizeof(message.name));
	message.sectors = disk.sectors;
	message.disk_sequence = disk.sequence;
	message.removable = disk.removable;
	message.optical = disk.optical;
	monitor_send(monitor, MSG_BLOCK, &message);
	return 0;
}

void watch_block_event(struct monitor *monitor, const struct uevent *event)
{
	struct msg_block_gone gone = { .major = event->major, .minor = event->minor };

	if (event->action != UEVENT_ACTION_REMOVE) {
		state(event->disk, monitor);
		return;
	}
	memcpy(gone.name, event->disk, sizeof(gone.name));
	monitor_send(monitor, MSG_BLOCK_GONE, &gone);
}

void watch_block_state(struct monitor *monitor)
{
	media_disk_each(monitor->daemon.root, state, monitor);
}
