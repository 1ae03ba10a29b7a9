// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/study/trial.h"

#include <errno.h>
#include <jansson.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#define TITLE_SIZE (USB_PORT_SIZE + USB_STRING_SIZE + 16)

static bool differs(const struct inventory_expected *expected, uint32_t result, const char *rule)
{
	if (!expected->expects)
		return false;
	if (result != (uint32_t)expected->result)
		return true;
	return expected->rule[0] && strcmp(expected->rule, rule) != 0;
}

static int try_devices(const struct policy *policy, const struct policy_context *context,
		       const struct inventory *inventory, struct trial *trial)
{
	for (size_t i = 0; i < inventory->count; i++) {
		struct trial_result *result = &trial->results[trial->count++];
		const struct inventory_expected *expected = &inventory->devices[i].expected;

		result->device = &inventory->devices[i];
		policy_decide_usb(policy, context, &result->device->facts, NULL, &result->verdict);
		result->wrong = differs(expected, result->verdict.result, result->verdict.rule);
		trial->expecting += expected->expects;
		trial->wrong += result->wrong;
		if (result->wrong && policy_explain_usb(policy, context, &result->device->facts,
							NULL, &result->explanation))
			return -ENOMEM;
	}
	return 0;
}

static int try_network(const struct policy *policy, const struct policy_context *context,
		       const struct inventory *inventory, struct trial *trial)
{
	for (size_t i = 0; i < inventory->question_count; i++) {
		struct trial_answer *answer = &trial->answers[trial->answer_count++];
		const struct inventory_question *it = &inventory->questions[i];

		answer->question = it;
		policy_decide_net(policy, context, &it->question, &answer->verdict);
		answer->wrong =
			differs(&it->expected, answer->verdict.result, answer->verdict.rule);
		trial->expecting += it->expected.expects;
		trial->wrong += answer->wrong;
		if (answer->wrong &&
		    policy_explain_net(policy, context, &it->question, &answer->explanation))
			return -ENOMEM;
	}
	return 0;
}

static int try_transfers(const struct policy *policy, const struct policy_context *context,
			 const struct inventory *inventory, struct trial *trial)
{
	for (size_t i = 0; i < inventory->transfer_count; i++) {
		struct trial_transfer *answer = &trial->transfers[trial->transfer_count++];
		const struct inventory_transfer *it = &inventory->transfers[i];

		answer->transfer = it;
		policy_decide_transfer(policy, context, &it->facts, &answer->verdict);
		answer->wrong = differs(&it->expected, answer->verdict.verdict.result,
					answer->verdict.verdict.rule);
		trial->expecting += it->expected.expects;
		trial->wrong += answer->wrong;
		if (answer->wrong &&
		    policy_explain_transfer(policy, context, &it->facts, &answer->explanation))
			return -ENOMEM;
	}
	return 0;
}

int trial_run(const struct policy *policy, const struct policy_context *context,
	      const struct inventory *inventory, struct trial *trial)
{
	int ret;

	*trial = (struct trial){ 0 };
	trial->results = calloc(inventory->count + 1, sizeof(*trial->results));
	trial->answers = calloc(inventory->question_count + 1, sizeof(*trial->answers));
	trial->transfers = calloc(inventory->transfer_count + 1, sizeof(*trial->transfers));
	if (!trial->results || !trial->answers || !trial->transfers)
		return -ENOMEM;
	ret = try_devices(policy, context, inventory, trial);
	if (!ret)
		ret = try_network(policy, context, inventory, trial);
	return ret ? ret : try_transfers(policy, context, inventory, trial);
}

void trial_clear(struct trial *trial)
{
	for (size_t i = 0; i < trial->count; i++)
		explanation_free(trial->results[i].explanation);
	for (size_t i = 0; i < trial->answer_count; i++)
		net_explanation_free(trial->answers[i].explanation);
	for (size_t i = 0; i < trial->transfer_count; i++)
		transfer_explanation_free(trial->transfers[i].explanation);
	free(trial->results);
	free(trial->answers);
	free(trial->transfers);
	*trial = (struct trial){ 0 };
}

/* One line of the table, whatever it is about. */
struct line {
	const struct inventory_expected *expected;
	bool wrong;
	uint32_t result;
	uint32_t cause;
	const char *rule;
	const char *title;
};

