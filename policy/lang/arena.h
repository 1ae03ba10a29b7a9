/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that is given back all at once: what a document is made of. */
#ifndef AIRGAP_POLICY_ARENA_H
#define AIRGAP_POLICY_ARENA_H

#include <stddef.h>

struct arena;

/** arena_new - NULL when memory is short */
struct arena *arena_new(void);

/** arena_free - all that came from it; accepts NULL */
void arena_free(struct arena *arena);

/** arena_alloc - zeroed and aligned for any type; NULL when memory is short */
void *arena_alloc(struct arena *arena, size_t size);

/** arena_text - a copy of @length bytes, ended by NUL; NULL when memory is short */
char *arena_text(struct arena *arena, const char *bytes, size_t length);

#endif
