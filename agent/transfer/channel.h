/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a worker and the program that started it say to each other: packets of fixed size on a pair of
 * sockets. A worker has hostile files before it: what it says is checked like any stranger's word.
 */
#ifndef AIRGAP_TRANSFER_CHANNEL_H
#define AIRGAP_TRANSFER_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/transfer/outcome.h"
#include "agent/transfer/staging.h"
#include "agent/transfer/work.h"
#include "policy/transfer/batch.h"

enum channel_type {
	/* worker to program */
	CHANNEL_PROGRESS, /* struct work_progress */
	CHANNEL_STAGED,	  /* struct channel_staged */
	CHANNEL_ENTRY,	  /* struct channel_entry */
	CHANNEL_FILE,	  /* struct channel_file: of a foreign medium */
	CHANNEL_SIGN,	  /* struct channel_sign; waits for the answer */
	CHANNEL_KEY,	  /* struct channel_key; waits for the answer */
	CHANNEL_RESULT,	  /* struct channel_result: the last packet */
	/* program to worker */
	CHANNEL_ADD, /* struct channel_add, with the file's descriptor */
	CHANNEL_SIGNED,
	CHANNEL_KEYED,
	CHANNEL_TYPE_COUNT,
};

struct channel_add {
	uint32_t number;
	uint32_t reserved;
	uint64_t size_max;
	char name[TRANSFER_NAME_SIZE];
};

struct channel_staged {
	uint32_t number;
	uint32_t reserved;
	struct outcome outcome;
	struct staged_file file;
};

/* A batch on a medium. */
struct channel_entry {
	uint8_t batch[TRANSFER_ID_SIZE];
	struct outcome outcome;
	uint32_t verified; /* 1: the rest is what its terminal signed */
	uint32_t files;
	uint64_t size;
	int64_t created;
	char terminal[TRANSFER_TERMINAL_SIZE];
	char unit[TRANSFER_UNIT_SIZE]; /* whose it is */
	char level[TRANSFER_LEVEL_SIZE];
	char requester[TRANSFER_LOGIN_SIZE];
};

struct channel_file {
	uint64_t size;
	char name[TRANSFER_NAME_SIZE];
};

struct channel_sign {
	uint8_t sha512[64];
	uint8_t slip[TRANSFER_DIGEST];
};

struct channel_signed {
	int32_t error;
	uint32_t reserved;
	uint8_t signature[64];
	uint8_t key[32];
};

struct channel_key {
	char terminal[TRANSFER_TERMINAL_SIZE];
};

struct channel_keyed {
	int32_t error;
	uint32_t reserved;
	uint8_t key[32];
};

/* How it ended; what does not concern the kind of work is zero. */
struct channel_result {
	struct outcome outcome;
	uint32_t committed;   /* the slip lies on the medium */
	uint32_t scanned;     /* a scanner looked at every file, and found nothing */
	uint32_t quarantined; /* files */
	uint32_t swept;	      /* 1: what an interrupted export had left here was removed */
	uint32_t found;	      /* 1: that export had been completed, its slip is there */
	int32_t marked;	      /* rank of the highest marking; -1: none */
	uint64_t size;	      /* bytes written */
	uint64_t entry;	      /* journal's, that the slip names */
	uint64_t sequence;    /* of the medium's counter, as the slip says */
	uint8_t counter[32];
	uint8_t slip[TRANSFER_DIGEST];
	struct channel_entry about;
	char term[TRANSFER_TERM_SIZE];
	char basis[TRANSFER_BASIS_SIZE];
	char scanner[128];
};

#define CHANNEL_BODY_MAX 8192

struct channel_packet {
	uint32_t type; /* enum channel_type */
	uint32_t length;
	uint8_t body[CHANNEL_BODY_MAX] __attribute__((aligned(16)));
};

/* channel_size - of a packet's body; 0: there is no such type */
size_t channel_size(uint32_t type);

/**
 * channel_send - one packet
 * @fd: a descriptor to pass, or -1
 * @wait: until there is room; else -EAGAIN
 */
int channel_send(int channel, enum channel_type type, const void *body, int fd, bool wait);

/**
 * channel_receive - one packet
 * @packet: its body is aligned for any of the structs
 * @fd: set to the descriptor that came along, or -1
 * @wait: for one
 *
 * Returns 1; 0 at the end; -EAGAIN; -EBADMSG for what is none; another -errno.
 */
int channel_receive(int channel, struct channel_packet *packet, int *fd, bool wait);

#endif
