// SPDX-License-Identifier: GPL-2.0-or-later
/* Slips on a medium: opened, verified, judged; no object is looked at. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/age/age_result.h"
#include "agent/lib/age/age_stream.h"
#include "agent/lib/file.h"
#include "agent/transfer/import.h"

/* The largest slip as it lies on a medium: header, tags, text. */
#define SEALED_MAX ((size_t)SLIP_FILE_MAX + 128u * 1024)

static int fail(struct import_entry *entry, uint32_t reason, int error, const char *detail)
{
	char id[TRANSFER_ID_TEXT];

	transfer_id_format(entry->batch, id);
	return outcome_set(&entry->outcome, reason, error, id, detail);
}

static int open_slip(const struct import_source *source, struct import_entry *entry, uint8_t **text,
		     size_t *length)
{
	int fd = object_store_get(source->store, OBJECT_SLIP, entry->batch), r;
	uint8_t *sealed = NULL;
	size_t sealed_length;

	if (fd == -ENOENT)
		return fail(entry, OUTCOME_SLIP_MISSING, fd, NULL);
	if (fd < 0)
		return fail(entry, fd == -ELOOP ? OUTCOME_SLIP_DAMAGED : outcome_of_medium(fd), fd,
			    NULL);
	r = file_read_fd(fd, SEALED_MAX, &sealed, &sealed_length);
	close(fd);
	if (r < 0)
		return fail(entry, r == -EFBIG ? OUTCOME_SLIP_DAMAGED : outcome_of_medium(r), r,
			    NULL);
	r = age_decrypt_buffer(sealed, sealed_length, source->ring, text, length);
	free(sealed);
	if (r == AGE_NO_MATCH)
		return fail(entry, OUTCOME_SLIP_OTHERS, r, NULL);
	if (r == -ENOMEM)
		return fail(entry, OUTCOME_SYSTEM, r, NULL);
	return r < 0 ? fail(entry, OUTCOME_SLIP_DAMAGED, r, age_result_text(r)) : 0;
}

/* By the key of the very terminal that it names: the table says which that is. */
static int verify(const struct import_source *source, struct import_entry *entry,
		  const uint8_t *text, size_t length, char terminal[static TRANSFER_TERMINAL_SIZE])
{
	char reason[SIGNED_REASON_SIZE] = "";
	uint8_t key[32];
	int r = slip_terminal(text, length, terminal, reason);

	if (r < 0)
		return fail(entry, OUTCOME_SLIP_DAMAGED, r, reason);
	r = source->key(source->context, terminal, key);
	if (r == -ENOENT)
		return fail(entry, OUTCOME_SLIP_STRANGER, r, terminal);
	if (r == -EKEYREVOKED)
		return fail(entry, OUTCOME_SLIP_WITHDRAWN, r, terminal);
	if (r < 0)
		return fail(entry, OUTCOME_SYSTEM, r, terminal);
	r = slip_verify(text, length, key, &entry->slip, reason);
	if (r == -EKEYREJECTED || r == -ENOKEY)
		return fail(entry, OUTCOME_SLIP_FORGED, r, reason);
	if (r == -ENOMEM)
		return fail(entry, OUTCOME_SYSTEM, r, NULL);
	if (r < 0)
		return fail(entry, OUTCOME_SLIP_DAMAGED, r, reason);
	entry->verified = 1;
	/* Another batch's slip under this name was copied there by somebody. */
	if (memcmp(entry->slip.batch, entry->batch, TRANSFER_ID_SIZE) != 0)
		return fail(entry, OUTCOME_SLIP_DAMAGED, -EBADMSG,
			    "it is the slip of another batch, under this one's name");
	return 0;
}

static int refuse(struct import_entry *entry, enum slip_reason reason)
{
	entry->slip_reason = reason;
	return fail(entry, OUTCOME_SLIP_REFUSED, -EPERM, slip_reason_text(reason));
}

static int judge(const struct import_source *source, struct import_entry *entry,
		 const char *terminal)
{
	const struct slip *slip = &entry->slip;
	struct slip_case here = {
		.medium = source->medium,
		.sequence = source->sequence,
		.terminal = terminal,
		.unit = source->unit,
		.level = marks_rank(source->levels, source->level),
		.slip_level = marks_rank(source->levels, slip->level),
	};
	enum slip_reason reason = slip_judge(slip, &here);
	int r;

	if (reason != SLIP_GOOD)
		return refuse(entry, reason);
	r = import_chain(source->memory, source->memory_count, slip);
	if (r == -EALREADY)
		return refuse(entry, SLIP_USED);
	if (r < 0)
		return fail(entry, OUTCOME_SLIP_BRANCH, r, NULL);
	return 0;
}

int import_slip(const struct import_source *source, const uint8_t batch[static TRANSFER_ID_SIZE],
		struct import_entry *entry)
{
	char terminal[TRANSFER_TERMINAL_SIZE] = "";
	uint8_t *text = NULL;
	size_t length = 0;
	int r;

	memset(entry, 0, sizeof(*entry));
	memcpy(entry->batch, batch, sizeof(entry->batch));
	r = open_slip(source, entry, &text, &length);
	if (r < 0)
		return r;
	r = verify(source, entry, text, length, terminal);
	if (r == 0)
		r = judge(source, entry, terminal);
	sodium_memzero(text, length);
	free(text);
	return r;
}

int import_chain(const struct import_memory *memory, size_t count, const struct slip *slip)
{
	int r = 0;

	for (size_t i = 0; i < count; i++) {
		if (memcmp(memory[i].batch, slip->batch, TRANSFER_ID_SIZE) == 0 &&
		    memory[i].imported)
			r = -EALREADY;
		if (memcmp(memory[i].medium, slip->medium, MEDIUM_ID_SIZE) != 0 ||
		    memory[i].sequence != slip->sequence)
			continue;
		if (memcmp(memory[i].counter, slip->counter, MEDIUM_DIGEST_SIZE) != 0)
			return -EEXIST;
	}
	return r;
}

int import_look(const struct import_source *source, struct import_list *list,
		struct outcome *outcome)
{
	uint8_t(*ids)[TRANSFER_ID_SIZE] = NULL;
	size_t count = 0;
	int r = object_store_list(source->store, OBJECT_SLIP, &ids, &count);

	*list = (struct import_list){ 0 };
	if (r < 0)
		return outcome_set(outcome, outcome_of_medium(r), r, NULL, NULL);
	list->entries = calloc(count ? count : 1, sizeof(*list->entries));
	if (!list->entries) {
		free(ids);
		return outcome_set(outcome, OUTCOME_SYSTEM, -ENOMEM, NULL, NULL);
	}
	r = outcome_set(outcome, OUTCOME_DONE, 0, NULL, NULL);
	for (size_t i = 0; r == 0 && i < count; i++) {
		struct import_entry *entry = &list->entries[list->count];

		if (work_cancelled(source->work)) {
			r = outcome_set(outcome, OUTCOME_CANCELLED, -ECANCELED, NULL, NULL);
			break;
		}
		(void)import_slip(source, ids[i], entry);
		if (entry->outcome.reason == OUTCOME_SLIP_OTHERS)
			list->others++;
		else
			list->count++;
	}
	free(ids);
	if (r < 0)
		import_list_free(list);
	return r;
}

void import_list_free(struct import_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		slip_free(&list->entries[i].slip);
	free(list->entries);
	*list = (struct import_list){ 0 };
}
