/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages about block devices and media.
 *
 *	monitor ─ BLOCK ─▶ core ─ MOUNT protect ─▶ mount helper ─ MOUNT_DONE, disk read-only ─▶ core
 *	core ─ MEDIUM_READ, disk ─▶ transfer ─ MEDIUM_READING ─▶ core: signature, judge, policy
 *	core ─ MOUNT raw ─▶ helper ─▶ core ─ MEDIUM_COUNT, raw partition ─▶ transfer ─ MEDIUM_COUNTED ─▶ core
 *	core: journal; ─ MOUNT mount ─▶ helper ─ root of the file system ─▶ core ─ MEDIUM ─▶ transfer
 *	core ─ MEDIUM_GONE ─▶ transfer; MOUNT release ─▶ helper
 *
 * A cookie names one medium in one device from its appearance to its end, and is never used again.
 */
#ifndef AIRGAP_LIB_MSG_MEDIA_H
#define AIRGAP_LIB_MSG_MEDIA_H

#include <stdint.h>

#include "agent/lib/msg_record.h"
#include "policy/decide/media.h"
#include "policy/decide/transfer.h"
#include "policy/medium/judge.h"

#define MSG_BLOCK_NAME 32

/* A whole disk that hangs on a USB device; partitions are not stated. */
struct msg_block {
	uint32_t major;
	uint32_t minor;
	uint32_t bus; /* of the USB device */
	uint32_t device;
	char port[USB_PORT_SIZE];
	char name[MSG_BLOCK_NAME]; /* "sda" */
	uint64_t sectors;	   /* of MEDIUM_SECTOR bytes; 0: no medium in it */
	uint64_t disk_sequence;	   /* the kernel's diskseq: another one is another medium */
	uint32_t removable;	   /* 1: media can change in it */
	uint32_t optical;	   /* 1: a CD or DVD drive */
};

struct msg_block_gone {
	uint32_t major;
	uint32_t minor;
	char name[MSG_BLOCK_NAME];
};

enum msg_mount_verb {
	MSG_MOUNT_PROTECT, /* everything of it read-only; answers with the disk, read-only */
	MSG_MOUNT_RAW,	   /* answers with partition number 'partition', open for writing */
	MSG_MOUNT_MOUNT,   /* answers with the root folder */
	MSG_MOUNT_RELEASE, /* unmounted, read-only again */
	MSG_MOUNT_VERB_COUNT,
};

struct msg_mount {
	uint64_t cookie;
	uint32_t verb; /* enum msg_mount_verb */
	uint32_t major;
	uint32_t minor;
	uint32_t partition;  /* 0: the whole disk */
	uint32_t filesystem; /* enum media_filesystem */
	uint32_t right;	     /* enum media_right */
	uint64_t disk_sequence;
	uint64_t
		first; /* of the partition, as its table was read: the kernel must have it there, too */
	uint64_t sectors;	   /* of MEDIUM_SECTOR bytes */
	char name[MSG_BLOCK_NAME]; /* of the disk */
};

struct msg_mount_done {
	uint64_t cookie;
	uint32_t verb;
	int32_t error; /* 0, with a descriptor unless the verb is release; -errno */
	char text[256];
};

struct msg_medium_read {
	uint64_t cookie;
	uint64_t sectors;
};

/* What a medium says of itself; of the record the bytes, for the core to verify. */
#define MSG_MEDIUM_RECORD_MAX 4096
struct msg_medium_reading {
	uint64_t cookie;
	int32_t error; /* 0; -errno: it could not be read; -EFBIG: its record is longer than can be told */
	uint32_t record_length;
	uint32_t raw_partition;	 /* number; 0: there is none */
	uint32_t data_partition; /* 0: its file system begins with the disk, or it has none */
	uint32_t filesystem;	 /* enum media_filesystem, of the data; see policy/decide/media.h */
	uint32_t reserved;
	uint64_t raw_first; /* sectors of MEDIUM_SECTOR bytes */
	uint64_t raw_sectors;
	uint64_t data_first;
	uint64_t data_sectors;
	struct medium_facts facts; /* what concerns the device and the record is left to the core */
	uint8_t record[MSG_MEDIUM_RECORD_MAX];
};

/* The counter goes one up: the core says from which. */
struct msg_medium_count {
	uint64_t cookie;
	struct medium_counter now;
};

struct msg_medium_counted {
	uint64_t cookie;
	int32_t error; /* 0: written and read back */
	uint32_t reserved;
	struct medium_counter counter; /* as it now is */
};

/* A medium that may be used, with the root folder of its data; or, without one, why not. */
struct msg_medium {
	uint64_t cookie;
	uint32_t kind;	     /* enum media_kind */
	uint32_t right;	     /* enum media_right */
	uint32_t reason;     /* enum medium_reason; MEDIUM_GOOD also where the policy refuses it */
	uint32_t filesystem; /* enum media_filesystem */
	uint64_t sequence;   /* of its counter */
	uint64_t entry;	     /* of the journal: its use is recorded there */
	uint8_t id[MEDIUM_ID_SIZE];
	uint8_t counter[MEDIUM_DIGEST_SIZE]; /* digest of its counter at this use: slips name it */
	char port[USB_PORT_SIZE];
	char name[MSG_BLOCK_NAME];
	char level[TRANSFER_LEVEL_SIZE + 7];
	char unit[TRANSFER_UNIT_SIZE + 7];
	char custodian[136];
	char text[MSG_TEXT_SIZE]; /* what happened, why, what to do; "" when it may be used */
};

struct msg_medium_gone {
	uint64_t cookie;
	uint32_t pulled; /* 1: nobody took leave */
	uint32_t reserved;
	char text[256];
};

/* What becomes of a medium, for the journal: kind "media". */
enum media_event {
	MEDIA_EVENT_ADMITTED,
	MEDIA_EVENT_REFUSED,
	MEDIA_EVENT_RELEASED, /* orderly */
	MEDIA_EVENT_PULLED,
	MEDIA_EVENT_FAILED, /* could not be read, counted or mounted */
	MEDIA_EVENT_COUNT,
};

struct msg_record_medium {
	struct record record;
	uint32_t event; /* enum media_event */
	int32_t error;
	struct msg_medium medium; /* its cookie is 0 */
	struct media_verdict verdict;
	uint32_t reasons; /* struct medium_verdict: all */
	uint32_t reserved;
	uint8_t counter[MEDIUM_DIGEST_SIZE]; /* as it now is on the medium */
	struct medium_facts facts;
};

#endif
