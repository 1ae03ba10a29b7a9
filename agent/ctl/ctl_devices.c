// SPDX-License-Identifier: GPL-2.0-or-later
/* airgapctl devices */
#include <stdio.h>
#include <string.h>

#include "agent/ctl/ctl_list.h"
#include "agent/ctl/ctl_table.h"
#include "agent/lib/usb_json.h"
#include "policy/decide/decide.h"

static const struct {
	const char *word;
	enum ctl_style style;
} states[USB_STATE_COUNT] = {
	[USB_STATE_BLOCKED] = { "blocked", CTL_ALARM },
	[USB_STATE_PENDING] = { "pending", CTL_WARN },
	[USB_STATE_AUTHORISED] = { "permitted", CTL_FINE },
	[USB_STATE_FAILED] = { "failed", CTL_ALARM },
	[USB_STATE_GONE] = { "gone", CTL_DIM },
};

static bool shown(const struct ctl *ctl, const struct ctl_device *device)
{
	return ctl_option(ctl, "all") || !ctl_device_is_root_hub(device);
}

/* The rule that decided, or what else did. */
static const char *rule_of(const struct ctl_list *list, const struct policy_verdict *verdict)
{
	if (!list->decided)
		return "-";
	if (verdict->rule[0])
		return verdict->rule;
	return policy_cause_name((enum policy_cause)verdict->cause);
}

static void add_row(struct ctl_table *table, const struct ctl_list *list,
		    const struct ctl_device *device)
{
	const struct usb_facts *facts = &device->outcome.decided.facts;
	char id[16], name[2 * USB_STRING_SIZE], interfaces[USB_INTERFACES_MAX * 9 + 1];

	snprintf(id, sizeof(id), "%04x:%04x", facts->vendor, facts->product);
	ctl_device_name(device, name, sizeof(name));
	ctl_device_interfaces(device, interfaces, sizeof(interfaces));
	ctl_table_row(table);
	ctl_table_cell(table, CTL_STRONG, facts->port);
	ctl_table_cell(table, CTL_PLAIN, id);
	ctl_table_cell(table, CTL_PLAIN, name);
	ctl_table_cell(table, CTL_PLAIN, facts->serial[0] ? facts->serial : "-");
	ctl_table_cell(table, CTL_PLAIN, interfaces);
	ctl_table_cell(table, states[device->outcome.state].style,
		       states[device->outcome.state].word);
	ctl_table_cell(table, CTL_PLAIN, rule_of(list, &device->outcome.decided.verdict));
}

static int print_table(struct ctl *ctl, const struct ctl_list *list)
{
	static const char *const headings[] = { "PORT",	      "ID",    "NAME", "SERIAL",
						"INTERFACES", "STATE", "RULE", NULL };
	struct ctl_table *table = ctl_table_new(ctl, headings);
	size_t count = 0, blocked = 0;
	int r = -1;

	for (size_t i = 0; table && i < list->count; i++) {
		if (!shown(ctl, &list->devices[i]))
			continue;
		add_row(table, list, &list->devices[i]);
		count++;
		blocked += list->devices[i].outcome.state == USB_STATE_BLOCKED;
	}
	if (table && count)
		r = ctl_table_print(table);
	else if (table)
		r = 0;
	ctl_table_free(table);
	if (r < 0) {
		ctl_error("not enough memory");
		return CTL_UNREACHABLE;
	}
	if (ctl->no_legend)
		return CTL_GOOD;
	if (!count)
		printf("No USB device is plugged in.\n");
	else if (blocked)
		printf("\n%zu plugged in, %zu blocked. 'airgapctl why PORT' tells the reason.\n",
		       count, blocked);
	else
		printf("\n%zu plugged in.\n", count);
	return CTL_GOOD;
}

static int print_json(struct ctl *ctl, const struct ctl_list *list)
{
	json_t *devices = json_array();

	for (size_t i = 0; devices && i < list->count; i++)
		if (shown(ctl, &list->devices[i]))
			json_array_append_new(devices,
					      ctl_device_json(&list->devices[i], list->decided));
	return ctl_print_json(json_pack("{s:s, s:b, s:I, s:s, s:o}", "source",
					list->decided ? "airgapd" : "kernel", "current",
					list->current || !list->decided, "missing", list->missing,
					"note", list->note, "devices", devices)) < 0
		       ? CTL_UNREACHABLE
		       : CTL_GOOD;
}

int ctl_devices(struct ctl *ctl)
{
	struct ctl_list list;
	int code = CTL_UNREACHABLE;

	if (ctl_list_load(ctl, &list) == 0)
		code = ctl->json ? print_json(ctl, &list) : print_table(ctl, &list);
	if (code == CTL_GOOD && !list.decided) {
		ctl_error("%s", list.note);
		ctl_error("shown is the kernel's own state: 'permitted' means that it lets the "
			  "device "
			  "work, 'blocked' that it does not");
		code = CTL_UNREACHABLE;
	} else if (code == CTL_GOOD && !list.current) {
		ctl_error("shown is the last known state. %s", list.note);
		code = CTL_UNREACHABLE;
	}
	if (list.missing)
		ctl_error("%lld more devices are plugged in than can be shown",
			  (long long)list.missing);
	ctl_list_free(&list);
	return code;
}
