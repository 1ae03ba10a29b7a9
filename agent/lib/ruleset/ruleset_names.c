// SPDX-License-Identifier: GPL-2.0-or-later
/* Families and tables by name, and which names of links a rule can hold. */
#include <ctype.h>
#include <string.h>

#include "agent/lib/ruleset/ruleset_text.h"

const char *const ruleset_families[RULESET_FAMILIES] = { "inet", "netdev", "arp" };

bool ruleset_nameable(const char *name)
{
	size_t length = strnlen(name, NET_NAME_SIZE);

	if (length == 0 || length == NET_NAME_SIZE)
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isascii(name[i]) || (!isalnum(name[i]) && !strchr("_.-@", name[i])))
			return false;
	return true;
}

const char *ruleset_text_wipe(bool own)
{
/* A table has to be there to be deleted, and an owned one cannot be named without its flag. */
#define WIPE(family, name, flags)                                                                  \
	"table " family " " name " { " flags "}\ndelete table " family " " name "\n"
#define WIPE_COPY(name, flags)                                                                     \
	WIPE("inet", name, flags) WIPE("netdev", name, flags) WIPE("arp", name, flags)
	static const char base[] = WIPE_COPY(RULESET_BASE, "");
	static const char both[] =
		WIPE_COPY(RULESET_BASE, "") WIPE_COPY(RULESET_OWN, "flags owner; ");

	return own ? both : base;
}
