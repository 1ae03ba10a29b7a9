// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/ratchet.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "agent/lib/file.h"

/* The last digit is the version of this form. */
#define MAGIC	   "AGRATCH3"
#define MAGIC_FORM 7

/* A slot as it stands on the disk; numbers little-endian. */
struct slot {
	char magic[8];
	uint64_t generation;
	uint64_t numbers[8];
	uint8_t key[JOURNAL_KEY_SIZE];
	uint8_t leaf[JOURNAL_LEAF_SIZE];
	struct tlog_hash edge[TLOG_LEVELS];
	uint64_t prune[2];    /* since form 3: in form 2 the checksum stands here */
	uint8_t checksum[32]; /* BLAKE2b of all before: against torn writes, not against people */
};

_Static_assert(sizeof(struct slot) == 8 + 8 + 64 + 32 + 32 + 63 * 32 + 16 + 32, "no padding");
/* Should a write of it be torn, the checksum tells, and the other slot counts. */
_Static_assert(sizeof(struct slot) <= RATCHET_SLOT_SIZE, "within its block");

static void checksum(uint8_t sum[static 32], const struct slot *slot, size_t covered)
{
	crypto_generichash(sum, 32, (const uint8_t *)slot, covered, NULL, 0);
}

static void encode(struct slot *slot, const struct ratchet_state *state, uint64_t generation)
{
	const uint64_t numbers[] = { state->epoch, state->seq,	 state->offset, state->lost,
				     state->told,  state->cause, state->first,	state->receipted };

	memset(slot, 0, sizeof(*slot));
	memcpy(slot->magic, MAGIC, sizeof(slot->magic));
	slot->generation = htole64(generation);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		slot->numbers[i] = htole64(numbers[i]);
	memcpy(slot->key, state->key, sizeof(slot->key));
	memcpy(slot->leaf, state->leaf, sizeof(slot->leaf));
	memcpy(slot->edge, state->tree.edge, sizeof(slot->edge));
	slot->prune[0] = htole64(state->prune_first);
	slot->prune[1] = htole64(state->prune_bytes);
	checksum(slot->checksum, slot, offsetof(struct slot, checksum));
}

static bool decode(const struct slot *slot, struct ratchet_state *state, uint64_t *generation)
{
	uint64_t *const numbers[] = { &state->epoch, &state->seq,      &state->offset,
				      &state->lost,  &state->told,     &state->cause,
				      &state->first, &state->receipted };
	const bool former = slot->magic[MAGIC_FORM] == '2';
	const size_t covered =
		former ? offsetof(struct slot, prune) : offsetof(struct slot, checksum);
	uint8_t sum[32];

	checksum(sum, slot, covered);
	if (memcmp(slot->magic, MAGIC, MAGIC_FORM) != 0 ||
	    (!former && slot->magic[MAGIC_FORM] != MAGIC[MAGIC_FORM]) ||
	    memcmp(sum, (const uint8_t *)slot + covered, sizeof(sum)) != 0)
		return false;
	state->prune_first = former ? 0 : le64toh(slot->prune[0]);
	state->prune_bytes = former ? 0 : le64toh(slot->prune[1]);
	*generation = le64toh(slot->generation);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		*numbers[i] = le64toh(slot->numbers[i]);
	memcpy(state->key, slot->key, sizeof(state->key));
	memcpy(state->leaf, slot->leaf, sizeof(state->leaf));
	state->tree.size = state->seq;
	memcpy(state->tree.edge, slot->edge, sizeof(state->tree.edge));
	/* Offsets become off_t. */
	return state->offset <= INT64_MAX;
}

int ratchet_create(const char *folder, const struct ratchet_state *state)
{
	uint8_t image[2 * RATCHET_SLOT_SIZE] = { 0 };
	struct slot slot;
	int r;

	encode(&slot, state, 1);
	memcpy(image, &slot, sizeof(slot));
	r = file_replace(folder, RATCHET_FILE, 0600, image, sizeof(image));
	sodium_memzero(&slot, sizeof(slot));
	sodium_memzero(image, sizeof(image));
	return r;
}

static int read_slots(struct ratchet *ratchet)
{
	struct ratchet_state state;
	struct slot slot;
	uint64_t generation;
	int r = -EBADMSG;

	for (unsigned int i = 0; i < 2; i++) {
		ssize_t n = pread(ratchet->fd, &slot, sizeof(slot), (off_t)i * RATCHET_SLOT_SIZE);

		if (n < 0) {
			r = -errno;
			break;
		}
		if (n != sizeof(slot) || !decode(&slot, &state, &generation))
			continue;
		if (r == 0 && generation < ratchet->generation)
			continue;
		ratchet->state = state;
		ratchet->generation = generation;
		ratchet->slot = i;
		r = 0;
	}
	sodium_memzero(&slot, sizeof(slot));
	sodium_memzero(&state, sizeof(state));
	return r;
}

int ratchet_open(struct ratchet *ratchet, int folder)
{
	int r;

	*ratchet = (struct ratchet){ 0 };
	ratchet->fd = openat(folder, RATCHET_FILE, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (ratchet->fd < 0)
		return -errno;
	r = flock(ratchet->fd, LOCK_EX | LOCK_NB) < 0 ? -errno : read_slots(ratchet);
	if (r < 0)
		ratchet_close(ratchet);
	return r;
}

int ratchet_store(struct ratchet *ratchet, const struct journal_io *io)
{
	unsigned int other = !ratchet->slot;
	struct slot slot;
	int r;

	encode(&slot, &ratchet->state, ratchet->generation + 1);
	r = journal_io_write(io, ratchet->fd, &slot, sizeof(slot),
			     (off_t)other * RATCHET_SLOT_SIZE);
	sodium_memzero(&slot, sizeof(slot));
	if (r == 0 && io->fdatasync(ratchet->fd) < 0)
		r = -errno;
	if (r < 0)
		return r;
	ratchet->slot = other;
	ratchet->generation++;
	ratchet->wiped = false;
	return 0;
}

int ratchet_wipe(struct ratchet *ratchet, const struct journal_io *io)
{
	static const uint8_t zero[sizeof(struct slot)];
	unsigned int other = !ratchet->slot;
	int r;

	if (ratchet->wiped)
		return 0;
	r = journal_io_write(io, ratchet->fd, zero, sizeof(zero), (off_t)other * RATCHET_SLOT_SIZE);
	if (r == 0 && io->fdatasync(ratchet->fd) < 0)
		r = -errno;
	ratchet->wiped = r == 0;
	return r;
}

void ratchet_close(struct ratchet *ratchet)
{
	if (ratchet->fd >= 0)
		close(ratchet->fd);
	ratchet->fd = -1;
}
