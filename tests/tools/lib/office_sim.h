/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A terminal as the office sees it: a log in memory, its keys, and the bodies that it sends. For
 * tests and for measuring.
 */
#ifndef AIRGAP_TESTS_OFFICE_SIM_H
#define AIRGAP_TESTS_OFFICE_SIM_H

#include "agent/lib/tlog/tlog.h"

#define SIM_LEVELS 24

struct sim {
	char number[64];
	char origin[TLOG_NAME_SIZE];
	uint8_t secret[64];
	struct tlog_key key;
	uint8_t first[32], ratchet[32]; /* K_0, and that of the next entry */
	uint64_t size;
	char **lines;
	size_t room;
	struct {
		struct tlog_hash *hashes;
		size_t count, room;
	} levels[SIM_LEVELS];
	uint32_t promise; /* seconds to the next entry; 0: none */
};

/* sim_init - keys of its own; @seed makes them the same each time, NULL: random */
void sim_init(struct sim *sim, const char *number, const uint8_t *seed);
void sim_done(struct sim *sim);

/* sim_clone - the same keys, and the first @size entries */
void sim_clone(const struct sim *sim, struct sim *clone, uint64_t size);

/* sim_append - @kind as the journal has it, @grade 0 to 4, @event a JSON object; @time NULL: 2026 */
void sim_append(struct sim *sim, const char *kind, unsigned int grade, uint64_t policy,
		const char *event, const char *time);

/* sim_fill - @count entries, every tenth a violation, about 600 bytes each */
void sim_fill(struct sim *sim, uint64_t count);

struct tlog_source sim_source(struct sim *sim);

/* sim_checkpoint - signed; returns the length. @note: of 1024 bytes */
size_t sim_checkpoint(struct sim *sim, uint64_t size, char *note);

/* Bodies; the caller frees them. */
char *sim_body_checkpoint(struct sim *sim, uint64_t old, uint64_t size, size_t *length);
uint8_t *sim_body_entries(struct sim *sim, uint64_t start, uint64_t end, unsigned int packages,
			  size_t *length);
/* sim_body_enrol - @pin: 32 bytes; @recipient may be NULL */
char *sim_body_enrol(struct sim *sim, const uint8_t *pin, const char *code, const char *recipient);

#endif
