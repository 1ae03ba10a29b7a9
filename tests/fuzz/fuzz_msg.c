// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages between the programs. Of the input, byte 0 is the type, byte 1 the sender and whether a
 * descriptor comes along, byte 2 how the rest makes the packet: the bytes themselves, the body from
 * its start, or fills of five bytes each (place, count, value) over a body of zeroes.
 *
 * What msg_check() lets pass has every text ended and every enumeration in range, and goes through
 * those who receive it: the journal's writer, the door's replies, the decision.
 */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "agent/door/door_reply.h"
#include "agent/journal/entry.h"
#include "agent/lib/msg.h"
#include "agent/lib/usb_json.h"
#include "policy/decide/decide.h"

#define SEQUENCE 1

enum { SHAPE_FILLS, SHAPE_BODY, SHAPE_RAW, SHAPE_COUNT };

static void outcome_holds(const struct usb_outcome *outcome)
{
	const struct policy_verdict *verdict = &outcome->decided.verdict;

	fuzz_facts_hold(&outcome->decided.facts);
	MUST(verdict->result <= POLICY_RESULT_PERMIT && verdict->cause < POLICY_CAUSE_COUNT);
	MUST(ENDED(verdict->rule) && ENDED(verdict->because));
	MUST(outcome->state < USB_STATE_COUNT);
}

static void record_holds(enum msg_type type, const void *body)
{
	static const uint8_t key[JOURNAL_KEY_SIZE];
	static char line[JOURNAL_LINE_MAX];
	const struct entry_stamp stamp = { .boot_id = "96ae4f80-662c-4617-9427-24600a84038d" };
	const struct record *record = body;
	struct journal_head head;
	json_t *json;
	int length;

	MUST(record->kind < RECORD_KIND_COUNT && record->grade < RECORD_GRADE_COUNT);
	length = entry_format(line, &stamp, type, body, key);
	MUST(length > 0 && line[length - 1] == '\n');
	for (int i = 0; i < length - 1; i++)
		MUST(line[i] >= ' ' && line[i] <= '~');
	MUST(journal_head_parse(line, (size_t)length - 1, &head) == 0);
	MUST(head.kind == record->kind && head.grade == record->grade);
	json = json_loadb(line, (size_t)length, JSON_REJECT_DUPLICATES, NULL);
	MUST(json);
	json_decref(json);
}

static void reply_holds(char *reply)
{
	json_t *json;

	MUST(reply && strlen(reply) < DOOR_REPLY_MAX);
	json = json_loads(reply, JSON_REJECT_DUPLICATES, NULL);
	MUST(json_is_object(json));
	json_decref(json);
	free(reply);
}

static void status_holds(const struct agent_status *status)
{
	static struct door_cache cache;

	MUST(status->mode < AGENT_MODE_COUNT);
	MUST(ENDED(status->policy_id) && ENDED(status->terminal) && ENDED(status->unit));
	MUST(ENDED(status->level) && ENDED(status->reason));
	MUST(ENDED(status->valid_from) && ENDED(status->valid_until));
	cache.status = *status;
	cache.has_status = true;
	reply_holds(door_reply_status(&cache, 0, false));
}

static void facts_hold(const struct usb_facts *facts)
{
	static struct policy_verdict verdict;
	static struct usb_facts again;
	json_t *json;

	fuzz_facts_hold(facts);
	policy_decide_usb(fuzz_policy(), NULL, facts, NULL, &verdict);
	fuzz_verdict_holds(facts, &verdict);
	json = usb_json_facts(facts);
	MUST(json);
	/* Bad bytes are written out, which may make a text longer than facts can hold. */
	if (usb_json_read_facts(json, &again) == 0)
		MUST(again.vendor == facts->vendor && again.flaw == facts->flaw &&
		     again.interface_count == facts->interface_count &&
		     memcmp(again.hash, facts->hash, sizeof(again.hash)) == 0);
	json_decref(json);
}

