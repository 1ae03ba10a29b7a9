// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/govern/state.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"

/* 1: up to policy_digest and time_floor; 2: all but maintenance */
#define STATE_VERSION 3
#define STATE_LIMIT   32768
#define STATE_NAME    "state"

static int take_number(const json_t *json, const char *name, uint64_t *number)
{
	const json_t *value = json_object_get(json, name);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return -EBADMSG;
	*number = (uint64_t)json_integer_value(value);
	return 0;
}

static int take_time(const json_t *json, const char *name, int64_t *at)
{
	const json_t *value = json_object_get(json, name);

	if (!json_is_integer(value))
		return -EBADMSG;
	*at = json_integer_value(value);
	return 0;
}

static int take_digest(const json_t *json, const char *name, uint8_t *digest)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text && signed_digest_parse(digest, text) ? 0 : -EBADMSG;
}

static int take_text(const json_t *json, const char *name, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(json, name));

	if (!text || strlen(text) >= size)
		return -EBADMSG;
	strcpy(out, text);
	return 0;
}

static int take_flag(const json_t *json, const char *name, bool *flag)
{
	const json_t *value = json_object_get(json, name);

	*flag = json_is_true(value);
	return json_is_boolean(value) ? 0 : -EBADMSG;
}

static int take_tables(const json_t *json, struct state *state)
{
	const json_t *tables = json_object_get(json, "tables"), *entry;
	size_t i;

	if (!json_is_array(tables) || json_array_size(tables) > STATE_TABLES_MAX)
		return -EBADMSG;
	json_array_foreach(tables, i, entry)
	{
		struct state_table *table = &state->tables[state->table_count++];

		if (take_text(entry, "name", table->name, sizeof(table->name)) < 0 ||
		    take_number(entry, "number", &table->number) < 0 ||
		    take_digest(entry, "digest", table->digest) < 0)
			return -EBADMSG;
	}
	return 0;
}

static int take_orders(const json_t *json, struct state *state)
{
	const json_t *orders = json_object_get(json, "orders"), *entry;
	size_t i;

	if (!json_is_array(orders) || json_array_size(orders) > STATE_ORDERS_MAX)
		return -EBADMSG;
	json_array_foreach(orders, i, entry)
	{
		struct state_order *order = &state->orders[state->order_count++];

		if (take_text(entry, "id", order->id, sizeof(order->id)) < 0 ||
		    take_time(entry, "until", &order->until) < 0 ||
		    take_flag(entry, "armed", &order->armed) < 0 ||
		    take_digest(entry, "digest", order->digest) < 0)
			return -EBADMSG;
	}
	return 0;
}

static int take_maintenance(const json_t *json, struct state *state)
{
	const json_t *entry = json_object_get(json, "maintenance");
	struct state_maintenance *maintenance = &state->maintenance;

	if (json_is_null(entry))
		return 0;
	if (take_text(entry, "order", maintenance->order, sizeof(maintenance->order)) < 0 ||
	    take_number(entry, "until_s", &maintenance->until_s) < 0 ||
	    take_digest(entry, "digest", maintenance->digest) < 0)
		return -EBADMSG;
	return 0;
}

static int take_version_2(const json_t *json, struct state *state)
{
	uint64_t told;

	if (take_number(json, "powered_s", &state->powered_s) < 0 ||
	    take_number(json, "policy_powered_s", &state->policy_powered_s) < 0 ||
	    take_number(json, "expiry_told", &told) < 0 || told > UINT32_MAX ||
	    take_flag(json, "enforce", &state->enforce) < 0 ||
	    take_flag(json, "running", &state->running) < 0 ||
	    take_text(json, "latch", state->latch, sizeof(state->latch)) < 0)
		return -EBADMSG;
	state->expiry_told = (uint32_t)told;
	return take_tables(json, state) < 0 ? -EBADMSG : take_orders(json, state);
}

static int take(const json_t *json, struct state *state)
{
	uint64_t version;

	if (take_number(json, "version", &version) < 0 || version < 1 || version > STATE_VERSION ||
	    take_number(json, "trust_number", &state->trust_number) < 0 ||
	    take_digest(json, "trust_digest", state->trust_digest) < 0 ||
	    take_number(json, "policy_serial", &state->policy_serial) < 0 ||
	    take_digest(json, "policy_digest", state->policy_digest) < 0 ||
	    take_time(json, "time_floor", &state->time_floor) < 0)
		return -EBADMSG;
	if (version >= 2 && take_version_2(json, state) < 0)
		return -EBADMSG;
	return version < 3 ? 0 : take_maintenance(json, state);
}