static struct line device_line(const struct trial_result *result, char title[static TITLE_SIZE])
{
	inventory_title(&result->device->facts, title, TITLE_SIZE);
	return (struct line){ &result->device->expected, result->wrong,
			      result->verdict.result,	 result->verdict.cause,
			      result->verdict.rule,	 title };
}

static struct line answer_line(const struct trial_answer *answer, char title[static TITLE_SIZE])
{
	inventory_question_title(&answer->question->question, title, TITLE_SIZE);
	return (struct line){ &answer->question->expected, answer->wrong,
			      answer->verdict.result,	   answer->verdict.cause,
			      answer->verdict.rule,	   title };
}

static struct line transfer_line(const struct trial_transfer *answer)
{
	const struct policy_verdict *verdict = &answer->verdict.verdict;

	return (struct line){ &answer->transfer->expected,
			      answer->wrong,
			      verdict->result,
			      verdict->cause,
			      verdict->rule,
			      answer->transfer->title };
}

static const char *judgement(const struct line *it)
{
	if (!it->expected->expects)
		return "";
	return it->wrong ? "WRONG" : "as expected";
}

static int add_line(struct libscols_table *table, const struct line *it)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);

	if (!line)
		return -ENOMEM;
	if (scols_line_set_data(line, 0, judgement(it)) ||
	    scols_line_set_data(line, 1, policy_result_name(it->result)) ||
	    scols_line_set_data(line, 2, it->rule[0] ? it->rule : policy_cause_name(it->cause)) ||
	    scols_line_set_data(line, 3, it->title))
		return -ENOMEM;
	return 0;
}

static int add_lines(struct libscols_table *table, const struct trial *trial)
{
	char title[TITLE_SIZE];
	struct line line;
	int ret = 0;

	for (size_t i = 0; !ret && i < trial->count; i++) {
		line = device_line(&trial->results[i], title);
		ret = add_line(table, &line);
	}
	for (size_t i = 0; !ret && i < trial->answer_count; i++) {
		line = answer_line(&trial->answers[i], title);
		ret = add_line(table, &line);
	}
	for (size_t i = 0; !ret && i < trial->transfer_count; i++) {
		line = transfer_line(&trial->transfers[i]);
		ret = add_line(table, &line);
	}
	return ret;
}

static int print_table(FILE *out, const struct trial *trial)
{
	static const char *const columns[] = { "TEST", "RESULT", "RULE", "DEVICE" };
	struct libscols_table *table = scols_new_table();
	int ret = table ? 0 : -ENOMEM;

	for (size_t i = 0; !ret && i < sizeof(columns) / sizeof(columns[0]); i++) {
		bool subject = i == 3 && trial->count == 0;

		ret = scols_table_new_column(table, subject ? "SUBJECT" : columns[i], 0, 0)
			      ? 0
			      : -ENOMEM;
	}
	if (!ret)
		ret = add_lines(table, trial);
	if (!ret) {
		scols_table_set_stream(table, out);
		ret = scols_print_table(table);
	}
	scols_unref_table(table);
	return ret;
}

static void print_wrong(FILE *out, const struct line *it)
{
	fprintf(out, "\n%s: expected is %s%s%s, but\n", it->title,
		policy_result_name(it->expected->result), it->expected->rule[0] ? " by " : "",
		it->expected->rule);
}

int trial_print(FILE *out, const char *name, const struct trial *trial)
{
	size_t lines = trial->count + trial->answer_count + trial->transfer_count;
	int ret = lines ? print_table(out, trial) : 0;
	char title[TITLE_SIZE];

	for (size_t i = 0; !ret && i < trial->count; i++) {
		struct line line = device_line(&trial->results[i], title);

		if (!line.wrong)
			continue;
		print_wrong(out, &line);
		explanation_print(out, name, trial->results[i].explanation);
	}
	for (size_t i = 0; !ret && i < trial->answer_count; i++) {
		struct line line = answer_line(&trial->answers[i], title);

		if (!line.wrong)
			continue;
		print_wrong(out, &line);
		net_explanation_print(out, name, trial->answers[i].explanation);
	}
	for (size_t i = 0; !ret && i < trial->transfer_count; i++) {
		struct line line = transfer_line(&trial->transfers[i]);

		if (!line.wrong)
			continue;
		print_wrong(out, &line);
		transfer_explanation_print(out, name, trial->transfers[i].explanation);
	}
	fputc('\n', out);
	if (trial->count || lines == 0)
		fprintf(out, "%zu devices, ", trial->count);
	if (trial->answer_count)
		fprintf(out, "%zu of the network, ", trial->answer_count);
	if (trial->transfer_count)
		fprintf(out, "%zu transfers, ", trial->transfer_count);
	fprintf(out, "%zu with an expected result, %zu of them wrong\n", trial->expecting,
		trial->wrong);
	return ret;
}

