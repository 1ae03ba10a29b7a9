// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/msg.h"

#include <errno.h>
#include <string.h>

#include "agent/lib/msg_fields.h"

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
	[MSG_USB_CHANGED] = { "usb-changed", sizeof(struct msg_usb_device), MSG_ROLE_MONITOR,
			      false },
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
	[MSG_JOURNAL_PING] = { "journal-ping", sizeof(struct msg_ping), MSG_ROLE_CORE, false },
	[MSG_JOURNAL_PONG] = { "journal-pong", sizeof(struct msg_ping), MSG_ROLE_JOURNAL, false },
	[MSG_AGENT_STATUS] = { "agent-status", sizeof(struct agent_status), MSG_ROLE_CORE, false },
	[MSG_DEVICES_BEGIN] = { "devices-begin", 0, MSG_ROLE_CORE, false },
	[MSG_USB_OUTCOME] = { "usb-outcome", sizeof(struct usb_outcome), MSG_ROLE_CORE, false },
	[MSG_CONTROL_REPLY] = { "control-reply", sizeof(struct msg_control_reply), MSG_ROLE_CORE,
				false },
	[MSG_INSPECTION] = { "inspection", sizeof(struct msg_inspection), MSG_ROLE_DOOR, false },
	[MSG_CONTROL] = { "control", sizeof(struct msg_control), MSG_ROLE_DOOR, true },
	[MSG_NET_SOCKET] = { "net-socket", sizeof(struct msg_net_socket_kind), MSG_ROLE_CORE,
			     true },
	[MSG_NET_SCAN_REQUEST] = { "net-scan-request", sizeof(struct msg_scan), MSG_ROLE_CORE,
				   false },
	[MSG_NET_SCAN_BEGIN] = { "net-scan-begin", sizeof(struct msg_scan), MSG_ROLE_MONITOR,
				 false },
	[MSG_NET_LINK] = { "net-link", sizeof(struct msg_net_link), MSG_ROLE_MONITOR, false },
	[MSG_NET_ADDRESS] = { "net-address", sizeof(struct msg_net_address), MSG_ROLE_MONITOR,
			      false },
	[MSG_NET_ROUTE] = { "net-route", sizeof(struct msg_net_route), MSG_ROLE_MONITOR, false },
	[MSG_NET_SIGHT] = { "net-sight", sizeof(struct msg_net_sight_of), MSG_ROLE_MONITOR, false },
	[MSG_NET_SCAN_END] = { "net-scan-end", sizeof(struct msg_scan), MSG_ROLE_MONITOR, false },
	[MSG_NET_LINK_GONE] = { "net-link-gone", sizeof(struct msg_net_gone), MSG_ROLE_MONITOR,
				false },
	[MSG_NET_PACKET] = { "net-packet", sizeof(struct msg_net_packet), MSG_ROLE_MONITOR, false },
	[MSG_RECORD_LINK] = { "record-link", sizeof(struct msg_record_link), MSG_ROLE_CORE, false },
	[MSG_RECORD_NET] = { "record-net", sizeof(struct msg_record_net), MSG_ROLE_CORE, false },
	[MSG_ATTRIBUTE] = { "attribute", sizeof(struct msg_attribute), MSG_ROLE_CORE, false },
	[MSG_ATTRIBUTED] = { "attributed", sizeof(struct msg_attributed), MSG_ROLE_ATTRIBUTION,
			     false },
	[MSG_NET_BEGIN] = { "net-begin", 0, MSG_ROLE_CORE, false },
	[MSG_NET_OUTCOME] = { "net-outcome", sizeof(struct net_outcome), MSG_ROLE_CORE, false },
	[MSG_NET_PEER] = { "net-peer", sizeof(struct msg_net_peer), MSG_ROLE_CORE, false },
	[MSG_NET_VIOLATION] = { "net-violation", sizeof(struct net_violation), MSG_ROLE_CORE,
				false },
	[MSG_RECEIPT] = { "receipt", sizeof(struct msg_receipt), MSG_ROLE_REPORT, false },
	[MSG_RECEIPT_TAKEN] = { "receipt-taken", sizeof(struct msg_receipt_taken), MSG_ROLE_JOURNAL,
				false },
	[MSG_OFFICE_NOTE] = { "office-note", sizeof(struct msg_office_note), MSG_ROLE_REPORT,
			      false },
	[MSG_OFFICE_NOTE_TAKEN] = { "office-note-taken", sizeof(struct msg_office_note_taken),
				    MSG_ROLE_JOURNAL, false },
	[MSG_DOCUMENT] = { "document", sizeof(struct msg_document), MSG_ROLE_REPORT, true },
	[MSG_DOCUMENT_TAKEN] = { "document-taken", sizeof(struct msg_document_taken), MSG_ROLE_CORE,
				 false },
	[MSG_OFFICE] = { "office", sizeof(struct msg_office), MSG_ROLE_CORE, false },
	[MSG_TERMINAL] = { "terminal", sizeof(struct msg_terminal), MSG_ROLE_CORE, false },
	[MSG_BEARING] = { "bearing", sizeof(struct msg_bearing), MSG_ROLE_CORE, false },
	[MSG_NOTICE] = { "notice", sizeof(struct msg_notice), MSG_ROLE_CORE, false },
	[MSG_BLOCK] = { "block", sizeof(struct msg_block), MSG_ROLE_MONITOR, false },
	[MSG_BLOCK_GONE] = { "block-gone", sizeof(struct msg_block_gone), MSG_ROLE_MONITOR, false },
	[MSG_MOUNT] = { "mount", sizeof(struct msg_mount), MSG_ROLE_CORE, false },
	[MSG_MOUNT_DONE] = { "mount-done", sizeof(struct msg_mount_done), MSG_ROLE_MOUNT, true },
	[MSG_MEDIUM_READ] = { "medium-read", sizeof(struct msg_medium_read), MSG_ROLE_CORE, true },
	[MSG_MEDIUM_READING] = { "medium-reading", sizeof(struct msg_medium_reading),
				 MSG_ROLE_TRANSFER, false },
	[MSG_MEDIUM_COUNT] = { "medium-count", sizeof(struct msg_medium_count), MSG_ROLE_CORE,
			       true },
	[MSG_MEDIUM_COUNTED] = { "medium-counted", sizeof(struct msg_medium_counted),
				 MSG_ROLE_TRANSFER, false },
	[MSG_MEDIUM] = { "medium", sizeof(struct msg_medium), MSG_ROLE_CORE, true },
	[MSG_MEDIUM_GONE] = { "medium-gone", sizeof(struct msg_medium_gone), MSG_ROLE_CORE, false },
	[MSG_TRANSFER_SETTINGS] = { "transfer-settings", sizeof(struct msg_transfer_settings),
				    MSG_ROLE_CORE, false },
	[MSG_TRANSFER_RECIPIENT] = { "transfer-recipient", sizeof(struct msg_transfer_recipient),
				     MSG_ROLE_CORE, false },
	[MSG_TRANSFER_PERSON] = { "transfer-person", sizeof(struct msg_transfer_person),
				  MSG_ROLE_CORE, false },
	[MSG_TRANSFER_SETTINGS_END] = { "transfer-settings-end", 0, MSG_ROLE_CORE, false },
	[MSG_TRANSFER_ASK] = { "transfer-ask", sizeof(struct msg_transfer_ask), MSG_ROLE_TRANSFER,
			       false },
	[MSG_TRANSFER_VERDICT] = { "transfer-verdict", sizeof(struct msg_transfer_verdict),
				   MSG_ROLE_CORE, false },
	[MSG_TRANSFER_APPROVAL] = { "transfer-approval", sizeof(struct msg_transfer_approval),
				    MSG_ROLE_TRANSFER, true },
	[MSG_TRANSFER_APPROVED] = { "transfer-approved", sizeof(struct msg_transfer_approved),
				    MSG_ROLE_CORE, false },
	[MSG_TRANSFER_EVENT] = { "transfer-event", sizeof(struct msg_record_transfer),
				 MSG_ROLE_TRANSFER, false },
	[MSG_TRANSFER_RECORDED] = { "transfer-recorded", sizeof(struct msg_transfer_recorded),
				    MSG_ROLE_CORE, false },
	[MSG_TRANSFER_SIGN] = { "transfer-sign", sizeof(struct msg_slip_sign), MSG_ROLE_TRANSFER,
				false },
	[MSG_TRANSFER_SIGNED] = { "transfer-signed", sizeof(struct msg_slip_signed), MSG_ROLE_CORE,
				  false },
	[MSG_TERMINAL_KEY_ASK] = { "terminal-key-ask", sizeof(struct msg_terminal_key_ask),
				   MSG_ROLE_TRANSFER, false },
	[MSG_TERMINAL_KEY] = { "terminal-key", sizeof(struct msg_terminal_key), MSG_ROLE_CORE,
			       false },
	[MSG_SLEEP] = { "sleep", sizeof(struct msg_sleep), MSG_ROLE_MONITOR, false },
	[MSG_SLEEP_READY] = { "sleep-ready", 0, MSG_ROLE_CORE, false },
	[MSG_RECORD_MEDIUM] = { "record-medium", sizeof(struct msg_record_medium), MSG_ROLE_CORE,
				false },
	[MSG_RECORD_TRANSFER] = { "record-transfer", sizeof(struct msg_record_transfer),
				  MSG_ROLE_CORE, false },
	[MSG_SLIP_SIGN] = { "slip-sign", sizeof(struct msg_slip_sign), MSG_ROLE_CORE, false },
	[MSG_SLIP_SIGNED] = { "slip-signed", sizeof(struct msg_slip_signed), MSG_ROLE_JOURNAL,
			      false },
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
	if (!msg_fields_hold(header.type, body))
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
		[MSG_ROLE_ATTRIBUTION] = "airgap-attribution",
		[MSG_ROLE_NOTICE] = "airgap-noticed",
		[MSG_ROLE_REPORT] = "airgap-reportd",
		[MSG_ROLE_TRANSFER] = "airgap-transferd",
		[MSG_ROLE_MOUNT] = "airgap-mountd",
	};

	return role < MSG_ROLE_COUNT ? names[role] : "unknown";
}
