// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/study/diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/decide.h"
#include "policy/lang/arena.h"
#include "policy/lang/policy.h"
#include "policy/lang/scalar.h"
#include "policy/lang/seen.h"
#include "policy/study/outline.h"

struct comparison {
	struct arena *arena;
	struct outline old;
	struct outline new;
	struct seen in_old;
	struct seen in_new;
	struct diff *diff;
};

static bool same_reason(const struct policy_verdict *a, const struct policy_verdict *b)
{
	return a->cause == b->cause && strcmp(a->rule, b->rule) == 0;
}

static bool differs(struct diff_subject *subject)
{
	const struct policy_verdict *a = &subject->before, *b = &subject->after;

	if (a->result != b->result)
		subject->change = b->result == POLICY_RESULT_REFUSE ? DIFF_REFUSED : DIFF_PERMITTED;
	else if (memcmp(a->interfaces, b->interfaces, sizeof(a->interfaces)) != 0)
		subject->change = DIFF_INTERFACES;
	else if (!same_reason(a, b))
		subject->change = DIFF_RULE;
	else
		return false;
	return true;
}

/* In the order of the inventory within each kind of change. */
static int by_change(const void *a, const void *b)
{
	const struct diff_subject *one = a, *other = b;

	if (one->change != other->change)
		return one->change < other->change ? -1 : 1;
	return one->facts < other->facts ? -1 : one->facts > other->facts;
}

static int diff_subjects(const struct policy *old, const struct policy *new,
			 const struct policy_context *context, const struct inventory *inventory,
			 struct diff *diff)
{
	diff->subjects = calloc(inventory->count + 1, sizeof(*diff->subjects));
	if (!diff->subjects)
		return -ENOMEM;
	for (size_t i = 0; i < inventory->count; i++) {
		struct diff_subject *subject = &diff->subjects[diff->subject_count];

		subject->facts = &inventory->devices[i].facts;
		policy_decide_usb(old, context, subject->facts, NULL, &subject->before);
		policy_decide_usb(new, context, subject->facts, NULL, &subject->after);
		diff->subject_count += differs(subject);
		diff->subjects_tried++;
	}
	qsort(diff->subjects, diff->subject_count, sizeof(*diff->subjects), by_change);
	return 0;
}

static bool answers_differ(struct diff_question *it)
{
	const struct net_verdict *a = &it->before, *b = &it->after;

	if (a->result != b->result)
		it->change = b->result == POLICY_RESULT_REFUSE ? DIFF_REFUSED : DIFF_PERMITTED;
	else if (a->cause != b->cause || strcmp(a->rule, b->rule) != 0)
		it->change = DIFF_RULE;
	else
		return false;
	return true;
}

static int questions_by_change(const void *a, const void *b)
{
	const struct diff_question *one = a, *other = b;

	if (one->change != other->change)
		return one->change < other->change ? -1 : 1;
	return one->question < other->question ? -1 : one->question > other->question;
}

static int diff_questions(const struct policy *old, const struct policy *new,
			  const struct policy_context *context, const struct inventory *inventory,
			  struct diff *diff)
{
	diff->questions = calloc(inventory->question_count + 1, sizeof(*diff->questions));
	if (!diff->questions)
		return -ENOMEM;
	for (size_t i = 0; i < inventory->question_count; i++) {
		struct diff_question *it = &diff->questions[diff->question_count];

		it->question = &inventory->questions[i].question;
		policy_decide_net(old, context, it->question, &it->before);
		policy_decide_net(new, context, it->question, &it->after);
		diff->question_count += answers_differ(it);
		diff->questions_tried++;
	}
	qsort(diff->questions, diff->question_count, sizeof(*diff->questions), questions_by_change);
	return 0;
}

static int index_outline(const struct outline *outline, struct seen *seen)
{
	for (size_t i = 0; i < outline->count; i++) {
		struct outline_entry *it = &outline->entries[i];
		struct seen_entry *entry;
		bool fresh;

		entry = seen_add(seen, it->key, strlen(it->key), it->statement->at, &fresh);
		if (!entry)
			return -ENOMEM;
		if (fresh)
			entry->data = it;
	}
	return 0;
}

static struct outline_entry *find(const struct seen *seen, const char *key)
{
	struct seen_entry *entry = seen_find(seen, key, strlen(key));

	return entry ? entry->data : NULL;
}

