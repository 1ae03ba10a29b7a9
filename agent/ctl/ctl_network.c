// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl network: links and why, what each may reach, what was refused, what was undone. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/ctl/ctl_door.h"
#include "agent/ctl/ctl_network.h"
#include "agent/ctl/ctl_problems.h"
#include "agent/ctl/ctl_table.h"
#include "agent/lib/daemon.h"
#include "agent/lib/path.h"

int ctl_network_load(const struct ctl *ctl, struct ctl_network *network)
{
	static const char *const kinds[] = { "link", "peer", "violation" };
	struct ctl_door door;
	json_t *object = NULL;
	int r;

	*network = (struct ctl_network){ .lists = { json_array(), json_array(), json_array() },
					 .state = json_null() };
	r = ctl_door_ask(ctl, &door, PATH_QUERY, "network", -1);
	if (r == 0)
		r = ctl_door_next(&door, &object);
	while (r > 0) {
		for (int i = 0; i < CTL_NETWORK_LISTS; i++) {
			json_t *it = json_object_get(object, kinds[i]);

			if (json_is_true(json_object_get(object, "restart")))
				json_array_clear(network->lists[i]);
			else if (json_is_object(it))
				json_array_append(network->lists[i], it);
		}
		json_decref(object);
		object = NULL;
		r = ctl_door_next(&door, &object);
	}
	if (r == 0) {
		network->current = json_is_true(json_object_get(object, "connected"));
		network->missing = ctl_number(object, "missing");
		if (json_is_object(json_object_get(object, "network")))
			network->state = json_incref(json_object_get(object, "network"));
		snprintf(network->note, sizeof(network->note), "%s", ctl_text(object, "text"));
	} else {
		snprintf(network->note, sizeof(network->note), "%s",
			 door.reason[0] ? door.reason : "airgap-doord's answer makes no sense");
	}
	json_decref(object);
	ctl_door_close(&door);
	return r;
}

void ctl_network_free(struct ctl_network *network)
{
	for (int i = 0; i < CTL_NETWORK_LISTS; i++)
		json_decref(network->lists[i]);
	json_decref(network->state);
}

static void heading(const struct ctl *ctl, const char *text)
{
	if (!ctl->no_legend)
		printf("%s%s%s\n", ctl_on(ctl, CTL_STRONG), text, ctl_off(ctl, CTL_STRONG));
}

static const char *or_dash(const char *text)
{
	return text[0] ? text : "-";
}

static enum ctl_style state_style(const char *state)
{
	return strcmp(state, "open") == 0      ? CTL_FINE
	       : strcmp(state, "pending") == 0 ? CTL_WARN
	       : strcmp(state, "failed") == 0  ? CTL_ALARM
					       : CTL_DIM;
}

static void add_link(struct ctl_table *table, const json_t *outcome)
{
	const json_t *link = json_object_get(outcome, "link");
	const json_t *verdict = json_object_get(outcome, "verdict");
	const char *permanent = ctl_text(link, "permanent");

	ctl_table_row(table);
	ctl_table_cell(table, CTL_STRONG, ctl_text(link, "name"));
	ctl_table_cell(table, CTL_PLAIN, ctl_text(link, "kind"));
	ctl_table_cell(table, CTL_PLAIN, or_dash(permanent[0] ? permanent : ctl_text(link, "mac")));
	ctl_table_cell(table, CTL_PLAIN, or_dash(ctl_text(link, "path")));
	ctl_table_cell(table, state_style(ctl_text(outcome, "state")), ctl_text(outcome, "state"));
	ctl_table_cell(table, CTL_PLAIN,
		       or_dash(ctl_text(verdict, "rule")[0] ? ctl_text(verdict, "rule")
							    : ctl_text(verdict, "cause")));
	ctl_table_cell(table, CTL_PLAIN, ctl_text(verdict, "because"));
}

static const char *link_name(const struct ctl_network *network, json_int_t index)
{
	size_t i;
	json_t *it;

	json_array_foreach(network->lists[CTL_NETWORK_LINKS], i, it)
	{
		const json_t *link = json_object_get(it, "link");

		if (ctl_number(link, "index") == index &&
		    json_is_null(json_object_get(link, "namespace")))
			return ctl_text(link, "name");
	}
	return "?";
}

