/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which rights the policy gives on a registered medium, and on what is none (block media). Pure, like decide.h.
 *
 * What a medium is was judged before (policy/medium/judge.h); a medium that was not found good there has
 * no rights here, but for a foreign one, of which only files may come in, and only where block transfer
 * permits that.
 */
#ifndef AIRGAP_POLICY_MEDIA_H
#define AIRGAP_POLICY_MEDIA_H

#include <stdint.h>

#include "policy/decide/facts.h"
#include "policy/medium/record.h"

struct policy;
struct policy_context;

/* Each includes the one before. */
enum media_right {
	MEDIA_RIGHT_NONE,
	MEDIA_RIGHT_READ,
	MEDIA_RIGHT_WRITE,
	MEDIA_RIGHT_COUNT,
};

enum media_kind {
	MEDIA_KIND_FOREIGN, /* no record of ours, and nothing that pretends to have one */
	MEDIA_KIND_REGISTERED,
	MEDIA_KIND_COUNT,
};

/* What can be mounted: the registered media's three, and what is on discs. */
enum media_filesystem {
	MEDIA_FILESYSTEM_VFAT = MEDIUM_FILESYSTEM_VFAT,
	MEDIA_FILESYSTEM_EXFAT = MEDIUM_FILESYSTEM_EXFAT,
	MEDIA_FILESYSTEM_EXT4 = MEDIUM_FILESYSTEM_EXT4,
	MEDIA_FILESYSTEM_ISO9660,
	MEDIA_FILESYSTEM_NONE, /* none of them */
	MEDIA_FILESYSTEM_COUNT,
};

/* Fixed size, no pointers. */
struct media_facts {
	uint32_t kind;	     /* enum media_kind */
	uint32_t filesystem; /* enum media_filesystem */
	uint32_t sealed; /* 1: files are encrypted on it; those that airgap-transferd writes are */
	uint32_t reserved;
	uint8_t id[MEDIUM_ID_SIZE]; /* of a registered one */
};

/* Name of the built-in rule that a medium above the terminal's level breaks (交叉使用). */
#define MEDIA_RULE_LEVEL "level"

struct media_verdict {
	struct policy_verdict verdict; /* of the rule that gives the most, or refuses */
	uint32_t right;		       /* enum media_right */
	uint32_t reserved;
};

/** media_filesystem_name - "vfat", ..., "iso9660"; "none" */
const char *media_filesystem_name(uint32_t filesystem);

/**
 * policy_decide_media - the union of what allows give, minus what forbids refuse, else none
 *
 * Built in, before any rule: without block media there is no right on any medium; a medium above the
 * terminal's level has none; nor has one whose file system the block does not list, where it lists some.
 * A foreign medium may be read where no forbid holds and some allow of block transfer lets files in from
 * one, and is never written.
 */
void policy_decide_media(const struct policy *policy, const struct policy_context *context,
			 const struct media_facts *facts, struct media_verdict *verdict);

#endif
