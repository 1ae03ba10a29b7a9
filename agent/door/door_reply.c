// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/door/door_reply.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/door/door_request.h"
#include "agent/lib/daemon.h"
#include "agent/lib/net_json.h"
#include "agent/lib/printable.h"
#include "agent/lib/usb_json.h"

static const char core_absent[] = "airgapd does not answer. The kernel keeps refusing new devices. "
				  "Ask the system administrator "
				  "to look at 'systemctl status airgapd'.";

static const char *const mode_names[AGENT_MODE_COUNT] = {
	[AGENT_MODE_STARTING] = "starting",	[AGENT_MODE_ENFORCING] = "enforcing",
	[AGENT_MODE_MONITORING] = "monitoring", [AGENT_MODE_RESTRICTED] = "restricted",
	[AGENT_MODE_LOCKDOWN] = "lockdown",
};

/* Takes @json, which may be NULL. */
static char *finish(json_t *json)
{
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

	json_decref(json);
	if (text && strlen(text) >= DOOR_REPLY_MAX) {
		free(text);
		text = NULL;
	}
	return text;
}

static json_t *clean(const char *bytes)
{
	size_t size = strlen(bytes) * 4 + 1;
	char *out = malloc(size);
	json_t *json = out ? json_string(printable_utf8(out, size, bytes)) : NULL;

	free(out);
	return json;
}

static json_t *number(uint64_t value)
{
	return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

static json_t *hex(const uint8_t *bytes, size_t count)
{
	char text[2 * MSG_DIGEST_SIZE + 1] = "";

	for (size_t i = 0; i < count; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return json_string(text);
}

static json_t *policy_json(const struct agent_status *status)
{
	if (status->policy_id[0] == 0 && status->policy_serial == 0)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "id", clean(status->policy_id), "serial",
			 number(status->policy_serial), "digest",
			 hex(status->policy_digest, MSG_DIGEST_SIZE), "valid_from",
			 clean(status->valid_from), "valid_until", clean(status->valid_until),
			 "powered_s", number(status->powered_s));
}

/* Landlock is null where a program goes without: its work is to look beyond the fence, or to mount. */
static json_t *program_json(enum msg_role role, bool present, uint32_t sandbox)
{
	return json_pack("{s:s, s:b, s:b, s:o}", "name", msg_role_name(role), "present", present,
			 "seccomp", present && (sandbox & MSG_SANDBOX_SECCOMP), "landlock",
			 role == MSG_ROLE_ATTRIBUTION || role == MSG_ROLE_MOUNT
				 ? json_null()
				 : json_boolean(present && (sandbox & MSG_SANDBOX_LANDLOCK)));
}

static json_t *maintenance_json(const struct agent_status *status)
{
	uint64_t now_us = clock_boottime_us(), until_us = status->maintenance_until_us;

	if (until_us == 0)
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "order", clean(status->maintenance_order), "reason",
			 clean(status->maintenance_reason), "left_s",
			 number(until_us > now_us ? (until_us - now_us) / 1000000 : 0));
}

static json_t *network_json(const struct agent_status *status)
{
	static const char *const names[NETWORK_STATE_COUNT] = {
		[NETWORK_STATE_OFF] = "off",
		[NETWORK_STATE_BOOT_DENY] = "boot-deny",
		[NETWORK_STATE_SYNC] = "sync",
		[NETWORK_STATE_ENFORCING] = "enforcing",
		[NETWORK_STATE_RESYNC] = "resync",
		[NETWORK_STATE_LOCKDOWN] = "lockdown",
		[NETWORK_STATE_MAINTENANCE] = "maintenance",
	};

	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "state", names[status->network], "error",
			 usb_json_error(status->network_error), "links", number(status->links),
			 "open", number(status->links_open), "violations",
			 number(status->violations), "maintenance", maintenance_json(status));
}

static json_t *layers_json(const struct agent_status *status)
{
	static const char *const names[AGENT_MODULE_COUNT] = {
		[AGENT_MODULE_ABSENT] = "absent", [AGENT_MODULE_BOOT] = "boot",
		[AGENT_MODULE_ARMED] = "armed",	  [AGENT_MODULE_LOCKED] = "locked",
		[AGENT_MODULE_PARKED] = "parked",
	};

	return json_pack("{s:s, s:o, s:b, s:b, s:b, s:b}", "state", names[status->module], "error",
			 usb_json_error(status->module_error), "module",
			 status->layers & AGENT_LAYER_MODULE, "sysfs",
			 status->layers & AGENT_LAYER_SYSFS, "nftables",
			 status->layers & AGENT_LAYER_NFTABLES, "early_deny",
			 status->layers & AGENT_LAYER_EARLY);
}

