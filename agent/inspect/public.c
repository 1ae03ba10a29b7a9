// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/public.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

struct range {
	const char *network;
	int bits;
};

/* Not globally reachable, by IANA's registries of special-purpose addresses. */
static const struct range special4[] = {
	{ "0.0.0.0", 8 },      { "10.0.0.0", 8 },    { "100.64.0.0", 10 },   { "127.0.0.0", 8 },
	{ "169.254.0.0", 16 }, { "172.16.0.0", 12 }, { "192.0.0.0", 24 },    { "192.0.2.0", 24 },
	{ "192.168.0.0", 16 }, { "198.18.0.0", 15 }, { "198.51.100.0", 24 }, { "203.0.113.0", 24 },
	{ "224.0.0.0", 3 },
};

/* Of IPv6 only 2000::/3 is given out; what of that is special. */
static const struct range special6[] = {
	{ "2001:db8::", 32 },
	{ "2001:2::", 48 },
	{ "2001:10::", 28 },
	{ "3fff::", 20 },
};

static bool is_within(const uint8_t *bytes, int family, const struct range *range)
{
	uint8_t network[16] = { 0 };
	int whole = range->bits / 8, rest = range->bits % 8;

	if (inet_pton(family, range->network, network) != 1)
		return false;
	if (memcmp(bytes, network, (size_t)whole) != 0)
		return false;
	return !rest || (bytes[whole] ^ network[whole]) >> (8 - rest) == 0;
}

static bool is_public4(const uint8_t *bytes)
{
	for (size_t i = 0; i < sizeof(special4) / sizeof(special4[0]); i++)
		if (is_within(bytes, AF_INET, &special4[i]))
			return false;
	return true;
}

static bool is_public6(const uint8_t *bytes)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (memcmp(bytes, mapped, sizeof(mapped)) == 0)
		return is_public4(bytes + sizeof(mapped));
	if (bytes[0] >> 5 != 1)
		return false;
	for (size_t i = 0; i < sizeof(special6) / sizeof(special6[0]); i++)
		if (is_within(bytes, AF_INET6, &special6[i]))
			return false;
	return true;
}

bool public_address(const struct net_prefix *address)
{
	if (address->family == NET_FAMILY_IPV4)
		return is_public4(address->bytes);
	return address->family == NET_FAMILY_IPV6 && is_public6(address->bytes);
}

static bool is_reserved_name(const char *last)
{
	static const char *const reserved[] = { "local",    "localhost", "localdomain", "internal",
						"intranet", "lan",	 "home",	"corp",
						"private",  "test",	 "example",	"invalid",
						"arpa",	    "onion" };

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (strcasecmp(last, reserved[i]) == 0)
			return true;
	return false;
}

static bool is_public_name(char *name)
{
	size_t length = strlen(name);
	const char *last;

	if (length && name[length - 1] == '.')
		name[--length] = 0;
	last = strrchr(name, '.');
	/* What ends with digits alone is a mistyped address, not a name. */
	return last && last[1] && strspn(last + 1, "0123456789") != strlen(last + 1) &&
	       !is_reserved_name(last + 1);
}

bool public_host(const char *host, size_t length)
{
	struct net_prefix address = { 0 };
	char name[256], *end;

	if (length == 0 || length >= sizeof(name))
		return false;
	memcpy(name, host, length);
	name[length] = 0;
	if (name[0] == '[') {
		end = strchr(name, ']');
		if (!end)
			return false;
		*end = 0;
		/* Of known_hosts: [name]:port, whatever the name is (sshd(8)). */
		return public_host(name + 1, strlen(name + 1));
	}
	if (inet_pton(AF_INET6, name, address.bytes) == 1) {
		address.family = NET_FAMILY_IPV6;
		return public_address(&address);
	}
	end = strchr(name, ':');
	if (end)
		*end = 0;
	if (inet_pton(AF_INET, name, address.bytes) == 1) {
		address.family = NET_FAMILY_IPV4;
		return public_address(&address);
	}
	return is_public_name(name);
}

size_t public_url_host(const char *url, const char **host)
{
	const char *start = strstr(url, "://"), *at;
	size_t length;

	if (!start || strncasecmp(url, "file:", 5) == 0)
		return 0;
	start += 3;
	length = strcspn(start, "/?#");
	/* Whoever wants to be taken for another puts a name before an '@'. */
	at = memrchr(start, '@', length);
	if (at) {
		length -= (size_t)(at + 1 - start);
		start = at + 1;
	}
	*host = start;
	return length;
}