int state_load(const char *root, struct state *state)
{
	char path[PATH_MAX];
	uint8_t *data = NULL;
	size_t length = 0;
	json_t *json;
	int r;

	*state = (struct state){ 0 };
	r = path_join(path, root, PATH_STATE_DIR "/" STATE_NAME);
	if (r == 0)
		r = file_read(path, STATE_LIMIT, &data, &length);
	if (r < 0)
		return r;
	json = json_loadb((const char *)data, length, JSON_REJECT_DUPLICATES, NULL);
	r = take(json, state);
	if (r < 0)
		*state = (struct state){ 0 };
	json_decref(json);
	free(data);
	return r;
}

static json_t *give_tables(const struct state *state)
{
	char digest[SIGNED_DIGEST_TEXT];
	json_t *tables = json_array();

	for (uint32_t i = 0; i < state->table_count; i++) {
		const struct state_table *table = &state->tables[i];

		signed_digest_format(table->digest, digest);
		json_array_append_new(tables,
				      json_pack("{s:s,s:I,s:s}", "name", table->name, "number",
						(json_int_t)table->number, "digest", digest));
	}
	return tables;
}

static json_t *give_orders(const struct state *state)
{
	char digest[SIGNED_DIGEST_TEXT];
	json_t *orders = json_array();

	for (uint32_t i = 0; i < state->order_count; i++) {
		const struct state_order *order = &state->orders[i];

		signed_digest_format(order->digest, digest);
		json_array_append_new(orders, json_pack("{s:s,s:I,s:b,s:s}", "id", order->id,
							"until", (json_int_t)order->until, "armed",
							(int)order->armed, "digest", digest));
	}
	return orders;
}

static json_t *give_maintenance(const struct state_maintenance *maintenance)
{
	char digest[SIGNED_DIGEST_TEXT];

	if (!maintenance->order[0])
		return json_null();
	signed_digest_format(maintenance->digest, digest);
	return json_pack("{s:s,s:I,s:s}", "order", maintenance->order, "until_s",
			 (json_int_t)maintenance->until_s, "digest", digest);
}

static json_t *give(const struct state *state)
{
	char trust[SIGNED_DIGEST_TEXT], policy[SIGNED_DIGEST_TEXT];

	signed_digest_format(state->trust_digest, trust);
	signed_digest_format(state->policy_digest, policy);
	return json_pack("{s:i,s:I,s:s,s:I,s:s,s:I,s:I,s:I,s:I,s:b,s:b,s:s,s:o,s:o,s:o}", "version",
			 STATE_VERSION, "trust_number", (json_int_t)state->trust_number,
			 "trust_digest", trust, "policy_serial", (json_int_t)state->policy_serial,
			 "policy_digest", policy, "time_floor", (json_int_t)state->time_floor,
			 "powered_s", (json_int_t)state->powered_s, "policy_powered_s",
			 (json_int_t)state->policy_powered_s, "expiry_told",
			 (json_int_t)state->expiry_told, "enforce", (int)state->enforce, "running",
			 (int)state->running, "latch", state->latch, "maintenance",
			 give_maintenance(&state->maintenance), "tables", give_tables(state),
			 "orders", give_orders(state));
}

int state_save(const char *root, const struct state *state)
{
	char folder[PATH_MAX];
	json_t *json = give(state);
	char *text = json ? json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
	int r = text ? path_join(folder, root, PATH_STATE_DIR) : -ENOMEM;

	if (r == 0)
		r = file_replace(folder, STATE_NAME, 0600, text, strlen(text));
	free(text);
	json_decref(json);
	return r;
}

static struct state_table *find_table(const struct state *state, const char *name)
{
	for (uint32_t i = 0; i < state->table_count; i++)
		if (strcmp(state->tables[i].name, name) == 0)
			return (struct state_table *)(uintptr_t)&state->tables[i];
	return NULL;
}

const struct state_table *state_table(const struct state *state, const char *name)
{
	return find_table(state, name);
}

int state_set_table(struct state *state, const char *name, uint64_t number,
		    const uint8_t digest[static SIGNED_DIGEST_SIZE])
{
	struct state_table *table = find_table(state, name);

	if (!table) {
		if (state->table_count == STATE_TABLES_MAX)
			return -ENOSPC;
		table = &state->tables[state->table_count++];
		snprintf(table->name, sizeof(table->name), "%s", name);
	}
	table->number = number;
	memcpy(table->digest, digest, sizeof(table->digest));
	return 0;
}

bool state_order_used(const struct state *state, const char *id)
{
	for (uint32_t i = 0; i < state->order_count; i++)
		if (strcmp(state->orders[i].id, id) == 0)
			return true;
	return false;
}

int state_use_order(struct state *state, const char *id, int64_t until, int64_t now)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < state->order_count; i++)
		if (state->orders[i].until >= now)
			state->orders[kept++] = state->orders[i];
	state->order_count = kept;
	if (kept == STATE_ORDERS_MAX)
		return -ENOSPC;
	state->orders[kept] = (struct state_order){ 0 };
	snprintf(state->orders[kept].id, sizeof(state->orders[kept].id), "%s", id);
	state->orders[kept].until = until;
	state->order_count++;
	return 0;
}