static json_t *programs_json(const struct door_cache *cache, uint32_t own_sandbox)
{
	const struct agent_status *status = &cache->status;
	const bool present[MSG_ROLE_COUNT] = {
		[MSG_ROLE_CORE] = cache->connected,
		[MSG_ROLE_MONITOR] = status->monitor_error == 0,
		[MSG_ROLE_JOURNAL] = status->journal_error != -ENOTCONN,
		[MSG_ROLE_DOOR] = true,
		[MSG_ROLE_ATTRIBUTION] = status->present >> MSG_ROLE_ATTRIBUTION & 1,
		[MSG_ROLE_NOTICE] = status->present >> MSG_ROLE_NOTICE & 1,
		[MSG_ROLE_TRANSFER] = status->present >> MSG_ROLE_TRANSFER & 1,
		[MSG_ROLE_MOUNT] = status->present >> MSG_ROLE_MOUNT & 1,
	};
	json_t *list = json_array();

	for (int role = 0; list && role < MSG_ROLE_COUNT; role++) {
		uint32_t sandbox = role == MSG_ROLE_DOOR ? own_sandbox : status->sandbox[role];

		/* Not every terminal guards its network, has an office, or transfers files. */
		if (role != MSG_ROLE_CORE && role != MSG_ROLE_MONITOR && role != MSG_ROLE_JOURNAL &&
		    role != MSG_ROLE_NOTICE && !present[role])
			continue;
		json_array_append_new(list,
				      program_json((enum msg_role)role, present[role], sandbox));
	}
	return list;
}

static json_t *status_json(const struct door_cache *cache, uint32_t own_sandbox)
{
	const struct agent_status *status = &cache->status;

	if (!cache->has_status)
		return json_null();
	return json_pack(
		"{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o, s:o, s:o}, s:{s:o}, s:o, "
		"s:o, s:o, s:o, s:o, s:o, s:o}",
		"mode", mode_names[status->mode], "reason", clean(status->reason), "policy",
		policy_json(status), "trust_number", number(status->trust_number), "terminal",
		clean(status->terminal), "unit", clean(status->unit), "level", clean(status->level),
		"devices", number(status->devices), "refused", number(status->refused), "journal",
		"next", number(status->journal_next), "lost", number(status->journal_lost), "error",
		usb_json_error(status->journal_error), "monitor", "error",
		usb_json_error(status->monitor_error), "rescans", number(status->rescans),
		"overruns", number(status->overruns), "started_us", number(status->started_us),
		"network", network_json(status), "media", door_media_json(&cache->media),
		"layers", layers_json(status), "programs", programs_json(cache, own_sandbox));
}

char *door_reply_error(const char *error, const char *text)
{
	return finish(json_pack("{s:i, s:b, s:s, s:o}", "v", DOOR_VERSION, "more", false, "error",
				error, "text", clean(text)));
}

char *door_reply_status(const struct door_cache *cache, uint32_t sandbox, bool more)
{
	bool good = cache->connected && cache->has_status;

	return finish(json_pack("{s:i, s:b, s:o, s:s, s:b, s:o}", "v", DOOR_VERSION, "more", more,
				"error", good ? json_null() : json_string("core-absent"), "text",
				good ? "" : core_absent, "connected", good, "status",
				status_json(cache, sandbox)));
}

char *door_reply_device(const struct usb_outcome *outcome)
{
	return finish(json_pack("{s:i, s:b, s:o}", "v", DOOR_VERSION, "more", true, "device",
				usb_json_outcome(outcome)));
}

static json_t *list_end(const struct door_cache *cache, uint64_t missing)
{
	bool good = cache->connected;

	return json_pack("{s:i, s:b, s:o, s:s, s:b, s:o}", "v", DOOR_VERSION, "more", false,
			 "error", good ? json_null() : json_string("core-absent"), "text",
			 good ? "" : core_absent, "connected", good, "missing", number(missing));
}

char *door_reply_devices_end(const struct door_cache *cache)
{
	return finish(list_end(cache, cache->overflow));
}

char *door_reply_network(const struct door_net_item *item)
{
	const char *name = item->link ? "link" : item->peer ? "peer" : "violation";
	json_t *json;

	if (item->link)
		json = net_json_outcome(item->link);
	else if (item->peer)
		json = json_pack("{s:o, s:o, s:o}", "link", number(item->peer->index), "rule",
				 clean(item->peer->rule), "text", clean(item->peer->text));
	else
		json = net_json_violation(item->violation);
	return finish(json_pack("{s:i, s:b, s:o}", "v", DOOR_VERSION, "more", true, name, json));
}

char *door_reply_network_end(const struct door_cache *cache, const struct door_net *net)
{
	json_t *end = list_end(cache, net->overflow);

	if (end)
		json_object_set_new(end, "network",
				    cache->has_status ? network_json(&cache->status) : json_null());
	return finish(end);
}

char *door_reply_mark(const char *mark)
{
	return finish(json_pack("{s:i, s:b, s:b}", "v", DOOR_VERSION, "more", true, mark, true));
}

char *door_reply_control(const struct msg_control_reply *reply)
{
	return finish(json_pack("{s:i, s:b, s:o, s:o}", "v", DOOR_VERSION, "more", false, "error",
				usb_json_error(reply->error), "text", clean(reply->text)));
}
