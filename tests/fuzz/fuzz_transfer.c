// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the engine of transfers hears from others: names on a medium, the scanner's answer, the answer of the
 * child that looks at files.
 *
 * The first byte chooses: 0 a name, 1 the scanner, 2 the child: bytes as they are; 3 the same, with its texts
 * ended and its numbers in range, so that what stands in the texts is looked at.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "agent/transfer/filetype.h"
#include "agent/transfer/object_store.h"
#include "agent/transfer/scan.h"

#define LEVELS 4

static void name(const uint8_t *data, size_t size)
{
	char text[256], again[OBJECT_STORE_NAME_SIZE];
	uint8_t id[TRANSFER_ID_SIZE];
	enum object_kind kind;
	bool temporary;

	size = size < sizeof(text) - 1 ? size : sizeof(text) - 1;
	memcpy(text, data, size);
	text[size] = '\0';
	if (!object_store_parse(text, &kind, id, &temporary))
		return;
	/* One name for each, and each for one name. */
	object_store_name(kind, id, again);
	MUST(strncmp(text, again, strlen(again)) == 0);
	MUST(strcmp(text + strlen(again), temporary ? ".tmp" : "") == 0);
}

static void scanner(const uint8_t *data, size_t size)
{
	char said[OUTCOME_DETAIL_SIZE];
	enum scan_verdict verdict = scan_answer_parse((const char *)data, size, said);

	MUST(ENDED(said) && fuzz_shown(said));
	/* Nothing is clean but these very words. */
	if (verdict == SCAN_CLEAN)
		MUST(size >= 10 && memcmp(data, "stream: OK", 10) == 0 &&
		     (size == 10 || data[10] == '\0' || data[10] == '\n'));
	else
		MUST(verdict == SCAN_ERROR || said[0]);
}

static void child(const uint8_t *data, size_t size, bool mend)
{
	struct filetype_answer answer;

	memset(&answer, 0, sizeof(answer));
	memcpy(&answer, data, size < sizeof(answer) ? size : sizeof(answer));
	if (mend) {
		answer.type[sizeof(answer.type) - 1] = '\0';
		answer.mime[sizeof(answer.mime) - 1] = '\0';
		answer.marks.text[sizeof(answer.marks.text) - 1] = '\0';
		answer.marks.rank = 1;
		answer.marks.looked = answer.marks.cut = answer.marks.strange = 0;
		size = sizeof(answer);
	}
	if (filetype_answer_check(&answer, size, LEVELS) < 0)
		return;
	MUST(size == sizeof(answer));
	MUST(ENDED(answer.type) && answer.type[0] && fuzz_shown(answer.type));
	MUST(ENDED(answer.mime) && fuzz_shown(answer.mime));
	MUST(ENDED(answer.marks.text) && fuzz_shown(answer.marks.text));
	MUST(answer.marks.rank >= -1 && answer.marks.rank < LEVELS);
	MUST(strlen(filetype_name(answer.mime)) < TRANSFER_TYPE_SIZE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	switch (data[0] % 4) {
	case 0:
		name(data + 1, size - 1);
		break;
	case 1:
		scanner(data + 1, size - 1);
		break;
	default:
		child(data + 1, size - 1, data[0] % 4 == 3);
	}
	return 0;
}
