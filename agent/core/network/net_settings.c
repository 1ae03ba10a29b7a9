// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/net_settings.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"
#include "policy/decide/net_facts.h"

/* Not /dev/rfkill, which may come after the sandbox has closed. */
#define RADIOS "/sys/class/rfkill"

static int open_folder(const char *root, const char *folder)
{
	char path[PATH_MAX];
	int fd, r;

	r = path_join(path, root, folder);
	if (r < 0)
		return r;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static bool is_gone(int error)
{
	return error == -ENOENT || error == -ENODEV;
}

int net_settings_forward_off(const char *root, uint32_t family, const char *name)
{
	char folder[128], value[16];
	int fd, r;

	/* A name of the kernel's has no slash; then it could lead anywhere. */
	if (strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return -EINVAL;
	snprintf(folder, sizeof(folder), "/proc/sys/net/ipv%u/conf/%s",
		 family == NET_FAMILY_IPV6 ? 6U : 4U, name);
	fd = open_folder(root, folder);
	if (fd < 0)
		return is_gone(fd) ? 0 : fd;
	r = file_write_at(fd, "forwarding", "0");
	if (r == 0)
		r = (int)file_attribute_at(fd, "forwarding", value, sizeof(value));
	close(fd);
	if (r < 0)
		return is_gone(r) ? 0 : r;
	return strcmp(value, "0") == 0 ? 0 : -EIO;
}

static uint32_t kind_of(const char *type)
{
	static const struct {
		const char *type;
		enum net_kind kind;
	} kinds[] = {
		{ "wlan", NET_KIND_WIFI },
		{ "bluetooth", NET_KIND_BLUETOOTH },
		{ "wwan", NET_KIND_WWAN },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].type, type) == 0)
			return kinds[i].kind;
	return NET_KIND_UNKNOWN;
}

int net_settings_radio(const char *root, uint32_t index, struct net_radio *radio)
{
	char folder[64], soft[8], hard[8];
	ssize_t r;
	int fd;

	*radio = (struct net_radio){ 0 };
	snprintf(folder, sizeof(folder), RADIOS "/rfkill%u", index);
	fd = open_folder(root, folder);
	if (fd < 0)
		return is_gone(fd) ? -ENODEV : fd;
	r = file_attribute_at(fd, "type", radio->type, sizeof(radio->type));
	if (r >= 0)
		r = file_attribute_at(fd, "name", radio->name, sizeof(radio->name));
	if (r >= 0)
		r = file_attribute_at(fd, "soft", soft, sizeof(soft));
	if (r >= 0)
		r = file_attribute_at(fd, "hard", hard, sizeof(hard));
	close(fd);
	if (r < 0)
		return is_gone((int)r) ? -ENODEV : (int)r;
	radio->kind = kind_of(radio->type);
	radio->blocked = strcmp(soft, "1") == 0 || strcmp(hard, "1") == 0;
	return 0;
}

int net_settings_radio_off(const char *root, uint32_t index)
{
	struct net_radio radio;
	char folder[64];
	int fd, r;

	snprintf(folder, sizeof(folder), RADIOS "/rfkill%u", index);
	fd = open_folder(root, folder);
	if (fd < 0)
		return is_gone(fd) ? 0 : fd;
	r = file_write_at(fd, "soft", "1");
	close(fd);
	if (r == 0)
		r = net_settings_radio(root, index, &radio);
	if (is_gone(r))
		return 0;
	return r == 0 && !radio.blocked ? -EIO : r;
}

int net_settings_radios_off(const char *root)
{
	const struct dirent *entry;
	int fd = open_folder(root, RADIOS), result = 0;
	DIR *list = fd < 0 ? NULL : fdopendir(fd);

	/* A kernel without radios has no such folder. */
	if (!list)
		return fd < 0 ? (is_gone(fd) ? 0 : fd) : (close(fd), -ENOMEM);
	while ((entry = readdir(list))) {
		int r = 0;

		if (strncmp(entry->d_name, "rfkill", 6) == 0)
			r = net_settings_radio_off(root,
						   (uint32_t)strtoul(entry->d_name + 6, NULL, 10));
		result = result < 0 ? result : r;
	}
	closedir(list);
	return result;
}
