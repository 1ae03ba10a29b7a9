// SPDX-License-Identifier: GPL-2.0-or-later
/* What must hold in a message's body before anyone reads it: one list for all types. */
#include "agent/lib/msg_fields.h"

#include <stddef.h>
#include <string.h>

#include "agent/lib/msg.h"
#include "policy/transfer/approval.h"

/* A field that must hold before anyone reads it: a terminated text, or a number below a limit. */
struct msg_field {
	enum msg_type type;
	uint32_t offset;
	uint32_t size;	/* of a text's array; 1 or 4 for a number */
	uint32_t limit; /* 0: a text; else the number must be below it */
};

#define TEXT(type, body, member)                                                                   \
	{                                                                                          \
		type, (uint32_t)offsetof(body, member), (uint32_t)sizeof(((body *)NULL)->member),  \
			0                                                                          \
	}
#define BELOW(type, body, member, limit)                                                           \
	{                                                                                          \
		type, (uint32_t)offsetof(body, member), (uint32_t)sizeof(((body *)NULL)->member),  \
			limit                                                                      \
	}

#define FACTS(type, body, in)                                                                      \
	BELOW(type, body, in.connect, USB_CONNECT_COUNT),                                          \
		BELOW(type, body, in.flaw, USB_FLAW_COUNT_OF),                                     \
		BELOW(type, body, in.interface_count, USB_INTERFACES_MAX + 1),                     \
		TEXT(type, body, in.port), TEXT(type, body, in.serial),                            \
		TEXT(type, body, in.manufacturer), TEXT(type, body, in.name)

#define OUTCOME(type, body, in)                                                                    \
	FACTS(type, body, in decided.facts),                                                       \
		BELOW(type, body, in decided.verdict.result, POLICY_RESULT_PERMIT + 1),            \
		BELOW(type, body, in decided.verdict.cause, POLICY_CAUSE_COUNT),                   \
		TEXT(type, body, in decided.verdict.rule),                                         \
		TEXT(type, body, in decided.verdict.because),                                      \
		BELOW(type, body, in state, USB_STATE_COUNT)

#define RECORD(type, body)                                                                         \
	BELOW(type, body, record.kind, RECORD_KIND_COUNT),                                         \
		BELOW(type, body, record.grade, RECORD_GRADE_COUNT)

#define PREFIX(type, body, in)                                                                     \
	BELOW(type, body, in.family, NET_FAMILY_COUNT), BELOW(type, body, in.bits, 129)

#define LINK(type, body, in)                                                                       \
	BELOW(type, body, in.kind, NET_KIND_COUNT), BELOW(type, body, in.flaw, NET_FLAW_COUNT),    \
		BELOW(type, body, in.mac_length, NET_LLADDR_MAX + 1),                              \
		BELOW(type, body, in.permanent_length, NET_LLADDR_MAX + 1),                        \
		TEXT(type, body, in.name), TEXT(type, body, in.info_kind),                         \
		TEXT(type, body, in.driver), TEXT(type, body, in.path)

#define FLOW(type, body, in)                                                                       \
	PREFIX(type, body, in.to), PREFIX(type, body, in.from),                                    \
		BELOW(type, body, in.protocol, NET_PROTOCOL_COUNT)

#define ADDRESS(type, body, in) PREFIX(type, body, in.local), PREFIX(type, body, in.peer)

#define ROUTE(type, body, in)                                                                      \
	PREFIX(type, body, in.to), PREFIX(type, body, in.gateway), PREFIX(type, body, in.source)

#define NET_VERDICT(type, body, in)                                                                \
	BELOW(type, body, in.result, POLICY_RESULT_PERMIT + 1),                                    \
		BELOW(type, body, in.cause, POLICY_CAUSE_COUNT), TEXT(type, body, in.rule),        \
		TEXT(type, body, in.because)

#define ACTOR(type, body, in)                                                                      \
	BELOW(type, body, in.confidence, NET_CONFIDENCE_COUNT), TEXT(type, body, in.login),        \
		TEXT(type, body, in.program), TEXT(type, body, in.unit)