/* "3 s", "12 min", "5 h", "2 d": how long ago, by the clock that also runs while the machine sleeps. */
static void ago(char *out, size_t size, json_int_t boottime_us)
{
	json_int_t s = ((json_int_t)clock_boottime_us() - boottime_us) / 1000000;

	if (s < 100)
		snprintf(out, size, "%lld s ago", (long long)(s < 0 ? 0 : s));
	else if (s < 7200)
		snprintf(out, size, "%lld min ago", (long long)(s / 60));
	else if (s < 172800)
		snprintf(out, size, "%lld h ago", (long long)(s / 3600));
	else
		snprintf(out, size, "%lld d ago", (long long)(s / 86400));
}

static void who(char *out, size_t size, const json_t *actor)
{
	const char *login = ctl_text(actor, "login");

	if (!json_is_object(actor) || json_is_null(json_object_get(actor, "uid")))
		snprintf(out, size, "-");
	else if (login[0])
		snprintf(out, size, "%s", login);
	else
		snprintf(out, size, "uid %lld", (long long)ctl_number(actor, "uid"));
}

static void where_to(char *out, size_t size, const json_t *flow)
{
	const char *to = ctl_text(flow, "to");
	json_int_t port = ctl_number(flow, "port");

	if (!to[0])
		snprintf(out, size, "ethertype %s", or_dash(ctl_text(flow, "ethertype")));
	else if (port)
		snprintf(out, size, "%s %s port %lld", ctl_text(flow, "protocol"), to,
			 (long long)port);
	else
		snprintf(out, size, "%s %s", ctl_text(flow, "protocol"), to);
}

/* A packet that was refused, in contrast to something that was undone or only seen. */
static bool is_packet(const json_t *violation)
{
	return json_is_object(json_object_get(violation, "flow"));
}

static void add_packet(struct ctl_table *table, const struct ctl_network *network, const json_t *it)
{
	const json_t *actor = json_object_get(it, "actor"), *link = json_object_get(it, "link");
	char user[80], to[160], times[32], when[32];

	who(user, sizeof(user), actor);
	where_to(to, sizeof(to), json_object_get(it, "flow"));
	snprintf(times, sizeof(times), "%lld", (long long)ctl_number(it, "count"));
	ago(when, sizeof(when), ctl_number(it, "last_us"));
	ctl_table_row(table);
	ctl_table_cell(table, CTL_STRONG, user);
	ctl_table_cell(table, CTL_PLAIN,
		       or_dash(ctl_text(actor, "program")[0] ? ctl_text(actor, "program")
							     : ctl_text(actor, "unit")));
	ctl_table_cell(table, CTL_PLAIN, to);
	ctl_table_cell(
		table, CTL_PLAIN,
		json_is_object(link)
			? ctl_text(link, "name")
			: link_name(network, ctl_number(json_object_get(it, "flow"), "link")));
	ctl_table_cell(table, CTL_PLAIN, times);
	ctl_table_cell(table, CTL_DIM, when);
	ctl_table_cell(table, CTL_PLAIN, or_dash(ctl_text(it, "text")));
}

static const char *what_of(const json_t *it)
{
	const json_t *address = json_object_get(it, "address"),
		     *route = json_object_get(it, "route");

	if (json_is_object(address))
		return ctl_text(address, "address");
	if (json_is_object(route))
		return ctl_text(route, "to");
	return ctl_text(it, "text");
}

static void add_event(struct ctl_table *table, const json_t *it)
{
	const char *remedy = ctl_text(it, "remedy");
	char when[32], times[32];

	ago(when, sizeof(when), ctl_number(it, "last_us"));
	snprintf(times, sizeof(times), "%lld", (long long)ctl_number(it, "count"));
	ctl_table_row(table);
	ctl_table_cell(table, CTL_DIM, when);
	ctl_table_cell(table, CTL_STRONG, ctl_text(it, "violation"));
	ctl_table_cell(table, CTL_PLAIN, or_dash(ctl_text(json_object_get(it, "link"), "name")));
	ctl_table_cell(table, CTL_PLAIN, or_dash(what_of(it)));
	ctl_table_cell(table, CTL_PLAIN, times);
	ctl_table_cell(table,
		       strcmp(remedy, "failed") == 0 ? CTL_ALARM
		       : strcmp(remedy, "none") == 0 ? CTL_WARN
						     : CTL_FINE,
		       remedy);
}

enum section {
	SECTION_LINKS,
	SECTION_PEERS,
	SECTION_PACKETS,
	SECTION_EVENTS,
	SECTION_COUNT,
};

