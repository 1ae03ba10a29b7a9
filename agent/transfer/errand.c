// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "agent/transfer/book.h"
#include "agent/transfer/desk.h"

struct errand *errand_make(struct transferd *self, struct desk_client *client,
			   const struct batch *batch)
{
	struct errand *errand = calloc(1, sizeof(*errand));

	if (!errand)
		return NULL;
	errand->self = self;
	errand->client = client;
	if (batch)
		memcpy(errand->batch, batch->id, sizeof(errand->batch));
	errand->next = self->errands;
	self->errands = errand;
	return errand;
}

struct errand *errand_new(struct desk_client *client, const struct batch *batch)
{
	struct errand *errand = errand_make(client->self, client, batch);

	if (!errand)
		desk_fail(client, "no-memory", "this terminal is short of memory; try again");
	return errand;
}

struct batch *errand_batch(const struct errand *errand)
{
	return book_find_id(&errand->self->book, errand->batch);
}

void errand_free(struct errand *errand)
{
	struct errand **at;

	if (!errand)
		return;
	at = &errand->self->errands;
	while (*at && *at != errand)
		at = &(*at)->next;
	if (*at)
		*at = errand->next;
	free(errand);
}