static void policy_record_holds(const struct msg_record_policy *record)
{
	MUST(record->event < POLICY_EVENT_COUNT);
	MUST(ENDED(record->id) && ENDED(record->signers) && ENDED(record->reason));
	record_holds(MSG_RECORD_POLICY, record);
}

static void note_holds(const struct msg_record_note *note)
{
	MUST(ENDED(note->event) && ENDED(note->subject) && ENDED(note->text));
	record_holds(MSG_RECORD_NOTE, note);
}

static void body_holds(enum msg_type type, const void *body)
{
	switch (type) {
	case MSG_HELLO:
		MUST(ENDED(((const struct msg_hello *)body)->version));
		break;
	case MSG_SCAN_BEGIN:
	case MSG_SCAN_END:
	case MSG_SCAN_REQUEST:
		MUST(((const struct msg_scan *)body)->cause < MSG_SCAN_CAUSE_COUNT);
		break;
	case MSG_USB_FACTS:
		facts_hold(&((const struct msg_usb_facts *)body)->facts);
		break;
	case MSG_USB_GONE:
	case MSG_USB_CHANGED:
		MUST(ENDED(((const struct msg_usb_device *)body)->port));
		break;
	case MSG_EVENT_LOSS:
		MUST(((const struct msg_event_loss *)body)->cause < MSG_SCAN_CAUSE_COUNT);
		break;
	case MSG_RECORD_USB:
		outcome_holds(&((const struct msg_record_usb *)body)->outcome);
		record_holds(type, body);
		break;
	case MSG_RECORD_POLICY:
		policy_record_holds(body);
		break;
	case MSG_RECORD_NOTE:
		note_holds(body);
		break;
	case MSG_AGENT_STATUS:
		status_holds(body);
		break;
	case MSG_USB_OUTCOME:
		outcome_holds(body);
		reply_holds(door_reply_device(body));
		break;
	case MSG_CONTROL_REPLY:
		MUST(ENDED(((const struct msg_control_reply *)body)->text));
		reply_holds(door_reply_control(body));
		break;
	case MSG_CONTROL:
		MUST(((const struct msg_control *)body)->verb < CONTROL_COUNT);
		break;
	default: /* numbers of any value, or nothing */
		break;
	}
}

static void fill(uint8_t *body, size_t length, const uint8_t *data, size_t size)
{
	for (; size >= 5 && length > 0; data += 5, size -= 5) {
		size_t at = (size_t)(data[0] | data[1] << 8) % length;
		size_t count = (size_t)(data[2] | data[3] << 8);

		memset(body + at, data[4], count < length - at ? count : length - at);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct msg_header header = { .sequence = SEQUENCE };
	const char *reason = NULL;
	size_t length;
	uint8_t *packet;
	int body, r;

	if (size < 3)
		return 0;
	header.type = data[0];
	body = msg_size(header.type);
	MUST(body >= 0 ? body <= MSG_BODY_MAX : body == -EPROTO);
	header.length = body < 0 ? 0 : (uint32_t)body;
	length = sizeof(header) + header.length;
	if (data[2] % SHAPE_COUNT == SHAPE_RAW)
		length = size - 3;
	packet = calloc(1, length ? length : 1);
	MUST(packet);
	if (data[2] % SHAPE_COUNT == SHAPE_RAW) {
		memcpy(packet, data + 3, length);
	} else {
		memcpy(packet, &header, sizeof(header));
		if (data[2] % SHAPE_COUNT == SHAPE_FILLS)
			fill(packet + sizeof(header), header.length, data + 3, size - 3);
		else
			memcpy(packet + sizeof(header), data + 3,
			       size - 3 < header.length ? size - 3 : header.length);
	}
	r = msg_check(packet, length, (enum msg_role)(data[1] % 16 % MSG_ROLE_COUNT), data[1] & 16,
		      SEQUENCE, &reason);
	MUST((r == 0) == (reason == NULL));
	if (r == 0) {
		memcpy(&header, packet, sizeof(header));
		MUST(length == sizeof(header) + (size_t)msg_size(header.type));
		body_holds((enum msg_type)header.type, packet + sizeof(header));
	}
	free(packet);
	return 0;
}
