// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/govern/orders.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/govern/hours.h"
#include "agent/core/govern/maintenance.h"
#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"

#define ORDER_LIMIT (256 * 1024 + SIGNED_ARMOUR_MAX)

/* The start of the digest names the file: the id is free text. */
static void file_name(const uint8_t *digest, char out[static 32])
{
	char hex[17];

	sodium_bin2hex(hex, sizeof(hex), digest, 8);
	snprintf(out, 32, "order-%s", hex);
}

static struct permit *free_permit(struct govern *govern)
{
	for (size_t i = 0; i < GOVERN_PERMITS_MAX; i++)
		if (!govern->permits[i].armed && !govern->permits[i].bound)
			return &govern->permits[i];
	return NULL;
}

static struct state_order *state_of(struct state *state, const char *id)
{
	for (uint32_t i = 0; i < state->order_count; i++)
		if (strcmp(state->orders[i].id, id) == 0)
			return &state->orders[i];
	return NULL;
}

static bool is_bound_to(const struct permit *permit, const struct usb_facts *facts)
{
	return permit->bound && permit->bus == facts->bus && permit->device == facts->device;
}

static bool is_over(const struct govern *govern, const struct permit *permit)
{
	return hours_now(govern) > permit->order.until ||
	       (permit->bound && permit->order.duration_s > 0 &&
		clock_boottime_us() - permit->bound_us >= permit->order.duration_s * 1000000);
}

static struct permit *find(const struct govern *govern, const struct usb_facts *facts)
{
	for (size_t i = 0; i < GOVERN_PERMITS_MAX; i++) {
		const struct permit *permit = &govern->permits[i];

		if ((permit->armed || is_bound_to(permit, facts)) && !is_over(govern, permit) &&
		    hours_now(govern) >= permit->order.from && order_permits(&permit->order, facts))
			return (struct permit *)(uintptr_t)permit;
	}
	return NULL;
}

const struct order *orders_find(const struct govern *govern, const struct usb_facts *facts)
{
	const struct permit *permit = find(govern, facts);

	return permit ? &permit->order : NULL;
}

int orders_use(struct govern *govern, const struct usb_facts *facts)
{
	struct permit *permit = find(govern, facts);
	struct state state = govern->state;
	struct state_order *known;
	int r;

	if (!permit)
		return -ENOENT;
	if (permit->bound)
		return 0;
	known = state_of(&state, permit->order.id);
	if (known)
		known->armed = false;
	r = state_save(govern->root, &state);
	if (r < 0)
		return r;
	govern->state = state;
	permit->armed = false;
	permit->bound = true;
	permit->bus = facts->bus;
	permit->device = facts->device;
	permit->bound_us = clock_boottime_us();
	return 0;
}

void orders_forget(struct govern *govern, const struct usb_facts *facts)
{
	for (size_t i = 0; i < GOVERN_PERMITS_MAX; i++)
		if (is_bound_to(&govern->permits[i], facts))
			govern->permits[i] = (struct permit){ 0 };
}

uint64_t orders_next(const struct govern *govern)
{
	uint64_t next = 0;

	for (size_t i = 0; i < GOVERN_PERMITS_MAX; i++) {
		const struct permit *permit = &govern->permits[i];
		uint64_t used_s, left;

		if (!permit->bound || is_over(govern, permit))
			continue;
		used_s = (clock_boottime_us() - permit->bound_us) / 1000000;
		left = (uint64_t)(permit->order.until - hours_now(govern)) + 1;
		if (permit->order.duration_s > used_s && permit->order.duration_s - used_s < left)
			left = permit->order.duration_s - used_s;
		next = next == 0 || left < next ? left : next;
	}
	return next;
}

static int open_order(const struct govern *govern, const uint8_t *bytes, size_t length,
		      struct trust_account *account, struct order *order, char *text, size_t size)
{
	struct diag_list diags = DIAG_LIST_INIT;
	int r;

	r = trust_verify(bytes, length, govern->trust, SIGN_NAMESPACE_ORDER, &govern->trust->policy,
			 account);
	if (r < 0) {
		snprintf(text, size, "%s", account->reason);
		return r;
	}
	r = order_parse((const char *)account->text, account->text_length, &diags, order);
	if (r < 0)
		diag_format_first(&diags, "order", text, size);
	diag_list_free(&diags);
	return r;
}

static int check_order(const struct govern *govern, const struct order *order, char *text,
		       size_t size)
{
	int64_t now = hours_now(govern);

	if (strcmp(order->terminal, govern->terminal.number) != 0) {
		snprintf(text, size, "it is for terminal %s, this is %s", order->terminal,
			 govern->terminal.number[0] ? govern->terminal.number : "not known");
		return -EPERM;
	}
	if (state_order_used(&govern->state, order->id)) {
		snprintf(text, size,
			 "order \"%s\" was carried out here already: an order serves once",
			 order->id);
		return -EALREADY;
	}
	if (now > order->until) {
		snprintf(text, size, "its last day is over");
		return -EKEYEXPIRED;
	}
	if (now < order->from && order->kind != ORDER_KIND_PERMIT) {
		snprintf(text, size, "its first day has not come");
		return -EAGAIN;
	}
	return 0;
}

