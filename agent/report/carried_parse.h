/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The office's answer as it travels in a file, decrypted and taken apart; airgap-wire(7). */
#ifndef AIRGAP_REPORT_CARRIED_PARSE_H
#define AIRGAP_REPORT_CARRIED_PARSE_H

#include "agent/lib/section.h"
#include "agent/report/answer.h"

struct carried_parts {
	struct section note;	   /* that the office keeps our first key; length 0: none */
	struct section checkpoint; /* with the receipt; length 0: none */
	struct answer_inbox inbox;
	json_t *documents; /* as answer_carried() */
};

/**
 * carried_parse - untrusted; what the parts say is not believed yet
 * @data: stays borrowed by @parts
 *
 * Returns 0; -EBADMSG: it is no answer of this kind. json_decref(parts->documents) after either.
 */
int carried_parse(const uint8_t *data, size_t length, struct carried_parts *parts);

#endif