static json_t *result_json(const struct trial_result *result)
{
	const struct inventory_expected *expected = &result->device->expected;
	const struct policy_verdict *verdict = &result->verdict;
	char title[TITLE_SIZE];
	json_t *why = NULL;

	inventory_title(&result->device->facts, title, sizeof(title));
	if (result->explanation) {
		why = explanation_json("policy", result->explanation);
		if (!why)
			return NULL;
	}
	return json_pack(
		"{s:s, s:s, s:s, s:s?, s:s, s:i, s:s?, s:s?, s:b, s:o?}", "device", title, "result",
		policy_result_name(verdict->result), "cause", policy_cause_name(verdict->cause),
		"rule", verdict->rule[0] ? verdict->rule : NULL, "because", verdict->because,
		"line", (int)verdict->line, "expect",
		expected->expects ? policy_result_name(expected->result) : NULL, "expect_rule",
		expected->rule[0] ? expected->rule : NULL, "wrong", result->wrong, "why", why);
}

static json_t *answer_json(const struct trial_answer *answer)
{
	const struct inventory_expected *expected = &answer->question->expected;
	const struct net_verdict *verdict = &answer->verdict;
	char title[TITLE_SIZE];
	json_t *why = NULL;

	inventory_question_title(&answer->question->question, title, sizeof(title));
	if (answer->explanation) {
		why = net_explanation_json("policy", answer->explanation);
		if (!why)
			return NULL;
	}
	return json_pack(
		"{s:s, s:s, s:s, s:s?, s:s, s:i, s:s?, s:s?, s:b, s:o?}", "subject", title,
		"result", policy_result_name(verdict->result), "cause",
		policy_cause_name(verdict->cause), "rule", verdict->rule[0] ? verdict->rule : NULL,
		"because", verdict->because, "line", (int)verdict->line, "expect",
		expected->expects ? policy_result_name(expected->result) : NULL, "expect_rule",
		expected->rule[0] ? expected->rule : NULL, "wrong", answer->wrong, "why", why);
}

static json_t *transfer_json(const struct trial_transfer *answer)
{
	const struct inventory_expected *expected = &answer->transfer->expected;
	const struct policy_verdict *verdict = &answer->verdict.verdict;
	json_t *why = NULL;

	if (answer->explanation) {
		why = transfer_explanation_json("policy", answer->explanation);
		if (!why)
			return NULL;
	}
	return json_pack(
		"{s:s, s:s, s:s, s:s?, s:s, s:i, s:s?, s:s?, s:b, s:o?}", "transfer",
		answer->transfer->title, "result", policy_result_name(verdict->result), "cause",
		policy_cause_name(verdict->cause), "rule", verdict->rule[0] ? verdict->rule : NULL,
		"because", verdict->because, "line", (int)verdict->line, "expect",
		expected->expects ? policy_result_name(expected->result) : NULL, "expect_rule",
		expected->rule[0] ? expected->rule : NULL, "wrong", answer->wrong, "why", why);
}

struct json_t *trial_json(const struct trial *trial)
{
	json_t *devices = json_array(), *network = json_array(), *transfers = json_array();
	bool good = devices && network && transfers;

	for (size_t i = 0; good && i < trial->count; i++)
		good = !json_array_append_new(devices, result_json(&trial->results[i]));
	for (size_t i = 0; good && i < trial->answer_count; i++)
		good = !json_array_append_new(network, answer_json(&trial->answers[i]));
	for (size_t i = 0; good && i < trial->transfer_count; i++)
		good = !json_array_append_new(transfers, transfer_json(&trial->transfers[i]));
	if (!good) {
		json_decref(devices);
		json_decref(network);
		json_decref(transfers);
		return NULL;
	}
	return json_pack("{s:I, s:I, s:I, s:o, s:o, s:o}", "devices", (json_int_t)trial->count,
			 "expecting", (json_int_t)trial->expecting, "wrong",
			 (json_int_t)trial->wrong, "results", devices, "network", network,
			 "transfers", transfers);
}
