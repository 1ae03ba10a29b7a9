// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/ingest_answer.h"
#include "agent/office/store/store_terminal.h"

#include <stdio.h>

int ingest_answer(struct ingest_answer *answer, unsigned int status, const char *format, ...)
{
	va_list args;

	answer->status = status;
	answer->type = INGEST_TYPE_TEXT;
	va_start(args, format);
	vsnprintf(answer->body, sizeof(answer->body), format, args);
	va_end(args);
	return 0;
}

int ingest_answer_type(struct ingest_answer *answer, unsigned int status, enum ingest_type type,
		       const char *format, ...)
{
	va_list args;

	answer->status = status;
	answer->type = type;
	va_start(args, format);
	vsnprintf(answer->body, sizeof(answer->body), format, args);
	va_end(args);
	return 0;
}

int ingest_good(struct ingest_answer *answer)
{
	answer->status = 200;
	answer->type = INGEST_TYPE_TEXT;
	answer->body[0] = 0;
	return 0;
}

int ingest_admit(const struct ingest *ingest, const struct store_terminal *terminal,
		 struct ingest_answer *answer)
{
	if (ingest->peer && ingest->peer != terminal->id)
		return ingest_answer(answer, 403,
				     "this connection belongs to another terminal than the log\n");
	if (terminal->state == STORE_TERMINAL_ENDED)
		return ingest_answer(answer, 403,
				     "this log has ended: a later installation took its place\n");
	if (terminal->state != STORE_TERMINAL_ACTIVE)
		return ingest_answer(answer, 403, "this registration is not approved\n");
	return 0;
}
