/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where browsers keep their histories, how they are read without being touched, and the hosts in them. */
#ifndef AIRGAP_INSPECT_BROWSER_H
#define AIRGAP_INSPECT_BROWSER_H

#include "agent/inspect/inspect.h"

#define BROWSER_HOST_SIZE 128

struct browser {
	const char *question; /* columns: URL, time of the last visit in microseconds */
	int64_t epoch;	      /* seconds to take from that */
};

struct browser_host {
	char name[BROWSER_HOST_SIZE];
	unsigned int pages;
	int64_t last; /* UNIX time; 0: not known */
};

/* Hosts, each once; those beyond @max are counted. */
struct browser_hosts {
	size_t max, count;
	unsigned int more; /* pages of hosts that are not in the list */
	unsigned int urls;
	struct browser_host list[];
};

/* browser_hosts_new - none yet; to be freed with free(). NULL when memory is short */
struct browser_hosts *browser_hosts_new(size_t max);

/* browser_hosts_add - one more page of a host; @length: of its name, which is cut when it is long */
void browser_hosts_add(struct browser_hosts *hosts, const char *name, size_t length, int64_t last);

/* browser_hosts_has - is it in the list? */
bool browser_hosts_has(const struct browser_hosts *hosts, const char *name, size_t length);

/**
 * browser_read - a file whole into memory
 * @bytes: set to a buffer that the caller frees
 *
 * Returns 0 or -errno.
 */
int browser_read(struct inspect *inspect, const char *path, uint8_t **bytes, size_t *length);

/* browser_read_database - the same of a database, with its write-ahead log applied */
int browser_read_database(struct inspect *inspect, const char *path, uint8_t **db, size_t *size);

/* browser_each - call @look for each history; that there is none is stated, and so what could not be read */
void browser_each(struct inspect *inspect, void (*look)(struct inspect *inspect, const char *path,
							const struct browser *browser));

#endif
