/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sandbox that each program enters before it reads its first untrusted byte.
 *
 * seccomp: an allow-list by purpose. A call that is on no list answers ENOSYS, so that a library's
 * fallback works; a call that only an intruder would make kills the program and is recorded by the
 * kernel. Landlock: the program sees the folders that it names and nothing else.
 */
#ifndef AIRGAP_LIB_SANDBOX_H
#define AIRGAP_LIB_SANDBOX_H

#include <stdint.h>

#define SANDBOX_READ  (1u << 0) /* read files, list folders */
#define SANDBOX_WRITE (1u << 1) /* write, create, rename and remove files below it */

struct sandbox_path {
	const char *path;   /* below --root; may be absent */
	uint32_t rights;
};

struct sandbox_rule {
	const char *call;
	/* Pin one argument: its value must equal @value under @mask; mask 0: any arguments. */
	unsigned int argument;
	uint64_t mask;
	uint64_t value;
};

struct sandbox {
	const struct sandbox_rule *rules; /* beyond those every program needs; ends with call NULL */
	const struct sandbox_path *paths; /* ends with path NULL; NULL: no Landlock, and say why */
};

/**
 * sandbox_enter - give up everything that @sandbox does not name, for good
 * @root: of the folders
 * @active: set to the MSG_SANDBOX_… parts now in force; Landlock may be missing from the kernel
 *
 * Returns 0; -errno when seccomp could not be set up: the program must not go on.
 */
int sandbox_enter(const struct sandbox *sandbox, const char *root, uint32_t *active);

#endif
