/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the office is, by which key it is known, and as whom we register: /etc/airgap/office.
 *
 * Root writes it with `airgapctl report enrol`; airgap-reportd only reads it, so that whoever takes over
 * the program that speaks to the network cannot name another office.
 */
#ifndef AIRGAP_REPORT_TARGET_H
#define AIRGAP_REPORT_TARGET_H

#include "agent/lib/tlog/tlog.h"

#define TARGET_FILE_MAX 4096

struct target {
	/* "10.20.0.5:8443": a number, so that no name server is asked; "": there is no network */
	char address[64];
	struct tlog_key key;		      /* that cosigns receipts */
	char number[64], unit[64], level[64]; /* of this terminal; unit and level may be "" */
	char trust[65];			      /* SHA-256 of the signers' list, hexadecimal */
	char code[65]; /* one-time code of the office; "" when there is none */
};

/**
 * target_parse - lines "NAME VALUE": airgap-office 1, address, key, number, unit, level, trust, code;
 *	without an address files are carried
 *
 * Returns 0, or -EBADMSG and in @reason what is wrong.
 */
int target_parse(const char *text, size_t length, struct target *target, char *reason, size_t size);

/**
 * target_policy - signed beats root's file: address and key as the policy names them
 * @address: "" or the policy's; a terminal without network keeps none
 * @changed: set when they are others than root wrote
 *
 * Returns 0, or -EBADMSG and the reason; then nothing is reported at all, for root's file does not count.
 */
int target_policy(struct target *target, const char *address, const char *key, bool *changed,
		  char *reason, size_t size);

/* target_same_key - the same name and public key */
bool target_same_key(const struct tlog_key *a, const struct tlog_key *b);

/* target_address_valid - "10.20.0.5:8443" or "[fd00::5]:8443" */
bool target_address_valid(const char *address);

#endif
