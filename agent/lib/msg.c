// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/msg.h"

#include <errno.h>
#include <string.h>

#define ANY_ROLE MSG_ROLE_COUNT

struct msg_rule {
	const char *name;
	uint32_t size;
	enum msg_role from; /* the only permitted sender, or ANY_ROLE */
	bool fd;	    /* a descriptor comes with it; of all others none may */
};

static const struct msg_rule rules[MSG_TYPE_COUNT] = {
	[MSG_HELLO] = { "hello", sizeof(struct msg_hello), ANY_ROLE, false },
	[MSG_EVENT_SOCKET] = { "event-socket", 0, MSG_ROLE_MONITOR, true },
	[MSG_SCAN_BEGIN] = { "scan-begin", sizeof(struct msg_scan), MSG_ROLE_MONITOR, false },
	[MSG_USB_FACTS] = { "usb-facts", sizeof(struct msg_usb_facts), MSG_ROLE_MONITOR, false },
	[MSG_SCAN_END] = { "scan-end", sizeof(struct msg_scan), MSG_ROLE_MONITOR, false },
	[MSG_USB_GONE] = { "usb-gone", sizeof(struct msg_usb_device), MSG_ROLE_MONITOR, false },
	[MSG_USB_CHANGED] = { "usb-changed", sizeof(struct msg_usb_device), MSG_ROLE_MONITOR, false },
	[MSG_EVENT_LOSS] = { "event-loss", sizeof(struct msg_event_loss), MSG_ROLE_MONITOR, false },
	[MSG_SCAN_REQUEST] = { "scan-request", sizeof(struct msg_scan), MSG_ROLE_CORE, false },
	[MSG_PING] = { "ping", sizeof(struct msg_ping), MSG_ROLE_CORE, false },
	[MSG_PONG] = { "pong", sizeof(struct msg_ping), MSG_ROLE_MONITOR, false },
	[MSG_RECORD_USB] = { "record-usb", sizeof(struct msg_record_usb), MSG_ROLE_CORE, false },
	[MSG_RECORD_POLICY] = { "record-policy", sizeof(struct msg_record_policy), MSG_ROLE_CORE,
				false },
	[MSG_RECORD_NOTE] = { "record-note", sizeof(struct msg_record_note), MSG_ROLE_CORE, false },
	[MSG_RECORDED] = { "recorded", sizeof(struct msg_recorded), MSG_ROLE_JOURNAL, false },
	[MSG_JOURNAL_STATUS] = { "journal-status", sizeof(struct msg_journal_status),
				 MSG_ROLE_JOURNAL, false },
	[MSG_AGENT_STATUS] = { "agent-status", sizeof(struct agent_status), MSG_ROLE_CORE, false },
	[MSG_DEVICES_BEGIN] = { "devices-begin", 0, MSG_ROLE_CORE, false },
	[MSG_USB_OUTCOME] = { "usb-outcome", sizeof(struct usb_outcome), MSG_ROLE_CORE, false },
	[MSG_CONTROL_REPLY] = { "control-reply", sizeof(struct msg_control_reply), MSG_ROLE_CORE,
				false },
	[MSG_CONTROL] = { "control", sizeof(struct msg_control), MSG_ROLE_DOOR, true },
};

/* A field that must hold before anyone reads it: a terminated text, or a number below a limit. */
struct msg_field {
	enum msg_type type;
	uint32_t offset;
	uint32_t size;	/* of a text's array; 1 or 4 for a number */
	uint32_t limit; /* 0: a text; else the number must be below it */
};

#define TEXT(type, body, member) \
	{ type, (uint32_t)offsetof(body, member), (uint32_t)sizeof(((body *)NULL)->member), 0 }
#define BELOW(type, body, member, limit) \
	{ type, (uint32_t)offsetof(body, member), (uint32_t)sizeof(((body *)NULL)->member), limit }

#define FACTS(type, body, path) \
	BELOW(type, body, path.connect, USB_CONNECT_COUNT), \
	BELOW(type, body, path.flaw, USB_FLAW_COUNT_OF), \
	BELOW(type, body, path.interface_count, USB_INTERFACES_MAX + 1), \
	TEXT(type, body, path.port), TEXT(type, body, path.serial), \
	TEXT(type, body, path.manufacturer), TEXT(type, body, path.name)

#define OUTCOME(type, body, path) \
	FACTS(type, body, path decided.facts), \
	BELOW(type, body, path decided.verdict.result, POLICY_RESULT_PERMIT + 1), \
	BELOW(type, body, path decided.verdict.cause, POLICY_CAUSE_COUNT), \
	TEXT(type, body, path decided.verdict.rule), \
	TEXT(type, body, path decided.verdict.because), \
	BELOW(type, body, path state, USB_STATE_COUNT)

#define RECORD(type, body) \
	BELOW(type, body, record.kind, RECORD_KIND_COUNT), \
	BELOW(type, body, record.grade, RECORD_GRADE_COUNT)

