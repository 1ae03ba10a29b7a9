/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Documents for tests, made here: zip archives and PDF files of a few parts. */
#ifndef AIRGAP_TESTS_PAPER_FIXTURE_H
#define AIRGAP_TESTS_PAPER_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct paper_file {
	size_t length;
	uint8_t bytes[65536];
};

struct paper_member {
	const char *name;
	const char *text;
	bool stored; /* else deflated */
};

/* paper_zip - an archive; the last member's name is NULL; returns a descriptor */
int paper_zip(const struct paper_member *members);

/* paper_pdf - a file with these streams, each deflated if @deflated; the last is NULL */
int paper_pdf(const char *const *streams, bool deflated);

/* paper_text - a descriptor of a file with this text */
int paper_text(const char *text);

#endif