#define NET_OUTCOME(type, body, in)                                                                \
	LINK(type, body, in decided.link), NET_VERDICT(type, body, in decided.verdict),            \
		BELOW(type, body, in state, NET_STATE_COUNT)

#define VIOLATION(type, body, in)                                                                  \
	BELOW(type, body, in kind, NET_VIOLATION_COUNT),                                           \
		BELOW(type, body, in evidence, NET_EVIDENCE_COUNT),                                \
		BELOW(type, body, in remedy, NET_REMEDY_COUNT), LINK(type, body, in link),         \
		ADDRESS(type, body, in address), ROUTE(type, body, in route),                      \
		FLOW(type, body, in flow), ACTOR(type, body, in actor),                            \
		NET_VERDICT(type, body, in verdict), TEXT(type, body, in text)

#define VERDICT(type, body, in)                                                                    \
	BELOW(type, body, in.result, POLICY_RESULT_PERMIT + 1),                                    \
		BELOW(type, body, in.cause, POLICY_CAUSE_COUNT), TEXT(type, body, in.rule),        \
		TEXT(type, body, in.because)

#define MEDIUM(type, body, in)                                                                     \
	BELOW(type, body, in kind, MEDIA_KIND_COUNT),                                              \
		BELOW(type, body, in right, MEDIA_RIGHT_COUNT),                                    \
		BELOW(type, body, in reason, MEDIUM_REASON_COUNT),                                 \
		BELOW(type, body, in filesystem, MEDIA_FILESYSTEM_COUNT),                          \
		TEXT(type, body, in port), TEXT(type, body, in name), TEXT(type, body, in level),  \
		TEXT(type, body, in unit), TEXT(type, body, in custodian),                         \
		TEXT(type, body, in text)

#define MEDIUM_FACTS(type, body)                                                                   \
	BELOW(type, body, facts.layout, MEDIUM_LAYOUT_COUNT),                                      \
		BELOW(type, body, facts.record_state, MEDIUM_RECORD_COUNT),                        \
		BELOW(type, body, facts.filesystem, MEDIUM_FILESYSTEM_COUNT + 1),                  \
		TEXT(type, body, facts.serial), TEXT(type, body, facts.uuid),                      \
		BELOW(type, body, facts.record.filesystem, MEDIUM_FILESYSTEM_COUNT + 1),           \
		TEXT(type, body, facts.record.serial), TEXT(type, body, facts.record.uuid)

