// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/epoch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/file.h"
#include "agent/lib/log.h"

#define NAME_SIZE 64

static bool exists(const struct spool *spool, const char *name)
{
	struct stat st;

	/* Whatever cannot be looked at is taken to be there: too careful costs an alarm, no entry. */
	return fstatat(spool->folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

static const char *damaged_name(char name[static NAME_SIZE], const char *file, uint64_t epoch)
{
	snprintf(name, NAME_SIZE, "%s.damaged-%" PRIu64, file, epoch);
	return name;
}

bool epoch_is_first(const struct spool *spool)
{
	char name[NAME_SIZE];

	return !exists(spool, JOURNAL_FILE_LOG) && !exists(spool, JOURNAL_FILE_INITIAL_KEY) &&
	       !exists(spool, damaged_name(name, JOURNAL_FILE_LOG, 0)) &&
	       !exists(spool, damaged_name(name, JOURNAL_FILE_INITIAL_KEY, 0));
}

static int write_initial_key(struct spool *spool)
{
	const struct ratchet_state *state = &spool->ratchet.state;
	char text[JOURNAL_INITIAL_KEY_SIZE];
	size_t length;
	int r;

	length = journal_initial_key_format(text, state->epoch, state->key);
	r = file_replace(spool->folder, JOURNAL_FILE_INITIAL_KEY, 0600, text, length);
	sodium_memzero(text, sizeof(text));
	return r;
}

/* The group of the folder may read the log: airgapctl does. */
static int make_log(struct spool *spool)
{
	struct stat folder;
	int fd, r = 0;

	fd = openat(spool->folder_fd, JOURNAL_FILE_LOG, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		    0600);
	if (fd < 0)
		return -errno;
	if (fstat(spool->folder_fd, &folder) < 0 || fchmod(fd, 0640) < 0 || fsync(fd) < 0)
		r = -errno;
	else if (fchown(fd, (uid_t)-1, folder.st_gid) < 0)
		log_warning("cannot give the log to the group of %s: only root can read it; make "
			    "this user a member of that group",
			    spool->folder);
	close(fd);
	return r;
}

int epoch_complete(struct spool *spool)
{
	int r = write_initial_key(spool);

	if (r == 0)
		r = make_log(spool);
	if (r == 0 && fsync(spool->folder_fd) < 0)
		r = -errno;
	return r;
}

static int begin(struct spool *spool, struct ratchet_state *state)
{
	int r;

	randombytes_buf(state->key, sizeof(state->key));
	r = ratchet_create(spool->folder, state);
	sodium_memzero(state->key, sizeof(state->key));
	spool_close(spool);
	/* From here on the former log is history, also when the rest fails and is tried again. */
	if (r == 0)
		spool->opened = false;
	if (r == 0)
		r = ratchet_open(&spool->ratchet, spool->folder_fd);
	if (r == 0)
		r = epoch_complete(spool);
	if (r < 0)
		return r;
	spool->fd = openat(spool->folder_fd, JOURNAL_FILE_LOG, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	return spool->fd < 0 ? -errno : 0;
}

int epoch_first(struct spool *spool)
{
	struct ratchet_state state = { 0 };

	return begin(spool, &state);
}

static int set_aside(struct spool *spool, const char *file, uint64_t epoch)
{
	char name[NAME_SIZE];

	if (renameat(spool->folder_fd, file, spool->folder_fd, damaged_name(name, file, epoch)) < 0)
		return errno == ENOENT ? 0 : -errno;
	return 0;
}

int epoch_next(struct spool *spool, const struct ratchet_state *known, enum recover_damage damage)
{
	const struct ratchet_state *last = known ? known : &spool->ratchet.state;
	struct ratchet_state state = { .lost = last->lost, .told = last->told, .cause = damage };
	uint64_t epoch = last->epoch;
	char name[2][NAME_SIZE];
	int r;

	while (exists(spool, damaged_name(name[0], JOURNAL_FILE_LOG, epoch)) ||
	       exists(spool, damaged_name(name[1], JOURNAL_FILE_INITIAL_KEY, epoch)))
		epoch++;
	log_error("%s: %s; set aside as %s, and the next epoch begins", spool->folder,
		  recover_damage_text(damage), damaged_name(name[0], JOURNAL_FILE_LOG, epoch));
	r = set_aside(spool, JOURNAL_FILE_LOG, epoch);
	if (r == 0)
		r = set_aside(spool, JOURNAL_FILE_INITIAL_KEY, epoch);
	/* What was derived from the log goes with it. */
	if (r == 0)
		r = set_aside(spool, JOURNAL_FILE_CHECKPOINT, epoch);
	if (r == 0)
		r = set_aside(spool, JOURNAL_FILE_TILES, epoch);
	if (r == 0)
		r = set_aside(spool, JOURNAL_FILE_SEALED_KEY, epoch);
	if (r == 0 && fsync(spool->folder_fd) < 0)
		r = -errno;
	state.epoch = epoch + 1;
	return r == 0 ? begin(spool, &state) : r;
}