static const struct msg_field fields[] = {
	TEXT(MSG_HELLO, struct msg_hello, version),
	BELOW(MSG_SCAN_BEGIN, struct msg_scan, cause, MSG_SCAN_CAUSE_COUNT),
	FACTS(MSG_USB_FACTS, struct msg_usb_facts, facts),
	BELOW(MSG_SCAN_END, struct msg_scan, cause, MSG_SCAN_CAUSE_COUNT),
	TEXT(MSG_USB_GONE, struct msg_usb_device, port),
	TEXT(MSG_USB_CHANGED, struct msg_usb_device, port),
	BELOW(MSG_EVENT_LOSS, struct msg_event_loss, cause, MSG_SCAN_CAUSE_COUNT),
	BELOW(MSG_SCAN_REQUEST, struct msg_scan, cause, MSG_SCAN_CAUSE_COUNT),
	RECORD(MSG_RECORD_USB, struct msg_record_usb),
	OUTCOME(MSG_RECORD_USB, struct msg_record_usb, outcome.),
	RECORD(MSG_RECORD_POLICY, struct msg_record_policy),
	BELOW(MSG_RECORD_POLICY, struct msg_record_policy, event, POLICY_EVENT_COUNT),
	TEXT(MSG_RECORD_POLICY, struct msg_record_policy, id),
	TEXT(MSG_RECORD_POLICY, struct msg_record_policy, signers),
	TEXT(MSG_RECORD_POLICY, struct msg_record_policy, reason),
	RECORD(MSG_RECORD_NOTE, struct msg_record_note),
	TEXT(MSG_RECORD_NOTE, struct msg_record_note, event),
	TEXT(MSG_RECORD_NOTE, struct msg_record_note, subject),
	TEXT(MSG_RECORD_NOTE, struct msg_record_note, text),
	BELOW(MSG_AGENT_STATUS, struct agent_status, mode, AGENT_MODE_COUNT),
	TEXT(MSG_AGENT_STATUS, struct agent_status, policy_id),
	TEXT(MSG_AGENT_STATUS, struct agent_status, terminal),
	TEXT(MSG_AGENT_STATUS, struct agent_status, unit),
	TEXT(MSG_AGENT_STATUS, struct agent_status, level),
	TEXT(MSG_AGENT_STATUS, struct agent_status, reason),
	TEXT(MSG_AGENT_STATUS, struct agent_status, valid_from),
	TEXT(MSG_AGENT_STATUS, struct agent_status, valid_until),
	OUTCOME(MSG_USB_OUTCOME, struct usb_outcome, ),
	TEXT(MSG_CONTROL_REPLY, struct msg_control_reply, text),
	BELOW(MSG_CONTROL, struct msg_control, verb, CONTROL_COUNT),
};

static const struct msg_rule *rule_of(uint32_t type)
{
	if (type >= MSG_TYPE_COUNT || !rules[type].name)
		return NULL;
	return &rules[type];
}

int msg_size(uint32_t type)
{
	const struct msg_rule *rule = rule_of(type);

	return rule ? (int)rule->size : -EPROTO;
}

static bool field_holds(const struct msg_field *field, const uint8_t *body)
{
	const uint8_t *at = body + field->offset;
	uint32_t number;

	if (!field->limit)
		return memchr(at, 0, field->size) != NULL;
	if (field->size == 1)
		return *at < field->limit;
	memcpy(&number, at, sizeof(number));
	return number < field->limit;
}

int msg_check(const void *data, size_t length, enum msg_role from, bool has_fd, uint64_t sequence,
	      const char **reason)
{
	struct msg_header header;
	const struct msg_rule *rule;
	const uint8_t *body = (const uint8_t *)data + sizeof(header);

	*reason = "packet shorter than a header";
	if (length < sizeof(header))
		return -EPROTO;
	memcpy(&header, data, sizeof(header));

	rule = rule_of(header.type);
	*reason = "unknown message type";
	if (!rule)
		return -EPROTO;
	*reason = "wrong message length";
	if (header.length != rule->size || length != sizeof(header) + rule->size)
		return -EPROTO;
	*reason = "message type not permitted from this program";
	if (rule->from != ANY_ROLE && rule->from != from)
		return -EPROTO;
	*reason = "message out of sequence";
	if (header.sequence != sequence)
		return -EPROTO;
	/* A control message carries its file only when its verb needs one. */
	*reason = "unexpected descriptor";
	if (has_fd && !rule->fd)
		return -EPROTO;

	*reason = "field out of range";
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].type == header.type && !field_holds(&fields[i], body))
			return -EPROTO;
	*reason = NULL;
	return 0;
}

const char *msg_type_name(uint32_t type)
{
	const struct msg_rule *rule = rule_of(type);

	return rule ? rule->name : "unknown";
}

const char *msg_role_name(enum msg_role role)
{
	static const char *const names[MSG_ROLE_COUNT] = {
		[MSG_ROLE_CORE] = "airgapd",
		[MSG_ROLE_MONITOR] = "airgap-monitord",
		[MSG_ROLE_JOURNAL] = "airgap-journald",
		[MSG_ROLE_DOOR] = "airgap-doord",
	};

	return role < MSG_ROLE_COUNT ? names[role] : "unknown";
}
