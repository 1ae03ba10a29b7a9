// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl_entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/ctl/ctl_door.h"
#include "agent/ctl/ctl_output.h"

#define FOREIGN_SHOWN 120

/* The style of a word that says what happened; words that are not here are plain. */
static enum ctl_style style_of(const char *word)
{
	static const struct {
		const char *word;
		enum ctl_style style;
	} styles[] = {
		{ "refused", CTL_ALARM },   { "failed", CTL_ALARM },   { "alarm", CTL_ALARM },
		{ "loss", CTL_ALARM },	    { "expired", CTL_ALARM },  { "missing", CTL_ALARM },
		{ "none", CTL_WARN },	    { "dropped", CTL_ALARM },  { "opened", CTL_FINE },
		{ "permitting", CTL_WARN }, { "permitted", CTL_FINE }, { "activated", CTL_FINE },
	};

	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++)
		if (strcmp(styles[i].word, word) == 0)
			return styles[i].style;
	return CTL_PLAIN;
}

static void print_word(const struct ctl *ctl, const char *word)
{
	enum ctl_style style = style_of(word);

	printf("%s%-10s%s  ", ctl_on(ctl, style), word, ctl_off(ctl, style));
}

/* ", LABEL TEXT", when there is a text */
static void print_part(const char *before, const char *text)
{
	if (!*text)
		return;
	fputs(before, stdout);
	ctl_print_clean(text);
}

static const char *usb_word(const char *state)
{
	static const char *const words[][2] = {
		{ "blocked", "refused" },      { "pending", "permitting" },
		{ "authorised", "permitted" }, { "failed", "failed" },
		{ "gone", "unplugged" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i][0], state) == 0)
			return words[i][1];
	return "device";
}

static void print_usb(const struct ctl *ctl, const json_t *event)
{
	const json_t *outcome = json_object_get(event, "outcome");
	const json_t *facts = json_object_get(outcome, "facts");
	const json_t *verdict = json_object_get(outcome, "verdict");
	bool gone = strcmp(ctl_text(outcome, "state"), "gone") == 0;

	print_word(ctl, usb_word(ctl_text(outcome, "state")));
	print_part("port ", ctl_text(facts, "port"));
	print_part(", ", ctl_text(facts, "id"));
	print_part(" ", ctl_text(facts, "manufacturer"));
	print_part(" ", ctl_text(facts, "name"));
	print_part(", serial ", ctl_text(facts, "serial"));
	print_part(", kernel error ", ctl_text(outcome, "error"));
	if (gone)
		return;
	print_part(": rule ", ctl_text(verdict, "rule"));
	if (ctl_number(verdict, "line"))
		printf(" (line %lld)", (long long)ctl_number(verdict, "line"));
	print_part(": ", ctl_text(verdict, "because"));
}

static const char *link_word(const char *state)
{
	static const char *const words[][2] = {
		{ "down", "closed" },	{ "pending", "permitting" }, { "open", "opened" },
		{ "failed", "failed" }, { "gone", "link gone" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i][0], state) == 0)
			return words[i][1];
	return "link";
}

static void print_link(const struct ctl *ctl, const json_t *event)
{
	const json_t *outcome = json_object_get(event, "outcome");
	const json_t *link = json_object_get(outcome, "link");
	const json_t *verdict = json_object_get(outcome, "verdict");

	print_word(ctl, link_word(ctl_text(outcome, "state")));
	print_part("link ", ctl_text(link, "name"));
	print_part(", ", ctl_text(link, "kind"));
	print_part(" ", *ctl_text(link, "permanent") ? ctl_text(link, "permanent")
						     : ctl_text(link, "mac"));
	print_part(" at ", ctl_text(link, "path"));
	print_part(", kernel error ", ctl_text(outcome, "error"));
	if (strcmp(ctl_text(outcome, "state"), "gone") == 0)
		return;
	print_part(": rule ", ctl_text(verdict, "rule"));
	if (ctl_number(verdict, "line"))
		printf(" (line %lld)", (long long)ctl_number(verdict, "line"));
	print_part(": ", ctl_text(verdict, "because"));
}

