// SPDX-License-Identifier: GPL-2.0-or-later
/* A diff for people, and the same for programs. */
#include <jansson.h>

#include "policy/decide/decide.h"
#include "policy/study/diff.h"

#define TITLE_SIZE (USB_PORT_SIZE + USB_STRING_SIZE + 16)
/* Elements of a set that are listed, of many. */
#define ELEMENTS_MAX 20

const char *diff_change_name(enum diff_change change)
{
	static const char *const names[DIFF_CHANGE_COUNT] = {
		[DIFF_REFUSED] = "now-refused",
		[DIFF_PERMITTED] = "now-permitted",
		[DIFF_INTERFACES] = "other-interfaces",
		[DIFF_RULE] = "other-rule",
	};

	return names[change];
}

const char *diff_kind_name(enum diff_kind kind)
{
	static const char *const names[DIFF_KIND_COUNT] = {
		[DIFF_ADDED] = "added",
		[DIFF_REMOVED] = "removed",
		[DIFF_CHANGED] = "changed",
	};

	return names[kind];
}

static const char *const headings[DIFF_CHANGE_COUNT] = {
	[DIFF_REFUSED] = "Was permitted, is refused:",
	[DIFF_PERMITTED] = "Was refused, is permitted:",
	[DIFF_INTERFACES] = "Is permitted with other interfaces:",
	[DIFF_RULE] = "Same result, other rule:",
};

static const char *rule_of(const struct policy_verdict *verdict)
{
	return verdict->rule[0] ? verdict->rule
				: policy_cause_name((enum policy_cause)verdict->cause);
}

static void print_types(FILE *out, const struct usb_facts *facts)
{
	fputs(" [", out);
	for (uint32_t i = 0; i < facts->interface_count; i++)
		fprintf(out, " %02x:%02x:%02x", facts->interfaces[i].class,
			facts->interfaces[i].subclass, facts->interfaces[i].protocol);
	fputs(" ]", out);
}

static void print_subjects(FILE *out, const struct diff *diff)
{
	char title[TITLE_SIZE];

	for (size_t i = 0; i < diff->subject_count; i++) {
		const struct diff_subject *it = &diff->subjects[i];

		if (i == 0 || diff->subjects[i - 1].change != it->change)
			fprintf(out, "%s%s\n", i ? "\n" : "", headings[it->change]);
		inventory_title(it->facts, title, sizeof(title));
		fprintf(out, "    %s", title);
		if (it->facts->serial[0])
			fprintf(out, " serial %s", it->facts->serial);
		print_types(out, it->facts);
		fprintf(out, "\n        %s -> %s: %s\n", rule_of(&it->before), rule_of(&it->after),
			it->after.because);
	}
	if (diff->subject_count)
		fputc('\n', out);
	fprintf(out, "%zu of %zu devices change\n", diff->subject_count, diff->subjects_tried);
}

static const char *answered_by(const struct net_verdict *verdict)
{
	return verdict->rule[0] ? verdict->rule
				: policy_cause_name((enum policy_cause)verdict->cause);
}

static void print_questions(FILE *out, const struct diff *diff)
{
	char title[INVENTORY_TITLE_SIZE];

	for (size_t i = 0; i < diff->question_count; i++) {
		const struct diff_question *it = &diff->questions[i];

		if (i == 0 || diff->questions[i - 1].change != it->change)
			fprintf(out, "\n%s\n", headings[it->change]);
		inventory_question_title(it->question, title, sizeof(title));
		fprintf(out, "    %s\n        %s -> %s: %s\n", title, answered_by(&it->before),
			answered_by(&it->after), it->after.because);
	}
	if (diff->questions_tried)
		fprintf(out, "%s%zu of %zu questions about the network change\n",
			diff->question_count ? "\n" : "", diff->question_count,
			diff->questions_tried);
}

static void print_elements(FILE *out, char sign, const char **elements)
{
	size_t count = 0;

	for (; elements[count]; count++)
		if (count < ELEMENTS_MAX)
			fprintf(out, "      %c %s\n", sign, elements[count]);
	if (count > ELEMENTS_MAX)
		fprintf(out, "      %c and %zu more\n", sign, count - ELEMENTS_MAX);
}

