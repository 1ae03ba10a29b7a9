// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/study/trial.h"

#include <errno.h>
#include <jansson.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#define TITLE_SIZE (USB_PORT_SIZE + USB_STRING_SIZE + 16)

static bool differs(const struct inventory_device *device, const struct policy_verdict *verdict)
{
	if (!device->expects)
		return false;
	if (verdict->result != (uint32_t)device->expected)
		return true;
	return device->expected_rule[0] && strcmp(device->expected_rule, verdict->rule) != 0;
}

int trial_run(const struct policy *policy, const struct policy_context *context,
	      const struct inventory *inventory, struct trial *trial)
{
	*trial = (struct trial){ 0 };
	trial->results = calloc(inventory->count + 1, sizeof(*trial->results));
	if (!trial->results)
		return -ENOMEM;
	for (size_t i = 0; i < inventory->count; i++) {
		struct trial_result *result = &trial->results[trial->count++];

		result->device = &inventory->devices[i];
		policy_decide_usb(policy, context, &result->device->facts, NULL, &result->verdict);
		result->wrong = differs(result->device, &result->verdict);
		trial->expecting += result->device->expects;
		trial->wrong += result->wrong;
		if (result->wrong && policy_explain_usb(policy, context, &result->device->facts,
							NULL, &result->explanation))
			return -ENOMEM;
	}
	return 0;
}

void trial_clear(struct trial *trial)
{
	for (size_t i = 0; i < trial->count; i++)
		explanation_free(trial->results[i].explanation);
	free(trial->results);
	*trial = (struct trial){ 0 };
}

static const char *judgement(const struct trial_result *result)
{
	if (!result->device->expects)
		return "";
	return result->wrong ? "WRONG" : "as expected";
}

static int add_line(struct libscols_table *table, const struct trial_result *result)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	const struct policy_verdict *verdict = &result->verdict;
	char title[TITLE_SIZE];

	if (!line)
		return -ENOMEM;
	inventory_title(&result->device->facts, title, sizeof(title));
	if (scols_line_set_data(line, 0, judgement(result)) ||
	    scols_line_set_data(line, 1, policy_result_name(verdict->result)) ||
	    scols_line_set_data(line, 2,
				verdict->rule[0] ? verdict->rule
						 : policy_cause_name(verdict->cause)) ||
	    scols_line_set_data(line, 3, title))
		return -ENOMEM;
	return 0;
}

static int print_table(FILE *out, const struct trial *trial)
{
	static const char *const columns[] = { "TEST", "RESULT", "RULE", "DEVICE" };
	struct libscols_table *table = scols_new_table();
	int ret = table ? 0 : -ENOMEM;

	for (size_t i = 0; !ret && i < sizeof(columns) / sizeof(columns[0]); i++)
		ret = scols_table_new_column(table, columns[i], 0, 0) ? 0 : -ENOMEM;
	for (size_t i = 0; !ret && i < trial->count; i++)
		ret = add_line(table, &trial->results[i]);
	if (!ret) {
		scols_table_set_stream(table, out);
		ret = scols_print_table(table);
	}
	scols_unref_table(table);
	return ret;
}

int trial_print(FILE *out, const char *name, const struct trial *trial)
{
	int ret = trial->count ? print_table(out, trial) : 0;
	char title[TITLE_SIZE];

	for (size_t i = 0; !ret && i < trial->count; i++) {
		const struct trial_result *result = &trial->results[i];

		if (!result->wrong)
			continue;
		inventory_title(&result->device->facts, title, sizeof(title));
		fprintf(out, "\n%s: expected is %s%s%s, but\n", title,
			policy_result_name(result->device->expected),
			result->device->expected_rule[0] ? " by " : "",
			result->device->expected_rule);
		explanation_print(out, name, result->explanation);
	}
	fprintf(out, "\n%zu devices, %zu with an expected result, %zu of them wrong\n",
		trial->count, trial->expecting, trial->wrong);
	return ret;
}

static json_t *result_json(const struct trial_result *result)
{
	const struct inventory_device *device = result->device;
	const struct policy_verdict *verdict = &result->verdict;
	char title[TITLE_SIZE];
	json_t *why = NULL;

	inventory_title(&device->facts, title, sizeof(title));
	if (result->explanation) {
		why = explanation_json("policy", result->explanation);
		if (!why)
			return NULL;
	}
	return json_pack("{s:s, s:s, s:s, s:s?, s:s, s:i, s:s?, s:s?, s:b, s:o?}", "device", title,
			 "result", policy_result_name(verdict->result), "cause",
			 policy_cause_name(verdict->cause), "rule",
			 verdict->rule[0] ? verdict->rule : NULL, "because", verdict->because,
			 "line", (int)verdict->line, "expect",
			 device->expects ? policy_result_name(device->expected) : NULL,
			 "expect_rule", device->expected_rule[0] ? device->expected_rule : NULL,
			 "wrong", result->wrong, "why", why);
}

struct json_t *trial_json(const struct trial *trial)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < trial->count; i++)
		if (json_array_append_new(array, result_json(&trial->results[i]))) {
			json_decref(array);
			return NULL;
		}
	return json_pack("{s:I, s:I, s:I, s:o}", "devices", (json_int_t)trial->count, "expecting",
			 (json_int_t)trial->expecting, "wrong", (json_int_t)trial->wrong, "results",
			 array);
}
