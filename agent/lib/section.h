/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that travel in place of a network, bundles and answers: sections, one after the other, each a
 * line "NAME LENGTH" and that many bytes. airgap-wire(7) says which.
 */
#ifndef AIRGAP_LIB_SECTION_H
#define AIRGAP_LIB_SECTION_H

#include <stddef.h>
#include <stdint.h>

/* The line, its newline and a NUL. */
#define SECTION_HEAD_SIZE 50

struct section {
	char name[24];
	const uint8_t *data;
	size_t length;
};

/* section_next - the section at *@at, which moves on; 1; 0: the end; -EBADMSG. Untrusted. */
int section_next(const uint8_t *data, size_t size, size_t *at, struct section *section);

/* section_head - the line of a section of @length bytes; returns the line's length */
size_t section_head(char head[static SECTION_HEAD_SIZE], const char *name, size_t length);

/* section_put - append a section to *@text, which grows; 0 or -ENOMEM */
int section_put(char **text, size_t *used, const char *name, const void *data, size_t length);

#endif