/* Elements of a set that are not in another one, as written. */
static const char **elements_without(struct arena *arena, const struct statement *of,
				     const struct statement *without)
{
	const struct value *list = statement_value(of, "elements");
	const struct value *others = statement_value(without, "elements");
	const char **out = arena_alloc(arena, (list->list.count + 1) * sizeof(*out));
	struct seen seen = { .arena = arena };
	uint8_t key[SCALAR_KEY_MAX];
	size_t count = 0;
	bool fresh;

	for (uint32_t i = 0; out && i < others->list.count; i++) {
		const struct value *it = &others->list.items[i];

		if (!seen_add(&seen, key, scalar_key(it, key), it->at, &fresh))
			return NULL;
	}
	for (uint32_t i = 0; out && i < list->list.count; i++) {
		const struct value *it = &list->list.items[i];

		if (!seen_find(&seen, key, scalar_key(it, key)))
			out[count++] = it->text;
	}
	return out;
}

/* Sets of one kind are compared element by element: their order means nothing. */
static int compare_sets(struct comparison *it, const struct outline_entry *old,
			const struct outline_entry *new, struct diff_text *text)
{
	const char *kind = statement_text(old->statement, "kind");

	if (strcmp(kind, statement_text(new->statement, "kind")) != 0)
		return 0;
	text->added = elements_without(it->arena, new->statement, old->statement);
	text->removed = elements_without(it->arena, old->statement, new->statement);
	return text->added && text->removed ? 0 : -ENOMEM;
}

static struct diff_text *next_text(struct comparison *it, enum diff_kind kind,
				   const struct outline_entry *entry)
{
	struct diff_text *text = &it->diff->texts[it->diff->text_count++];

	*text = (struct diff_text){ .kind = kind, .key = entry->key };
	return text;
}

static int add_changed(struct comparison *it, const struct outline_entry *old,
		       const struct outline_entry *new)
{
	struct diff_text *text = next_text(it, DIFF_CHANGED, old);
	int ret = 0;

	text->before = old->text;
	text->after = new->text;
	if (old->set)
		ret = compare_sets(it, old, new, text);
	/* The same elements in another order. */
	if (!ret && text->added && !text->added[0] && !text->removed[0])
		it->diff->text_count--;
	return ret;
}

static int rank(const struct outline_entry *entry)
{
	return entry->rule ? 0 : entry->set ? 1 : 2;
}

static int diff_texts(struct comparison *it, int of_rank)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < it->old.count; i++) {
		const struct outline_entry *old = &it->old.entries[i];
		const struct outline_entry *new = find(&it->in_new, old->key);

		if (rank(old) != of_rank)
			continue;
		if (!new)
			next_text(it, DIFF_REMOVED, old)->before = old->text;
		else if (strcmp(old->text, new->text) != 0)
			ret = add_changed(it, old, new);
	}
	for (size_t i = 0; i < it->new.count; i++) {
		const struct outline_entry *new = &it->new.entries[i];

		if (rank(new) == of_rank && !find(&it->in_old, new->key))
			next_text(it, DIFF_ADDED, new)->after = new->text;
	}
	return ret;
}

int diff_policies(const struct policy *old, const struct policy *new,
		  const struct policy_context *context, const struct inventory *inventory,
		  struct diff *diff)
{
	struct comparison it = { .arena = arena_new(), .diff = diff };
	int ret;

	*diff = (struct diff){ .arena = it.arena };
	it.in_old.arena = it.in_new.arena = it.arena;
	if (!it.arena)
		return -ENOMEM;
	ret = outline_document(it.arena, policy_document(old), &it.old);
	ret = ret ? ret : outline_document(it.arena, policy_document(new), &it.new);
	ret = ret ? ret : index_outline(&it.old, &it.in_old);
	ret = ret ? ret : index_outline(&it.new, &it.in_new);
	if (ret)
		return ret;
	diff->texts = calloc(it.old.count + it.new.count + 1, sizeof(*diff->texts));
	if (!diff->texts)
		return -ENOMEM;
	for (int of_rank = 0; !ret && of_rank < 3; of_rank++)
		ret = diff_texts(&it, of_rank);
	ret = ret ? ret : diff_recipients(old, new, diff);
	ret = ret ? ret : diff_subjects(old, new, context, inventory, diff);
	return ret ? ret : diff_questions(old, new, context, inventory, diff);
}

bool diff_same(const struct diff *diff)
{
	return !diff->subject_count && !diff->question_count && !diff->text_count;
}

void diff_clear(struct diff *diff)
{
	arena_free(diff->arena);
	free(diff->subjects);
	free(diff->questions);
	free(diff->texts);
	free(diff->remarks);
	*diff = (struct diff){ 0 };
}
