// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/media/media_memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"

int media_memory_prepare(const char *root)
{
	char folder[PATH_MAX];
	int r = path_join(folder, root, PATH_MEDIA_DIR);

	if (r < 0)
		return r;
	return mkdir(folder, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

int media_memory_load(const char *root, const uint8_t id[static MEDIUM_ID_SIZE],
		      struct medium_memory *memory)
{
	char name[sizeof(PATH_MEDIA_DIR) + MEDIUM_ID_TEXT], path[PATH_MAX], text[MEDIUM_ID_TEXT];
	struct medium_counter counter = { .sequence = 0 };
	uint8_t *bytes = NULL;
	size_t length = 0;
	int r;

	*memory = (struct medium_memory){ .known = false };
	medium_id_format(id, text);
	snprintf(name, sizeof(name), "%s/%s", PATH_MEDIA_DIR, text);
	r = path_join(path, root, name);
	if (r == 0)
		r = file_read(path, MEDIUM_COUNTER_TEXT_MAX, &bytes, &length);
	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = medium_counter_parse((const char *)bytes, length, &counter);
	free(bytes);
	if (r == 0 && memcmp(counter.medium, id, sizeof(counter.medium)) != 0)
		r = -EBADMSG;
	if (r < 0)
		return r;
	memory->known = true;
	memory->sequence = counter.sequence;
	memcpy(memory->digest, counter.digest, sizeof(memory->digest));
	return 0;
}

int media_memory_save(const char *root, const struct medium_counter *counter)
{
	struct medium_counter copy = *counter;
	char text[MEDIUM_COUNTER_TEXT_MAX], folder[PATH_MAX], name[MEDIUM_ID_TEXT];
	size_t length = medium_counter_print(&copy, text);
	int r = path_join(folder, root, PATH_MEDIA_DIR);

	if (r < 0)
		return r;
	medium_id_format(counter->medium, name);
	r = file_replace(folder, name, 0600, text, length);
	if (r != -ENOENT)
		return r;
	r = media_memory_prepare(root);
	return r < 0 ? r : file_replace(folder, name, 0600, text, length);
}
