// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/report/carried_parse.h"

#include <errno.h>
#include <string.h>

static int take(struct carried_parts *parts, const struct section *section)
{
	struct section *place = NULL;

	if (strcmp(section->name, "initial-key") == 0)
		place = &parts->note;
	else if (strcmp(section->name, "checkpoint") == 0)
		place = &parts->checkpoint;
	if (place) {
		if (place->length || section->length == 0 || section->length >= UPLOAD_NOTE_MAX)
			return -EBADMSG;
		*place = *section;
		return 0;
	}
	if (strcmp(section->name, "inbox") != 0 || parts->documents)
		return -EBADMSG;
	return answer_carried((const char *)section->data, section->length, &parts->inbox,
			      &parts->documents);
}

int carried_parse(const uint8_t *data, size_t length, struct carried_parts *parts)
{
	struct section section;
	size_t at = 0;
	int r;

	*parts = (struct carried_parts){ 0 };
	if (section_next(data, length, &at, &section) != 1 ||
	    strcmp(section.name, "airgap-answer 1") != 0 || section.length != 0)
		return -EBADMSG;
	while ((r = section_next(data, length, &at, &section)) == 1) {
		r = take(parts, &section);
		if (r < 0)
			return r;
	}
	return r;
}
