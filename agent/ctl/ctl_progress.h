/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long work goes: a line on a terminal that is written over, JSON objects with --json, else nothing. */
#ifndef AIRGAP_CTL_PROGRESS_H
#define AIRGAP_CTL_PROGRESS_H

#include <stdint.h>

#include "agent/ctl/ctl.h"

struct ctl_progress {
	const struct ctl *ctl;
	bool drawn;	   /* a line stands there, without its end */
	char phase[32];	   /* that the rate is of */
	uint64_t begin_us; /* CLOCK_MONOTONIC, when that phase began */
	uint64_t begin_done;
};

/* ctl_progress_part - a part of an answer; what is no progress is printed with --json, else passed over */
void ctl_progress_part(void *progress, const json_t *part);

/* ctl_progress_end - take the line away */
void ctl_progress_end(struct ctl_progress *progress);

/* ctl_progress_line - "sealing  12.0 MiB of 50.0 MiB  35.1 MiB/s  1 s left"; pure */
void ctl_progress_line(char *out, size_t size, const char *phase, uint64_t done, uint64_t total,
		       uint64_t rate);

/* ctl_size - "48.2 KiB" */
void ctl_size(char *out, size_t size, uint64_t bytes);

#endif
