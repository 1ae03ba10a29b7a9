/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How deep JSON is nested, asked before a library sees it: that would follow much more than we ever need. */
#ifndef AIRGAP_LIB_JSON_DEPTH_H
#define AIRGAP_LIB_JSON_DEPTH_H

#include <stdbool.h>
#include <stddef.h>

/* json_deeper - are objects and arrays nested more than @limit deep? Strings are passed over. Pure. */
bool json_deeper(const char *bytes, size_t length, unsigned int limit);

#endif
