/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking ClamAV's clamd about a file, by INSTREAM over its local socket (clamd(8)). Anything but a clear
 * "OK" is a refusal: an error, silence, a file beyond a limit.
 *
 * Two traps. A stream beyond StreamMaxLength is cut off by the scanner, which says so and hangs up. And
 * by default what is beyond MaxFileSize, MaxScanSize or MaxRecursion is called clean without having been
 * looked at; AlertExceedsMax yes changes that. Configuration files say what somebody wrote, not what the
 * running scanner does, so scan_probe() asks it about an archive that no scanner opens to its end: only
 * one that answers with an alert is good enough.
 */
#ifndef AIRGAP_TRANSFER_SCAN_H
#define AIRGAP_TRANSFER_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "agent/transfer/outcome.h"
#include "agent/transfer/work.h"

#define SCAN_SOCKET	  "/run/clamav/clamd.ctl"
#define SCAN_VERSION_SIZE 128
/* The longest answer that counts as one. */
#define SCAN_ANSWER_MAX 1024

struct scan_settings {
	const char *socket;	 /* path; NULL: SCAN_SOCKET */
	unsigned int timeout_s;	 /* of silence; 0: 300 */
	const struct work *work; /* may be NULL */
};

enum scan_verdict {
	SCAN_ERROR, /* whatever is no other one */
	SCAN_CLEAN,
	SCAN_FOUND,
	SCAN_BEYOND_LIMIT, /* INSTREAM size limit, Heuristics.Limits.Exceeded */
};

/**
 * scan_answer_parse - what clamd's answer to INSTREAM says
 * @text: @length bytes, with the NUL that ends it or without
 * @name: set to the signature's name or the error, printable
 */
enum scan_verdict scan_answer_parse(const char *text, size_t length,
				    char name[static OUTCOME_DETAIL_SIZE]);

/**
 * scan_probe - whether there is a scanner, and one to be believed
 * @version: set to what it says of itself, with its signatures' number and day; "": nothing
 *
 * Returns 0; else outcome says OUTCOME_SCAN_ABSENT, OUTCOME_SCAN_UNSAFE or OUTCOME_SCAN_FAILED.
 */
int scan_probe(const struct scan_settings *settings, char version[static SCAN_VERSION_SIZE],
	       struct outcome *outcome);

/**
 * scan_file - have one file scanned
 * @fd: a regular file, read by offset from 0
 * @name: of the file, for @outcome
 *
 * Returns 0 when it is clean; else outcome says OUTCOME_SCAN_FOUND with the signature's name as its detail,
 * OUTCOME_SCAN_LIMIT, OUTCOME_SCAN_ABSENT, OUTCOME_SCAN_FAILED or OUTCOME_CANCELLED.
 */
int scan_file(const struct scan_settings *settings, int fd, const char *name,
	      struct outcome *outcome);

#endif
