// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/report/target.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/printable.h"

#define HEAD "airgap-office 1\n"

bool target_address_valid(const char *address)
{
	const char *colon = strrchr(address, ':');
	char host[INET6_ADDRSTRLEN + 2];
	struct in6_addr binary;
	size_t length;

	if (!colon || (size_t)(colon - address) >= sizeof(host) || strlen(colon + 1) > 5 ||
	    colon[1] < '1' || strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
	    strtoul(colon + 1, NULL, 10) > UINT16_MAX)
		return false;
	length = (size_t)(colon - address);
	memcpy(host, address, length);
	host[length] = 0;
	if (host[0] != '[')
		return inet_pton(AF_INET, host, &binary) == 1;
	if (length < 3 || host[length - 1] != ']')
		return false;
	host[length - 1] = 0;
	return inet_pton(AF_INET6, host + 1, &binary) == 1;
}

struct line {
	const char *name;
	char *value;
	size_t size;
	bool may_lack;
};

static int wrong(char *reason, size_t size, const char *name)
{
	snprintf(reason, size, "'%s' is missing, twice, or not what it should be", name);
	return -EBADMSG;
}

static int take_line(const struct line *lines, size_t count, const char *at, size_t length,
		     char *reason, size_t size)
{
	for (size_t i = 0; i < count; i++) {
		size_t name = strlen(lines[i].name);

		if (length <= name + 1 || memcmp(at, lines[i].name, name) != 0 || at[name] != ' ')
			continue;
		if (lines[i].value[0] || length - name - 1 >= lines[i].size)
			return wrong(reason, size, lines[i].name);
		memcpy(lines[i].value, at + name + 1, length - name - 1);
		if (!printable_is_text(lines[i].value))
			return wrong(reason, size, lines[i].name);
		return 0;
	}
	snprintf(reason, size, "it has a line that is not known");
	return -EBADMSG;
}

int target_parse(const char *text, size_t length, struct target *target, char *reason, size_t size)
{
	char key[TLOG_KEY_TEXT_SIZE] = "";
	const struct line lines[] = {
		{ "address", target->address, sizeof(target->address), true },
		{ "key", key, sizeof(key), false },
		{ "number", target->number, sizeof(target->number), false },
		{ "unit", target->unit, sizeof(target->unit), true },
		{ "level", target->level, sizeof(target->level), true },
		{ "trust", target->trust, sizeof(target->trust), false },
		{ "code", target->code, sizeof(target->code), true },
	};
	const size_t count = sizeof(lines) / sizeof(lines[0]);
	const char *at = text, *end = text + length, *newline;

	*target = (struct target){ 0 };
	if (length < strlen(HEAD) || memcmp(text, HEAD, strlen(HEAD)) != 0 ||
	    memchr(text, 0, length)) {
		snprintf(reason, size, "its first line is not 'airgap-office 1'");
		return -EBADMSG;
	}
	for (at += strlen(HEAD); at < end; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (!newline) {
			snprintf(reason, size, "its last line has no end");
			return -EBADMSG;
		}
		if (take_line(lines, count, at, (size_t)(newline - at), reason, size) < 0)
			return -EBADMSG;
	}
	for (size_t i = 0; i < count; i++)
		if (!lines[i].may_lack && !lines[i].value[0])
			return wrong(reason, size, lines[i].name);
	if (target->address[0] && !target_address_valid(target->address))
		return wrong(reason, size, "address");
	if (tlog_key_parse(key, &target->key) < 0 || target->key.type != TLOG_KEY_COSIGNATURE)
		return wrong(reason, size, "key");
	if (strlen(target->trust) != 64 || strspn(target->trust, "0123456789abcdef") != 64)
		return wrong(reason, size, "trust");
	return 0;
}

bool target_same_key(const struct tlog_key *a, const struct tlog_key *b)
{
	return strcmp(a->name, b->name) == 0 &&
	       memcmp(a->public, b->public, sizeof(a->public)) == 0;
}

int target_policy(struct target *target, const char *address, const char *key, bool *changed,
		  char *reason, size_t size)
{
	struct tlog_key office;

	*changed = false;
	if (!address[0])
		return 0;
	if (!target_address_valid(address)) {
		snprintf(reason, size, "the policy's office '%s' is no number and port", address);
		return -EBADMSG;
	}
	if (tlog_key_parse(key, &office) < 0 || office.type != TLOG_KEY_COSIGNATURE) {
		snprintf(reason, size,
			 "the policy's key of the office is no verifier key; 'airgap-office init' "
			 "prints it");
		return -EBADMSG;
	}
	*changed = (target->address[0] && strcmp(target->address, address) != 0) ||
		   !target_same_key(&target->key, &office);
	if (target->address[0])
		strcpy(target->address, address);
	target->key = office;
	return 0;
}
