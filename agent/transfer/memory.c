// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/memory.h"

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

/* A line each: medium, sequence, counter, batch, and whether its files came here. */
#define VERSION "airgap-seen 1\n"
#define ROW_MAX 256
#define FORMAT	"%s %llu %s %s %u\n"

/* So many hexadecimal digits at *@at, and the space behind them. */
static int take_hex(const char **at, uint8_t *out, size_t size)
{
	size_t length;

	if (sodium_hex2bin(out, size, *at, strcspn(*at, " "), NULL, &length, NULL) < 0 ||
	    length != size || (*at)[2 * size] != ' ')
		return -EBADMSG;
	*at += 2 * size + 1;
	return 0;
}

static int parse_line(const char *at, struct import_memory *one)
{
	char *end;

	*one = (struct import_memory){ 0 };
	if (take_hex(&at, one->medium, sizeof(one->medium)) < 0)
		return -EBADMSG;
	errno = 0;
	one->sequence = strtoull(at, &end, 10);
	if (errno || end == at || *end != ' ')
		return -EBADMSG;
	at = end + 1;
	if (take_hex(&at, one->counter, sizeof(one->counter)) < 0 ||
	    take_hex(&at, one->batch, sizeof(one->batch)) < 0 || (at[0] != '0' && at[0] != '1') ||
	    at[1])
		return -EBADMSG;
	one->imported = at[0] == '1';
	return 0;
}

static int parse_lines(char *text, struct import_memory *memory, size_t *count)
{
	char *rest, *line;
	int r = 0;

	if (strncmp(text, VERSION, strlen(VERSION)) != 0)
		return -EBADMSG;
	for (line = strtok_r(text + strlen(VERSION), "\n", &rest); r == 0 && line;
	     line = strtok_r(NULL, "\n", &rest))
		r = *count < MEMORY_MAX ? parse_line(line, &memory[(*count)++]) : -E2BIG;
	return r;
}

int memory_load(const struct transferd *self, struct import_memory **memory, size_t *count)
{
	struct import_memory *list;
	char path[PATH_MAX];
	uint8_t *bytes = NULL;
	size_t length;
	int r = path_join(path, self->root, PATH_TRANSFER_DIR "/seen");

	*memory = NULL;
	*count = 0;
	if (r == 0)
		r = file_read(path, MEMORY_MAX * ROW_MAX, &bytes, &length);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	list = calloc(MEMORY_MAX, sizeof(*list));
	r = list && bytes ? parse_lines((char *)bytes, list, count) : -ENOMEM;
	free(bytes);
	if (r < 0) {
		free(list);
		*count = 0;
		return r;
	}
	*memory = list;
	return 0;
}

static char *print(const struct import_memory *memory, size_t count, size_t *length)
{
	char *text = malloc(sizeof(VERSION) + count * ROW_MAX);

	if (!text)
		return NULL;
	*length = (size_t)sprintf(text, VERSION);
	for (size_t i = 0; i < count; i++) {
		char medium[33], counter[65], batch[33];

		sodium_bin2hex(medium, sizeof(medium), memory[i].medium, sizeof(memory[i].medium));
		sodium_bin2hex(counter, sizeof(counter), memory[i].counter,
			       sizeof(memory[i].counter));
		sodium_bin2hex(batch, sizeof(batch), memory[i].batch, sizeof(memory[i].batch));
		*length += (size_t)snprintf(text + *length, ROW_MAX, FORMAT, medium,
					    (unsigned long long)memory[i].sequence, counter, batch,
					    memory[i].imported ? 1u : 0u);
	}
	return text;
}

int memory_add(const struct transferd *self, const struct import_memory *one)
{
	struct import_memory *memory = NULL, *larger;
	char path[PATH_MAX], *text;
	size_t count = 0, length, from;
	int r = path_join(path, self->root, PATH_TRANSFER_DIR);

	if (r == 0)
		r = memory_load(self, &memory, &count);
	if (r < 0)
		return r;
	larger = reallocarray(memory, count + 1, sizeof(*memory));
	if (!larger) {
		free(memory);
		return -ENOMEM;
	}
	larger[count++] = *one;
	from = count > MEMORY_MAX ? count - MEMORY_MAX : 0;
	text = print(larger + from, count - from, &length);
	r = text ? file_replace(path, "seen", 0600, text, length) : -ENOMEM;
	free(text);
	free(larger);
	return r;
}

void memory_imported(const struct transferd *self, const struct batch *batch)
{
	struct import_memory one = { .sequence = batch->sequence, .imported = 1 };
	int r;

	if (batch->foreign)
		return;
	memcpy(one.medium, batch->medium, sizeof(one.medium));
	memcpy(one.counter, batch->counter, sizeof(one.counter));
	memcpy(one.batch, batch->id, sizeof(one.batch));
	r = memory_add(self, &one);
	if (r < 0)
		log_error("that batch %s came is not remembered: %s", batch->name, strerror(-r));
}
