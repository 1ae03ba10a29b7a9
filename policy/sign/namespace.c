// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/sign/namespace.h"

#include <stdbool.h>
#include <string.h>

#define KIB 1024u
#define MIB (1024u * KIB)

static const struct {
	const char *name;
	const char *word;
	size_t text_max;
} namespaces[SIGN_NAMESPACE_COUNT] = {
	[SIGN_NAMESPACE_POLICY] = { "airgap-policy@v1", "airgap-policy", 256 * KIB },
	[SIGN_NAMESPACE_TRUST] = { "airgap-trust@v1", "airgap-trust", 256 * KIB },
	/* 100,000 rows of some 150 bytes, and as much again */
	[SIGN_NAMESPACE_TABLE] = { "airgap-table@v1", "airgap-table", 32 * MIB },
	[SIGN_NAMESPACE_MEDIA] = { "airgap-media@v1", "airgap-media", 64 * KIB },
	[SIGN_NAMESPACE_SLIP] = { "airgap-slip@v1", "airgap-slip", 2 * MIB },
	[SIGN_NAMESPACE_APPROVAL] = { "airgap-approval@v1", "airgap-approval", 4 * KIB },
	[SIGN_NAMESPACE_ORDER] = { "airgap-order@v1", "airgap-order", 256 * KIB },
	[SIGN_NAMESPACE_LOGIN] = { "airgap-login@v1", "airgap-login", 4 * KIB },
	[SIGN_NAMESPACE_MOVE] = { "airgap-move@v1", "airgap-move", 64 * KIB },
	[SIGN_NAMESPACE_CARD] = { "airgap-card@v1", "airgap-card", 64 * KIB },
	[SIGN_NAMESPACE_RECOVERY] = { "airgap-recovery@v1", "airgap-recovery", 64 * KIB },
};

static bool known(enum sign_namespace ns)
{
	return (unsigned int)ns < SIGN_NAMESPACE_COUNT;
}

const char *namespace_name(enum sign_namespace ns)
{
	return known(ns) ? namespaces[ns].name : "none";
}

const char *namespace_word(enum sign_namespace ns)
{
	return known(ns) ? namespaces[ns].word : "none";
}

size_t namespace_text_max(enum sign_namespace ns)
{
	return known(ns) ? namespaces[ns].text_max : 0;
}

enum sign_namespace namespace_of_name(const char *name)
{
	enum sign_namespace ns;

	for (ns = 0; ns < SIGN_NAMESPACE_COUNT; ns++)
		if (strcmp(namespaces[ns].name, name) == 0)
			break;
	return ns;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Where the first word begins, blank lines and comments passed over. */
static size_t first_word(const uint8_t *text, size_t length)
{
	bool comment = false;
	size_t at;

	for (at = 0; at < length; at++) {
		if (text[at] == '#')
			comment = true;
		else if (text[at] == '\n')
			comment = false;
		else if (!comment && !is_blank(text[at]))
			break;
	}
	return at;
}

enum sign_namespace namespace_of_text(const uint8_t *text, size_t length)
{
	size_t at = first_word(text, length), left = length - at, n;
	enum sign_namespace ns;

	for (ns = 0; ns < SIGN_NAMESPACE_COUNT; ns++) {
		n = strlen(namespaces[ns].word);
		if (left > n && memcmp(text + at, namespaces[ns].word, n) == 0 &&
		    is_blank(text[at + n]))
			break;
	}
	return ns;
}