static void print_flow(const json_t *flow)
{
	if (!json_is_object(flow))
		return;
	print_part(": ", ctl_text(flow, "protocol"));
	print_part(" to ", ctl_text(flow, "to"));
	if (ctl_number(flow, "port"))
		printf(" port %lld", (long long)ctl_number(flow, "port"));
	print_part(", ethertype ", ctl_text(flow, "ethertype"));
}

static void print_actor(const json_t *actor)
{
	if (!json_is_object(actor))
		return;
	if (*ctl_text(actor, "login"))
		print_part(", by ", ctl_text(actor, "login"));
	else if (json_is_integer(json_object_get(actor, "uid")))
		printf(", by user id %lld", (long long)ctl_number(actor, "uid"));
	print_part(" with ", ctl_text(actor, "program"));
	print_part(" in ", ctl_text(actor, "unit"));
}

static void print_network(const struct ctl *ctl, const json_t *event)
{
	const json_t *verdict = json_object_get(event, "verdict");

	print_word(ctl, ctl_text(event, "remedy"));
	ctl_print_clean(ctl_text(event, "violation"));
	print_part(" on ", ctl_text(json_object_get(event, "link"), "name"));
	print_part(": ", ctl_text(json_object_get(event, "address"), "address"));
	print_part(": ", ctl_text(json_object_get(event, "route"), "to"));
	print_part(" via ", ctl_text(json_object_get(event, "route"), "gateway"));
	print_flow(json_object_get(event, "flow"));
	print_actor(json_object_get(event, "actor"));
	if (ctl_number(event, "count") > 1)
		printf(", %lld times", (long long)ctl_number(event, "count"));
	print_part(", kernel error ", ctl_text(event, "error"));
	print_part(": ", ctl_text(event, "text"));
	print_part(": rule ", ctl_text(verdict, "rule"));
	print_part(": ", ctl_text(verdict, "because"));
}

static void print_policy(const struct ctl *ctl, const json_t *event)
{
	print_word(ctl, ctl_text(event, "action"));
	print_part("policy ", *ctl_text(event, "id") ? ctl_text(event, "id") : "(no id)");
	if (ctl_number(event, "serial"))
		printf(", serial %lld", (long long)ctl_number(event, "serial"));
	print_part(", signed by ", ctl_text(event, "signers"));
	print_part(": ", ctl_text(event, "reason"));
}

static void print_note(const struct ctl *ctl, const json_t *event, const char *kind)
{
	print_word(ctl, kind);
	print_part("", ctl_text(event, "name"));
	print_part(", ", ctl_text(event, "subject"));
	if (ctl_number(event, "count"))
		printf(", %lld", (long long)ctl_number(event, "count"));
	print_part(": ", ctl_text(event, "text"));
}

void ctl_entry_print(const struct ctl *ctl, const struct journal_head *head)
{
	json_t *event = json_loadb(head->event, head->event_length, JSON_REJECT_DUPLICATES, NULL);
	const char *type = ctl_text(event, "type");
	const char *grade = journal_grade_name(head->grade);

	/* "2026-12-01T08:00:00.000000Z": days and seconds are enough for people. */
	printf("%s%.10s %.8s%s  %s%-2s%s  ", ctl_on(ctl, CTL_DIM), head->time, head->time + 11,
	       ctl_off(ctl, CTL_DIM), ctl_on(ctl, grade ? CTL_WARN : CTL_PLAIN),
	       grade ? grade : "-", ctl_off(ctl, grade ? CTL_WARN : CTL_PLAIN));
	if (strcmp(type, "usb") == 0)
		print_usb(ctl, event);
	else if (strcmp(type, "link") == 0)
		print_link(ctl, event);
	else if (strcmp(type, "network") == 0)
		print_network(ctl, event);
	else if (strcmp(type, "policy") == 0)
		print_policy(ctl, event);
	else
		print_note(ctl, event, journal_kind_name(head->kind));
	putchar('\n');
	json_decref(event);
}

void ctl_entry_print_foreign(const struct ctl *ctl, const char *line, size_t length)
{
	char *text = strndup(line, length < FOREIGN_SHOWN ? length : FOREIGN_SHOWN);

	printf("%sno journal entry%s: ", ctl_on(ctl, CTL_ALARM), ctl_off(ctl, CTL_ALARM));
	ctl_print_clean(text ? text : "");
	putchar('\n');
	free(text);
}
