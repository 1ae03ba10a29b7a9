// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel does with a device that nobody has decided over: nothing. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/usb/usb_kernel.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/lib/usb_sysfs.h"

int usb_kernel_close_bus(const char *root, const char *port)
{
	int folder = usb_sysfs_open(root, port);
	int r, second;

	if (folder < 0)
		return folder;
	r = usb_sysfs_set(folder, "authorized_default", "0");
	second = usb_sysfs_set(folder, "interface_authorized_default", "0");
	close(folder);
	return r < 0 ? r : second;
}

static int close_parameter(const char *root)
{
	char path[PATH_MAX];
	char *name;
	int folder, r;

	r = path_join(path, root, PATH_USBCORE_DEFAULT);
	if (r < 0)
		return r;
	name = strrchr(path, '/');
	*name++ = 0;
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return errno == ENOENT ? 0 : -errno;
	r = usb_sysfs_set(folder, name, "0");
	close(folder);
	return r;
}

struct close_job {
	const char *root;
	int error;
};

static int close_one(const char *port, void *data)
{
	struct close_job *job = data;
	int r;

	if (strncmp(port, "usb", 3) != 0)
		return 0;
	r = usb_kernel_close_bus(job->root, port);
	if (r < 0 && r != -ENOENT && r != -ENODEV) {
		log_error("cannot close bus %s: %s", port, strerror(-r));
		job->error = job->error ? job->error : r;
	}
	return 0;
}

int usb_kernel_close_defaults(const char *root)
{
	struct close_job job = { .root = root };
	int r;

	job.error = close_parameter(root);
	if (job.error < 0)
		log_error("cannot set usbcore's authorized_default: %s", strerror(-job.error));
	r = usb_sysfs_each(root, close_one, &job);
	if (r < 0 && r != -ENOENT && !job.error)
		job.error = r;
	return job.error;
}
