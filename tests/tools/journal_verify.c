// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * journal_verify FOLDER [SEQ]: check a journal from its initial key; exit status 0 when all of it is
 * sound and entry SEQ is in it. For the laboratory, which reads disks of machines that are off.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/journal_file.h"
#include "agent/lib/path.h"

static int verify(const char *folder, struct journal_chain *chain, enum journal_fault *fault)
{
	char path[PATH_MAX];
	int fd, r;

	r = path_join(path, folder, "/" JOURNAL_FILE_INITIAL_KEY);
	if (r == 0)
		r = journal_initial_key_read(path, chain);
	if (r == 0)
		r = path_join(path, folder, "/" JOURNAL_FILE_LOG);
	if (r < 0)
		return r;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = journal_chain_walk(chain, fd, 0, fault);
	close(fd);
	return r;
}

int main(int argc, char *argv[])
{
	struct journal_chain chain = { 0 };
	enum journal_fault fault;
	int r;

	if (argc < 2 || argc > 3 || sodium_init() < 0) {
		fprintf(stderr, "usage: journal_verify FOLDER [SEQ]\n");
		return 2;
	}
	r = verify(argv[1], &chain, &fault);
	sodium_memzero(chain.key, sizeof(chain.key));
	if (r < 0) {
		fprintf(stderr, "journal_verify: %s: %s\n", argv[1], strerror(-r));
		return 2;
	}
	printf("%" PRIu64 " entries of epoch %" PRIu64 ": %s\n", chain.seq, chain.epoch,
	       journal_fault_text(fault));
	if (fault == JOURNAL_SOUND && argc == 3 && strtoull(argv[2], NULL, 10) >= chain.seq) {
		printf("entry %s is not there\n", argv[2]);
		return 1;
	}
	return fault != JOURNAL_SOUND;
}
