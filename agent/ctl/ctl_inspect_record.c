// SPDX-License-Identifier: GPL-2.0-or-later
/* An inspection on its way into the journal. */
#include "agent/ctl/ctl_inspect_record.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/ctl/ctl_door.h"
#include "agent/lib/path.h"

static int make_file(const json_t *inspection)
{
	int fd = memfd_create("inspection", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (json_dumpfd(inspection, fd, JSON_COMPACT | JSON_ENSURE_ASCII) < 0 ||
	    lseek(fd, 0, SEEK_SET) < 0) {
		close(fd);
		return -EIO;
	}
	return fd;
}

int ctl_inspect_record(const struct ctl *ctl, const json_t *inspection)
{
	json_t *answer = NULL;
	struct ctl_door door;
	int fd = make_file(inspection), r;

	if (fd < 0)
		return fd;
	r = ctl_door_ask(ctl, &door, PATH_CONTROL, "inspection", fd);
	if (r == 0)
		r = ctl_door_next(&door, &answer);
	if (r < 0)
		ctl_error("this inspection is not in the journal: %s", door.reason);
	else if (*ctl_text(answer, "error"))
		ctl_error("this inspection is not in the journal: %s", ctl_text(answer, "text"));
	if (r >= 0 && *ctl_text(answer, "error"))
		r = -EIO;
	json_decref(answer);
	ctl_door_close(&door);
	close(fd);
	return r < 0 ? r : 0;
}
