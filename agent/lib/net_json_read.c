// SPDX-License-Identifier: GPL-2.0-or-later
/* From JSON back to the facts of a link. */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "agent/lib/net_json.h"
#include "policy/decide/net.h"

static int read_text(const json_t *object, const char *key, char *out, size_t size)
{
	const char *value = json_string_value(json_object_get(object, key));
	size_t length = value ? strlen(value) : size;

	if (length >= size)
		return -EINVAL;
	memset(out, 0, size);
	memcpy(out, value, length);
	return 0;
}

static int read_number(const json_t *object, const char *key, uint64_t limit, uint32_t *out)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    (uint64_t)json_integer_value(value) > limit)
		return -EINVAL;
	*out = (uint32_t)json_integer_value(value);
	return 0;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int read_mac(const json_t *object, const char *key, uint8_t *mac, uint8_t *length)
{
	const char *text = json_string_value(json_object_get(object, key));

	*length = 0;
	memset(mac, 0, NET_LLADDR_MAX);
	if (!text)
		return -EINVAL;
	while (*text) {
		int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);

		if (*length == NET_LLADDR_MAX || low < 0)
			return -EINVAL;
		mac[(*length)++] = (uint8_t)(16 * high + low);
		text += 2;
		if (*text == ':' && text[1])
			text++;
		else if (*text)
			return -EINVAL;
	}
	return 0;
}

/* Any flaw refuses; which one it is matters only to the words of airgapd. */
static int read_kind(const json_t *object, struct net_link *link)
{
	const char *kind = json_string_value(json_object_get(object, "kind"));

	link->flaw = json_is_null(json_object_get(object, "flaw")) ? NET_SOUND : NET_FLAW_MISMATCH;
	for (uint32_t i = 0; kind && i < NET_KIND_COUNT; i++)
		if (strcmp(kind, net_kind_name(i)) == 0) {
			link->kind = i;
			return 0;
		}
	return -EINVAL;
}

static int read_flags(const json_t *object, struct net_link *link)
{
	const json_t *list = json_object_get(object, "flags");
	size_t i;
	json_t *it;

	if (!json_is_array(list))
		return -EINVAL;
	json_array_foreach(list, i, it)
	{
		const char *word = json_string_value(it);

		if (!word)
			return -EINVAL;
		if (strcmp(word, "up") == 0)
			link->flags |= IFF_UP;
		link->marks |= net_json_mark(word);
	}
	return 0;
}

int net_json_read_link(const json_t *object, struct net_link *link)
{
	const json_t *nsid = json_object_get(object, "namespace");
	uint32_t arphrd = 0, namespace = 0;
	int r = 0;

	memset(link, 0, sizeof(*link));
	if (!json_is_null(nsid))
		r = read_number(object, "namespace", INT32_MAX, &namespace);
	link->nsid = json_is_null(nsid) ? -1 : (int32_t) namespace;
	r = r ? r : read_number(object, "index", UINT32_MAX, &link->index);
	r = r ? r : read_number(object, "parent", UINT32_MAX, &link->parent);
	r = r ? r : read_number(object, "master", UINT32_MAX, &link->master);
	r = r ? r : read_number(object, "mtu", UINT32_MAX, &link->mtu);
	r = r ? r : read_number(object, "arphrd", UINT16_MAX, &arphrd);
	link->arphrd = (uint16_t)arphrd;
	r = r ? r : read_text(object, "name", link->name, sizeof(link->name));
	r = r ? r : read_text(object, "driver", link->driver, sizeof(link->driver));
	r = r ? r : read_text(object, "path", link->path, sizeof(link->path));
	r = r ? r : read_text(object, "info_kind", link->info_kind, sizeof(link->info_kind));
	r = r ? r : read_mac(object, "mac", link->mac, &link->mac_length);
	r = r ? r : read_mac(object, "permanent", link->permanent, &link->permanent_length);
	r = r ? r : read_kind(object, link);
	return r ? r : read_flags(object, link);
}
