/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A medium that came back: does the recovery key really open what lies on it? A terminal that lies can
 * write a stanza for the recovery key that opens nothing, and only trying shows that.
 */
#ifndef AIRGAP_OFFICE_MEDIUM_CHECK_H
#define AIRGAP_OFFICE_MEDIUM_CHECK_H

#include "agent/lib/age/age_key.h"

/* What is found of one object. */
struct medium_check_object {
	const char *name; /* "objects/ID.age" */
	uint32_t stanzas; /* of the header; 0: it is no age file */
	uint32_t opens;	  /* number of the stanza that the key opens, from 1; 0: none */
	int error;	  /* 0: all of it opens; an AGE_ error or -errno */
	uint64_t size;	  /* of the content, when it opens */
};

typedef int (*medium_check_fn)(void *data, const struct medium_check_object *object);

/**
 * medium_check_folder - every file of objects/ and witness/ below @folder
 * @folder: descriptor of the file system's root
 *
 * Returns 0, what @fn returned when it is not 0, or -errno when the folder cannot be read: -ENOENT, there
 * is no folder objects.
 */
int medium_check_folder(int folder, const struct age_keyring *ring, medium_check_fn fn, void *data);

/* medium_check_file - one object; @object's name stays */
void medium_check_file(int fd, const struct age_keyring *ring, struct medium_check_object *object);

/**
 * medium_check_mount - the data partition of a device or an image, read-only, for this process alone
 * @path: a folder is opened as it is
 * @folder: set to a descriptor of its root
 *
 * Needs root unless it is a folder. The mount ends with the process. Returns 0 or -errno after a message.
 */
int medium_check_mount(const char *path, int *folder);

#endif
