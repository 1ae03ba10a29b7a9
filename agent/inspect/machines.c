// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/machines.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "agent/inspect/inspect_read.h"

#define DEPTH_MAX 12
#define NAMES_MAX 200000u

static bool is_image(const char *name)
{
	static const char *const ends[] = { ".qcow2", ".vdi",  ".vmdk", ".vbox",
					    ".vhd",   ".vhdx", ".vmx" };
	const char *end = strrchr(name, '.');

	for (size_t i = 0; end && i < sizeof(ends) / sizeof(ends[0]); i++)
		if (strcasecmp(end, ends[i]) == 0)
			return true;
	return false;
}

/* In a hypervisor's folder its descriptions are machines, too. */
static int on_machine(struct inspect *inspect, const char *path, const char *name, void *data)
{
	const char *end = strrchr(name, '.');

	(void)data;
	if (is_image(name) || (end && (strcmp(end, ".xml") == 0 || strcmp(end, ".raw") == 0 ||
				       strcmp(end, ".img") == 0 || strcmp(end, ".iso") == 0)))
		inspect_fail(inspect, path, "a virtual machine");
	return 0;
}

struct walk {
	unsigned int depth, names;
	bool cut;
};

static int on_entry(struct inspect *inspect, const char *path, const char *name, void *data)
{
	static const char *const folders[] = { "VirtualBox VMs", "vmware", "gnome-boxes", ".wine" };
	struct walk *walk = data;
	char target[8];

	if (++walk->names > NAMES_MAX) {
		walk->cut = true;
		return 1;
	}
	if (is_image(name)) {
		inspect_fail(inspect, path, "a virtual machine");
		return 0;
	}
	/* Links lead in circles. */
	if (inspect_link(inspect, path, target, sizeof(target)) == 0)
		return 0;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (strcmp(name, folders[i]) == 0)
			inspect_fail(inspect, path, "a folder of another system");
	if (walk->depth == DEPTH_MAX) {
		walk->cut = true;
		return 0;
	}
	/* What is no folder is not opened as one. */
	walk->depth++;
	inspect_folder(inspect, path, on_entry, walk);
	walk->depth--;
	return walk->cut && walk->names > NAMES_MAX;
}

static int on_home(struct inspect *inspect, const char *login, const char *home, void *data)
{
	(void)login;
	inspect_folder(inspect, home, on_entry, data);
	return 0;
}

void machines_find(struct inspect *inspect)
{
	static const char *const folders[] = { "/etc/libvirt/qemu", "/var/lib/libvirt/images",
					       "/var/lib/machines" };
	struct walk walk = { 0 };
	int r;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		r = inspect_folder(inspect, folders[i], on_machine, NULL);
		if (r < 0)
			inspect_closed(inspect, folders[i], r);
	}
	inspect_homes(inspect, on_home, &walk);
	if (walk.cut)
		inspect_warn(inspect, "/home", "too many files: not all names were looked at");
}