#define TRANSFER(type)                                                                             \
	RECORD(type, struct msg_record_transfer),                                                  \
		BELOW(type, struct msg_record_transfer, event, TRANSFER_EVENT_COUNT),              \
		BELOW(type, struct msg_record_transfer, direction, TRANSFER_DIRECTION_COUNT),      \
		BELOW(type, struct msg_record_transfer, medium_kind, TRANSFER_MEDIUM_COUNT),       \
		TEXT(type, struct msg_record_transfer, level),                                     \
		TEXT(type, struct msg_record_transfer, unit),                                      \
		TEXT(type, struct msg_record_transfer, peer),                                      \
		TEXT(type, struct msg_record_transfer, login),                                     \
		TEXT(type, struct msg_record_transfer, rule),                                      \
		TEXT(type, struct msg_record_transfer, types),                                     \
		TEXT(type, struct msg_record_transfer, names),                                     \
		TEXT(type, struct msg_record_transfer, text)

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
	BELOW(MSG_AGENT_STATUS, struct agent_status, network, NETWORK_STATE_COUNT),
	BELOW(MSG_AGENT_STATUS, struct agent_status, module, AGENT_MODULE_COUNT),
	TEXT(MSG_AGENT_STATUS, struct agent_status, policy_id),
	TEXT(MSG_AGENT_STATUS, struct agent_status, terminal),
	TEXT(MSG_AGENT_STATUS, struct agent_status, unit),
	TEXT(MSG_AGENT_STATUS, struct agent_status, level),
	TEXT(MSG_AGENT_STATUS, struct agent_status, reason),
	TEXT(MSG_AGENT_STATUS, struct agent_status, valid_from),
	TEXT(MSG_AGENT_STATUS, struct agent_status, maintenance_order),
	TEXT(MSG_AGENT_STATUS, struct agent_status, maintenance_reason),
	TEXT(MSG_AGENT_STATUS, struct agent_status, valid_until),
	OUTCOME(MSG_USB_OUTCOME, struct usb_outcome, ),
	TEXT(MSG_CONTROL_REPLY, struct msg_control_reply, text),
	BELOW(MSG_CONTROL, struct msg_control, verb, CONTROL_COUNT),
	BELOW(MSG_INSPECTION, struct msg_inspection, points, 101),
	TEXT(MSG_INSPECTION, struct msg_inspection, failed),
	BELOW(MSG_NET_SOCKET, struct msg_net_socket_kind, kind, MSG_NET_SOCKET_COUNT),
	BELOW(MSG_NET_SCAN_REQUEST, struct msg_scan, cause, MSG_SCAN_CAUSE_COUNT),
	BELOW(MSG_NET_SCAN_BEGIN, struct msg_scan, cause, MSG_SCAN_CAUSE_COUNT),
	BELOW(MSG_NET_SCAN_END, struct msg_scan, cause, MSG_SCAN_CAUSE_COUNT),
	LINK(MSG_NET_LINK, struct msg_net_link, link),
	ADDRESS(MSG_NET_ADDRESS, struct msg_net_address, address),
	ROUTE(MSG_NET_ROUTE, struct msg_net_route, route),
	BELOW(MSG_NET_SIGHT, struct msg_net_sight_of, sight, MSG_NET_SIGHT_COUNT),
	BELOW(MSG_NET_SIGHT, struct msg_net_sight_of, family, NET_FAMILY_COUNT),
	PREFIX(MSG_NET_SIGHT, struct msg_net_sight_of, prefix),
	TEXT(MSG_NET_SIGHT, struct msg_net_sight_of, text),
	FLOW(MSG_NET_PACKET, struct msg_net_packet, flow),
	BELOW(MSG_NET_PACKET, struct msg_net_packet, hook, MSG_NET_HOOK_COUNT),
	RECORD(MSG_RECORD_LINK, struct msg_record_link),
	NET_OUTCOME(MSG_RECORD_LINK, struct msg_record_link, outcome.),
	RECORD(MSG_RECORD_NET, struct msg_record_net),
	VIOLATION(MSG_RECORD_NET, struct msg_record_net, violation.),
	FLOW(MSG_ATTRIBUTE, struct msg_attribute, flow),
	BELOW(MSG_ATTRIBUTE, struct msg_attribute, hook, MSG_NET_HOOK_COUNT),
	ACTOR(MSG_ATTRIBUTED, struct msg_attributed, actor),
	NET_OUTCOME(MSG_NET_OUTCOME, struct net_outcome, ),
	TEXT(MSG_NET_PEER, struct msg_net_peer, rule),
	TEXT(MSG_NET_PEER, struct msg_net_peer, text),
	VIOLATION(MSG_NET_VIOLATION, struct net_violation, ),
	BELOW(MSG_RECEIPT, struct msg_receipt, length, MSG_RECEIPT_MAX),
	BELOW(MSG_OFFICE_NOTE, struct msg_office_note, kind, MSG_OFFICE_NOTE_COUNT),
	BELOW(MSG_OFFICE_NOTE, struct msg_office_note, length, MSG_RECEIPT_MAX),
	TEXT(MSG_DOCUMENT, struct msg_document, what),
	BELOW(MSG_JOURNAL_STATUS, struct msg_journal_status, tight, 2),
	TEXT(MSG_OFFICE, struct msg_office, address),
	TEXT(MSG_OFFICE, struct msg_office, key),
	BELOW(MSG_OFFICE, struct msg_office, bundle_s, 367 * 86400),
	BELOW(MSG_OFFICE, struct msg_office, telling, MSG_TELLING_COUNT),
	BELOW(MSG_BEARING, struct msg_bearing, heartbeat_s, 86401),
	BELOW(MSG_BEARING, struct msg_bearing, telling, MSG_TELLING_COUNT),
	TEXT(MSG_DOCUMENT_TAKEN, struct msg_document_taken, text),
	TEXT(MSG_TERMINAL, struct msg_terminal, number),
	RECORD(MSG_BEARING, struct msg_bearing),
	BELOW(MSG_BEARING, struct msg_bearing, table_count, MSG_BEARING_TABLES + 1),
	TEXT(MSG_BEARING, struct msg_bearing, tables[0].name),
	TEXT(MSG_BEARING, struct msg_bearing, tables[1].name),
	TEXT(MSG_BEARING, struct msg_bearing, tables[2].name),
	TEXT(MSG_BEARING, struct msg_bearing, tables[3].name),
	TEXT(MSG_BEARING, struct msg_bearing, tables[4].name),
	TEXT(MSG_BEARING, struct msg_bearing, tables[5].name),
	TEXT(MSG_BEARING, struct msg_bearing, tables[6].name),
	TEXT(MSG_BEARING, struct msg_bearing, tables[7].name),
	BELOW(MSG_NOTICE, struct msg_notice, event, NOTICE_COUNT),
	TEXT(MSG_NOTICE, struct msg_notice, subject),
	TEXT(MSG_NOTICE, struct msg_notice, because),
	TEXT(MSG_NOTICE, struct msg_notice, rule),
	TEXT(MSG_NOTICE, struct msg_notice, call),
	BELOW(MSG_SLEEP, struct msg_sleep, begins, 2),
	TEXT(MSG_BLOCK, struct msg_block, port),
	TEXT(MSG_BLOCK, struct msg_block, name),
	BELOW(MSG_BLOCK, struct msg_block, removable, 2),
	BELOW(MSG_BLOCK, struct msg_block, optical, 2),
	TEXT(MSG_BLOCK_GONE, struct msg_block_gone, name),
	BELOW(MSG_MOUNT, struct msg_mount, verb, MSG_MOUNT_VERB_COUNT),
	BELOW(MSG_MOUNT, struct msg_mount, partition, 256),
	BELOW(MSG_MOUNT, struct msg_mount, filesystem, MEDIA_FILESYSTEM_COUNT),
	BELOW(MSG_MOUNT, struct msg_mount, right, MEDIA_RIGHT_COUNT),
	TEXT(MSG_MOUNT, struct msg_mount, name),
	BELOW(MSG_MOUNT_DONE, struct msg_mount_done, verb, MSG_MOUNT_VERB_COUNT),
	TEXT(MSG_MOUNT_DONE, struct msg_mount_done, text),
	BELOW(MSG_MEDIUM_READING, struct msg_medium_reading, record_length,
	      MSG_MEDIUM_RECORD_MAX + 1),
	BELOW(MSG_MEDIUM_READING, struct msg_medium_reading, raw_partition, 256),
	BELOW(MSG_MEDIUM_READING, struct msg_medium_reading, data_partition, 256),
	BELOW(MSG_MEDIUM_READING, struct msg_medium_reading, filesystem, MEDIA_FILESYSTEM_COUNT),
	MEDIUM_FACTS(MSG_MEDIUM_READING, struct msg_medium_reading),
	MEDIUM(MSG_MEDIUM, struct msg_medium, ),
	BELOW(MSG_MEDIUM_GONE, struct msg_medium_gone, pulled, 2),
	TEXT(MSG_MEDIUM_GONE, struct msg_medium_gone, text),
	BELOW(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, level_count,
	      POLICY_LEVELS_MAX + 1),
	BELOW(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, permitted, 2),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, terminal),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, unit),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, level),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, recovery),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, reason),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[0]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[0]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[1]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[1]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[2]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[2]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[3]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[3]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[4]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[4]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[5]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[5]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[6]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[6]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[7]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[7]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[8]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[8]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[9]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[9]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[10]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[10]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[11]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[11]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[12]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[12]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[13]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[13]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[14]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[14]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, levels[15]),
	TEXT(MSG_TRANSFER_SETTINGS, struct msg_transfer_settings, labels[15]),
	TEXT(MSG_TRANSFER_RECIPIENT, struct msg_transfer_recipient, unit),
	TEXT(MSG_TRANSFER_RECIPIENT, struct msg_transfer_recipient, level),
	TEXT(MSG_TRANSFER_RECIPIENT, struct msg_transfer_recipient, recipient),
	BELOW(MSG_TRANSFER_PERSON, struct msg_transfer_person, duty, POLICY_DUTY_COUNT),
	TEXT(MSG_TRANSFER_PERSON, struct msg_transfer_person, key),
	TEXT(MSG_TRANSFER_PERSON, struct msg_transfer_person, person),
	TEXT(MSG_TRANSFER_PERSON, struct msg_transfer_person, login),
	BELOW(MSG_TRANSFER_ASK, struct msg_transfer_ask, step, TRANSFER_STEP_COUNT),
	BELOW(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.direction, TRANSFER_DIRECTION_COUNT),
	BELOW(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.medium, TRANSFER_MEDIUM_COUNT),
	BELOW(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.files, TRANSFER_FILES_MAX + 1),
	BELOW(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.type_count, TRANSFER_TYPES_MAX + 1),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[0]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[1]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[2]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[3]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[4]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[5]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[6]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[7]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[8]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[9]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[10]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[11]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[12]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[13]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[14]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[15]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[16]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[17]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[18]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[19]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[20]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[21]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[22]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[23]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[24]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[25]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[26]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[27]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[28]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[29]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[30]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.types[31]),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, peer),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, names),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.level),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.medium_level),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.unit),
	TEXT(MSG_TRANSFER_ASK, struct msg_transfer_ask, facts.login),
	VERDICT(MSG_TRANSFER_VERDICT, struct msg_transfer_verdict, verdict.verdict),
	BELOW(MSG_TRANSFER_VERDICT, struct msg_transfer_verdict, verdict.scan, 2),
	BELOW(MSG_TRANSFER_APPROVAL, struct msg_transfer_approval, direction,
	      TRANSFER_DIRECTION_COUNT),
	TEXT(MSG_TRANSFER_APPROVAL, struct msg_transfer_approval, requester),
	TEXT(MSG_TRANSFER_APPROVAL, struct msg_transfer_approval, level),
	TEXT(MSG_TRANSFER_APPROVAL, struct msg_transfer_approval, unit),
	BELOW(MSG_TRANSFER_APPROVED, struct msg_transfer_approved, duty, POLICY_DUTY_COUNT),
	BELOW(MSG_TRANSFER_APPROVED, struct msg_transfer_approved, reason, APPROVAL_REASON_COUNT),
	TEXT(MSG_TRANSFER_APPROVED, struct msg_transfer_approved, key),
	TEXT(MSG_TRANSFER_APPROVED, struct msg_transfer_approved, person),
	TEXT(MSG_TRANSFER_APPROVED, struct msg_transfer_approved, text),
	TRANSFER(MSG_TRANSFER_EVENT),
	TRANSFER(MSG_RECORD_TRANSFER),
	TEXT(MSG_TERMINAL_KEY_ASK, struct msg_terminal_key_ask, terminal),
	TEXT(MSG_TERMINAL_KEY, struct msg_terminal_key, level),
	TEXT(MSG_TERMINAL_KEY, struct msg_terminal_key, text),
	RECORD(MSG_RECORD_MEDIUM, struct msg_record_medium),
	BELOW(MSG_RECORD_MEDIUM, struct msg_record_medium, event, MEDIA_EVENT_COUNT),
	MEDIUM(MSG_RECORD_MEDIUM, struct msg_record_medium, medium.),
	VERDICT(MSG_RECORD_MEDIUM, struct msg_record_medium, verdict.verdict),
	BELOW(MSG_RECORD_MEDIUM, struct msg_record_medium, verdict.right, MEDIA_RIGHT_COUNT),
	MEDIUM_FACTS(MSG_RECORD_MEDIUM, struct msg_record_medium),
};

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

bool msg_fields_hold(uint32_t type, const uint8_t *body)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].type == type && !field_holds(&fields[i], body))
			return false;
	return true;
}