static void print_text(FILE *out, const struct diff_text *text)
{
	if (text->added) {
		fprintf(out, "  ~ %s\n", text->key + (text->key[0] == ' '));
		print_elements(out, '+', text->added);
		print_elements(out, '-', text->removed);
		return;
	}
	if (text->before)
		fprintf(out, "  - %s\n", text->before);
	if (text->after)
		fprintf(out, "  + %s\n", text->after);
}

void diff_print(FILE *out, const struct diff *diff)
{
	print_subjects(out, diff);
	print_questions(out, diff);
	if (diff->text_count)
		fputc('\n', out);
	for (size_t i = 0; i < diff->text_count; i++)
		print_text(out, &diff->texts[i]);
	if (diff->remark_count)
		fputc('\n', out);
	for (size_t i = 0; i < diff->remark_count; i++)
		fprintf(out, "  ! %s\n", diff->remarks[i]);
}

static json_t *side_json(const struct policy_verdict *verdict)
{
	return json_pack("{s:s, s:s, s:s?, s:s}", "result",
			 policy_result_name((enum policy_result)verdict->result), "cause",
			 policy_cause_name((enum policy_cause)verdict->cause), "rule",
			 verdict->rule[0] ? verdict->rule : NULL, "because", verdict->because);
}

static json_t *subject_json(const struct diff_subject *it)
{
	char title[TITLE_SIZE];

	inventory_title(it->facts, title, sizeof(title));
	return json_pack("{s:s, s:s, s:s, s:o, s:o}", "change", diff_change_name(it->change),
			 "device", title, "serial", it->facts->serial, "before",
			 side_json(&it->before), "after", side_json(&it->after));
}

static json_t *answer_json(const struct net_verdict *verdict)
{
	return json_pack("{s:s, s:s, s:s?, s:s}", "result",
			 policy_result_name((enum policy_result)verdict->result), "cause",
			 policy_cause_name((enum policy_cause)verdict->cause), "rule",
			 verdict->rule[0] ? verdict->rule : NULL, "because", verdict->because);
}

static json_t *question_json(const struct diff_question *it)
{
	char title[INVENTORY_TITLE_SIZE];

	inventory_question_title(it->question, title, sizeof(title));
	return json_pack("{s:s, s:s, s:o, s:o}", "change", diff_change_name(it->change), "subject",
			 title, "before", answer_json(&it->before), "after",
			 answer_json(&it->after));
}

static json_t *elements_json(const char **elements)
{
	json_t *array = json_array();

	for (; array && elements && *elements; elements++)
		if (json_array_append_new(array, json_string(*elements))) {
			json_decref(array);
			return NULL;
		}
	return array;
}

static json_t *text_json(const struct diff_text *it)
{
	return json_pack("{s:s, s:s, s:s?, s:s?, s:o, s:o}", "kind", diff_kind_name(it->kind),
			 "what", it->key + (it->key[0] == ' '), "before", it->before, "after",
			 it->after, "elements_added", elements_json(it->added), "elements_removed",
			 elements_json(it->removed));
}

struct json_t *diff_json(const struct diff *diff)
{
	json_t *subjects = json_array(), *texts = json_array(), *network = json_array();
	json_t *remarks = json_array();
	bool good = subjects && texts && network && remarks;

	for (size_t i = 0; good && i < diff->subject_count; i++)
		good = !json_array_append_new(subjects, subject_json(&diff->subjects[i]));
	for (size_t i = 0; good && i < diff->question_count; i++)
		good = !json_array_append_new(network, question_json(&diff->questions[i]));
	for (size_t i = 0; good && i < diff->text_count; i++)
		good = !json_array_append_new(texts, text_json(&diff->texts[i]));
	for (size_t i = 0; good && i < diff->remark_count; i++)
		good = !json_array_append_new(remarks, json_string(diff->remarks[i]));
	if (!good) {
		json_decref(subjects);
		json_decref(texts);
		json_decref(network);
		json_decref(remarks);
		return NULL;
	}
	return json_pack("{s:b, s:I, s:o, s:I, s:o, s:o, s:o}", "same", diff_same(diff), "tried",
			 (json_int_t)diff->subjects_tried, "devices", subjects, "network_tried",
			 (json_int_t)diff->questions_tried, "network", network, "text", texts,
			 "remarks", remarks);
}
