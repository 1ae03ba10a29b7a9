// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/study/inventory.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/utf8.h"
#include "policy/decide/subject.h"
#include "policy/study/inventory_facts.h"

static int fail(char *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What is wrong may be quoted, and inventories come from anywhere: only text goes to a terminal. */
static void keep_text(char *text)
{
	size_t length = strlen(text), used = 0, size;
	uint32_t character;

	for (size_t i = 0; i < length; i += size) {
		size = utf8_decode(text + i, length - i, &character);
		if (size > 0 && !utf8_is_control(character)) {
			memmove(text + used, text + i, size);
			used += size;
		} else {
			text[used++] = '?';
			size = 1;
		}
	}
	text[used] = '\0';
}

static int fail(char *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, INVENTORY_ERROR_SIZE, format, args);
	va_end(args);
	keep_text(error);
	return -EINVAL;
}

static int read_expected(const json_t *json, struct inventory_expected *expected)
{
	const json_t *expect = json_object_get(json, "expect");
	const json_t *rule = json_object_get(json, "expect_rule");
	const char *text = json_string_value(expect);

	if (rule) {
		const char *name = json_string_value(rule);

		if (!name || strlen(name) >= sizeof(expected->rule))
			return -EINVAL;
		memcpy(expected->rule, name, strlen(name));
	}
	if (!expect)
		return rule ? -EINVAL : 0;
	if (!text || (strcmp(text, "permit") != 0 && strcmp(text, "refuse") != 0))
		return -EINVAL;
	expected->expects = true;
	expected->result =
		strcmp(text, "permit") == 0 ? POLICY_RESULT_PERMIT : POLICY_RESULT_REFUSE;
	return 0;
}

static void read_use(const json_t *json, struct inventory_device *device)
{
	const json_t *authorised = json_object_get(json, "authorised");
	const char *state = json_string_value(json_object_get(json, "state"));

	if (state)
		device->in_use = strcmp(state, "authorised") == 0;
	else if (json_is_boolean(authorised))
		device->in_use = json_is_true(authorised);
	else
		device->in_use = !device->expected.expects ||
				 device->expected.result == POLICY_RESULT_PERMIT;
}

static int read_devices(struct inventory *inventory, const json_t *list, char *error)
{
	size_t count = json_array_size(list);
	struct inventory_device *devices;

	if (count > INVENTORY_DEVICES_MAX - inventory->count)
		return fail(error, "more than %d devices", INVENTORY_DEVICES_MAX);
	devices = reallocarray(inventory->devices, inventory->count + count + 1, sizeof(*devices));
	if (!devices)
		return -ENOMEM;
	inventory->devices = devices;
	for (size_t i = 0; i < count; i++) {
		const json_t *json = json_array_get(list, i);
		struct inventory_device *device = &devices[inventory->count];
		const char *wrong;

		*device = (struct inventory_device){ 0 };
		wrong = inventory_facts(json_object_get(json, "facts"), &device->facts);
		if (wrong)
			return fail(error,
				    "device %zu: '%s' in 'facts' is missing, wrong or not known", i,
				    wrong);
		if (read_expected(json, &device->expected))
			return fail(error,
				    "device %zu: 'expect' is \"permit\" or \"refuse\", "
				    "'expect_rule' beside it the name of a rule",
				    i);
		read_use(json, device);
		inventory->count++;
	}
	return 0;
}

static int read_questions(struct inventory *inventory, const json_t *list, char *error)
{
	size_t count = json_array_size(list);
	struct inventory_question *questions;

	if (count > INVENTORY_DEVICES_MAX - inventory->question_count)
		return fail(error, "more than %d questions", INVENTORY_DEVICES_MAX);
	questions = reallocarray(inventory->questions, inventory->question_count + count + 1,
				 sizeof(*questions));
	if (!questions)
		return -ENOMEM;
	inventory->questions = questions;
	for (size_t i = 0; i < count; i++) {
		const json_t *json = json_array_get(list, i);
		struct inventory_question *it = &questions[inventory->question_count];
		const char *wrong;

		*it = (struct inventory_question){ 0 };
		wrong = inventory_question(json, &it->question);
		if (wrong)
			return fail(error, "network %zu: '%s' is missing or wrong", i, wrong);
		if (read_expected(json, &it->expected))
			return fail(error,
				    "network %zu: 'expect' is \"permit\" or \"refuse\", "
				    "'expect_rule' beside it the name of a rule",
				    i);
		inventory->question_count++;
	}
	return 0;
}

static int read_transfer(const json_t *json, struct inventory_transfer *it)
{
	const char *text = json_string_value(json_object_get(json, "transfer"));

	*it = (struct inventory_transfer){ 0 };
	if (!text)
		return -EINVAL;
	snprintf(it->title, sizeof(it->title), "%.*s", (int)sizeof(it->title) - 1, text);
	return subject_parse_transfer(text, strlen(text), NULL, &it->facts);
}

static int read_transfers(struct inventory *inventory, const json_t *list, char *error)
{
	size_t count = json_array_size(list);
	struct inventory_transfer *transfers;

	if (count > INVENTORY_DEVICES_MAX - inventory->transfer_count)
		return fail(error, "more than %d transfers", INVENTORY_DEVICES_MAX);
	transfers = reallocarray(inventory->transfers, inventory->transfer_count + count + 1,
				 sizeof(*transfers));
	if (!transfers)
		return -ENOMEM;
	inventory->transfers = transfers;
	for (size_t i = 0; i < count; i++) {
		const json_t *json = json_array_get(list, i);
		struct inventory_transfer *it = &transfers[inventory->transfer_count];

		if (read_transfer(json, it))
			return fail(error, "transfer %zu: 'transfer' is missing or wrong", i);
		if (read_expected(json, &it->expected))
			return fail(error,
				    "transfer %zu: 'expect' is \"permit\" or \"refuse\", "
				    "'expect_rule' beside it the name of a rule",
				    i);
		inventory->transfer_count++;
	}
	return 0;
}

int inventory_read(struct inventory *inventory, const char *text, size_t length,
		   char error[static INVENTORY_ERROR_SIZE])
{
	json_error_t where;
	json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &where);
	const json_t *list = json_is_array(root) ? root : json_object_get(root, "devices");
	const json_t *network = json_object_get(root, "network");
	const json_t *transfers = json_object_get(root, "transfers");
	int ret = 0;

	error[0] = '\0';
	if (!root)
		return fail(error, "line %d, column %d: %s", where.line, where.column, where.text);
	if (!json_is_array(list) && !json_is_array(network) && !json_is_array(transfers))
		ret = fail(error, "there is no list 'devices', 'network' or 'transfers'");
	if (json_is_array(list))
		ret = read_devices(inventory, list, error);
	if (!ret && json_is_array(network))
		ret = read_questions(inventory, network, error);
	if (!ret && json_is_array(transfers))
		ret = read_transfers(inventory, transfers, error);
	json_decref(root);
	return ret;
}

void inventory_free(struct inventory *inventory)
{
	free(inventory->devices);
	free(inventory->questions);
	free(inventory->transfers);
	*inventory = (struct inventory){ 0 };
}

void inventory_title(const struct usb_facts *facts, char *out, size_t size)
{
	snprintf(out, size, "%s%s%04x:%04x%s%s", facts->port, facts->port[0] ? " " : "",
		 facts->vendor, facts->product, facts->name[0] ? " " : "", facts->name);
}