static const struct {
	const char *title;
	const char *none;
	const char *headings[8];
	int list;
} sections[SECTION_COUNT] = {
	{ "Links",
	  "No link is known.",
	  { "NAME", "KIND", "ADDRESS", "PLACE", "STATE", "RULE", "WHY", NULL },
	  CTL_NETWORK_LINKS },
	{ "May be reached",
	  "Nothing: no open link has a rule that permits a destination.",
	  { "LINK", "RULE", "WHAT", NULL },
	  CTL_NETWORK_PEERS },
	{ "Refused packets",
	  "None.",
	  { "USER", "PROGRAM", "TO", "LINK", "TIMES", "LAST", "NOTE", NULL },
	  CTL_NETWORK_VIOLATIONS },
	{ "Undone or noticed",
	  "Nothing.",
	  { "LAST", "WHAT", "LINK", "DETAIL", "TIMES", "DONE", NULL },
	  CTL_NETWORK_VIOLATIONS },
};

static void add_row(struct ctl_table *table, const struct ctl_network *network,
		    enum section section, const json_t *it)
{
	switch (section) {
	case SECTION_LINKS:
		add_link(table, it);
		break;
	case SECTION_PEERS:
		ctl_table_row(table);
		ctl_table_cell(table, CTL_STRONG, link_name(network, ctl_number(it, "link")));
		ctl_table_cell(table, CTL_PLAIN, ctl_text(it, "rule"));
		ctl_table_cell(table, CTL_PLAIN, ctl_text(it, "text"));
		break;
	case SECTION_PACKETS:
		add_packet(table, network, it);
		break;
	case SECTION_EVENTS:
	case SECTION_COUNT:
		add_event(table, it);
		break;
	}
}

static int print_section(struct ctl *ctl, const struct ctl_network *network, enum section section)
{
	struct ctl_table *table = ctl_table_new(ctl, sections[section].headings);
	size_t i, count = 0;
	json_t *it;
	int r = table ? 0 : -ENOMEM;

	json_array_foreach(network->lists[sections[section].list], i, it)
	{
		if (!table || (section == SECTION_PACKETS && !is_packet(it)) ||
		    (section == SECTION_EVENTS && is_packet(it)))
			continue;
		add_row(table, network, section, it);
		count++;
	}
	if (section)
		printf("\n");
	heading(ctl, sections[section].title);
	if (count)
		r = ctl_table_print(table);
	else if (!ctl->no_legend)
		printf("%s\n", sections[section].none);
	ctl_table_free(table);
	return r;
}

static void print_maintenance(const struct ctl *ctl, const struct ctl_network *network)
{
	char text[1024];

	if (!ctl_maintenance(network->state, text, sizeof(text)))
		return;
	printf("%s!%s ", ctl_on(ctl, CTL_WARN), ctl_off(ctl, CTL_WARN));
	ctl_print_clean(text);
	printf("\n\n");
}

static int print_json(const struct ctl_network *network)
{
	return ctl_print_json(json_pack(
		"{s:b, s:I, s:s, s:O, s:O, s:O, s:O}", "current", network->current, "missing",
		network->missing, "note", network->note, "network", network->state, "links",
		network->lists[CTL_NETWORK_LINKS], "peers", network->lists[CTL_NETWORK_PEERS],
		"violations", network->lists[CTL_NETWORK_VIOLATIONS]));
}

int ctl_network(struct ctl *ctl)
{
	struct ctl_network network;
	int r = ctl_network_load(ctl, &network), code = CTL_GOOD;

	if (r < 0) {
		ctl_error("%s", network.note);
		code = CTL_UNREACHABLE;
	} else if (ctl->json) {
		r = print_json(&network);
	} else {
		print_maintenance(ctl, &network);
		for (int section = 0; r == 0 && section < SECTION_COUNT; section++)
			r = print_section(ctl, &network, (enum section)section);
	}
	if (code == CTL_GOOD && r < 0) {
		ctl_error("not enough memory");
		code = CTL_UNREACHABLE;
	} else if (code == CTL_GOOD && !network.current) {
		ctl_error("shown is the last known state. %s", network.note);
		code = CTL_UNREACHABLE;
	}
	if (network.missing)
		ctl_error("%lld more links or rules exist than can be shown",
			  (long long)network.missing);
	ctl_network_free(&network);
	return code;
}