/* What it does to the state, and in @text to people. */
static int apply(const struct govern *govern, const struct order *order, struct state *state,
		 struct state_order *known, char *text, size_t size)
{
	switch (order->kind) {
	case ORDER_KIND_PERMIT:
		known->armed = true;
		snprintf(text, size,
			 "order \"%s\": device %04x:%04x, serial \"%s\", may be plugged in once",
			 order->id, order->vendor, order->product, order->serial);
		return 0;
	case ORDER_KIND_RELEASE_LOCKDOWN:
		if (!state->latch[0]) {
			snprintf(text, size, "there is no lockdown that an order ends");
			return -ENOENT;
		}
		state->latch[0] = 0;
		snprintf(text, size, "order \"%s\": the lockdown is released", order->id);
		return 0;
	case ORDER_KIND_ENFORCE:
		state->enforce = true;
		snprintf(text, size, "order \"%s\": mode monitor has ended", order->id);
		return 0;
	case ORDER_KIND_MAINTENANCE:
	case ORDER_KIND_END_MAINTENANCE:
		return maintenance_accept(govern, order, state, text, size);
	default:
		return -EINVAL;
	}
}

/* What is still to come is verified anew at each start. */
static int keep_file(const struct govern *govern, const struct order *order, const uint8_t *bytes,
		     size_t length)
{
	char folder[PATH_MAX], name[32];
	int r;

	if (order->kind != ORDER_KIND_PERMIT && order->kind != ORDER_KIND_MAINTENANCE)
		return 0;
	file_name(order->digest, name);
	r = path_join(folder, govern->root, PATH_POLICY_DIR);
	return r < 0 ? r : file_replace(folder, name, 0644, bytes, length);
}

static int accept_order(struct govern *govern, const uint8_t *bytes, size_t length,
			const struct order *order, char *text, size_t size)
{
	struct state state = govern->state;
	struct permit *permit = NULL;
	struct state_order *known;
	int r;

	r = state_use_order(&state, order->id, order->until, hours_now(govern));
	if (r == 0 && order->kind == ORDER_KIND_PERMIT) {
		permit = free_permit(govern);
		r = permit ? 0 : -ENOSPC;
	}
	known = state_of(&state, order->id);
	if (r < 0 || !known) {
		snprintf(text, size, "too many orders are open at once; wait until one has ended");
		return -ENOSPC;
	}
	memcpy(known->digest, order->digest, sizeof(order->digest));
	r = apply(govern, order, &state, known, text, size);
	if (r < 0)
		return r;
	r = keep_file(govern, order, bytes, length);
	if (r == 0)
		r = state_save(govern->root, &state);
	if (r < 0) {
		snprintf(text, size, "it could not be saved: %s", strerror(-r));
		return r;
	}
	govern->state = state;
	if (permit)
		*permit = (struct permit){ .order = *order, .armed = true };
	return 0;
}

static void record(struct govern *govern, const struct order *order,
		   const struct trust_account *account, int error, const char *text, uint64_t tag)
{
	struct msg_record_policy message = {
		.event = error < 0 ? POLICY_EVENT_REFUSED : POLICY_EVENT_ACTIVATED,
		.error = error,
	};

	memcpy(message.candidate_digest, account->digest, sizeof(message.candidate_digest));
	snprintf(message.id, sizeof(message.id), "order %s", order->id);
	candidate_signers(account, message.signers, sizeof(message.signers));
	snprintf(message.reason, sizeof(message.reason), "%s%s%s", text,
		 order->reason[0] ? "; reason given: " : "", order->reason);
	recorder_policy(govern->recorder, error < 0 ? RECORD_GRADE_V1 : RECORD_GRADE_NONE, &message,
			tag);
}

int orders_install(struct govern *govern, const uint8_t *bytes, size_t length, char *text,
		   size_t size)
{
	struct trust_account account = { 0 };
	struct order order = { 0 };
	uint64_t tag = 0;
	int r;

	if (!govern->trust) {
		snprintf(text, size, "nobody's signature can be verified: %s", govern->missing);
		return -ENOKEY;
	}
	r = open_order(govern, bytes, length, &account, &order, text, size);
	if (r == 0)
		r = check_order(govern, &order, text, size);
	if (r == 0)
		r = accept_order(govern, bytes, length, &order, text, size);
	if (r == 0 && order.kind == ORDER_KIND_MAINTENANCE)
		tag = maintenance_await(govern, &order);
	record(govern, &order, &account, r, text, tag);
	if (r == 0 && order.kind == ORDER_KIND_END_MAINTENANCE)
		maintenance_end_by(govern, &order);
	return r;
}

int orders_read(const struct govern *govern, const uint8_t *digest, const char *id,
		struct order *order)
{
	char path[PATH_MAX], name[32], file[sizeof(PATH_POLICY_DIR) + sizeof(name)];
	char text[MSG_TEXT_SIZE];
	struct trust_account account;
	uint8_t *bytes = NULL;
	size_t length = 0;
	int r;

	file_name(digest, name);
	snprintf(file, sizeof(file), "%s/%s", PATH_POLICY_DIR, name);
	r = govern->trust ? path_join(path, govern->root, file) : -ENOKEY;
	if (r == 0)
		r = file_read(path, ORDER_LIMIT, &bytes, &length);
	if (r == 0)
		r = open_order(govern, bytes, length, &account, order, text, sizeof(text));
	free(bytes);
	if (r == 0 && (strcmp(order->id, id) != 0 ||
		       memcmp(order->digest, digest, sizeof(order->digest)) != 0))
		r = -EBADMSG;
	return r;
}

static int load_permit(struct govern *govern, const struct state_order *known)
{
	struct permit *permit = free_permit(govern);
	int r = permit ? orders_read(govern, known->digest, known->id, &permit->order) : -ENOSPC;

	if (permit)
		permit->armed = r == 0;
	return r;
}

void orders_load(struct govern *govern)
{
	for (uint32_t i = 0; i < govern->state.order_count; i++) {
		const struct state_order *known = &govern->state.orders[i];

		if (known->armed && known->until >= hours_now(govern) &&
		    load_permit(govern, known) < 0)
			log_error("order \"%s\" cannot be read again; it permits nothing",
				  known->id);
	}
}
