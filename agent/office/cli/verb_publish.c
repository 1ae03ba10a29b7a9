// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office publish: what officers have signed, on its way to terminals. */
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/office/admin.h"
#include "agent/office/incident_book.h"
#include "agent/office/media_lost.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_document.h"
#include "policy/lang/diag.h"
#include "policy/order/order.h"
#include "policy/sign/trust.h"
#include "policy/table/table.h"
#include "policy/transfer/card.h"

#define FILE_MAX ((size_t)40 << 20)

struct publishing {
	struct admin *admin;
	struct store_document document;
	enum sign_namespace ns;
	struct trust *trust; /* the newest list that was published; NULL: none yet */
	uint8_t *file;
	char **numbers; /* NULL: every active terminal */
	int count;
	unsigned int reached;
	int64_t *terminals;
	struct incident_book *book;
	int lost; /* media that a table says are lost, and the office did not know of */
};

static int find_list(void *data, const struct store_document *document)
{
	struct publishing *p = data;
	struct trust_account *account;

	if (document->kind != STORE_DOCUMENT_LIST)
		return 0;
	trust_free(p->trust);
	p->trust = NULL;
	account = malloc(sizeof(*account));
	if (account)
		(void)!trust_open(document->data, document->length, NULL, NULL, &p->trust, account);
	free(account);
	return 0;
}

/* Terminals decide by their own list; but what cannot be good is not sent at all. */
static int check_signatures(struct publishing *p)
{
	static const struct trust_need one = { .duty = { [TRUST_DUTY_SECURITY] = 1 } };
	struct trust_account *account = calloc(1, sizeof(*account));
	struct trust *next = NULL;
	int r = store_document_each(p->admin->store, find_list, p);

	if (!account)
		return -ENOMEM;
	if (r == 0 && p->ns == SIGN_NAMESPACE_TRUST)
		r = p->trust ? trust_follow(p->trust, p->document.data, p->document.length, NULL,
					    &next, account)
			     : trust_open(p->document.data, p->document.length, NULL, NULL, &next,
					  account);
	else if (r == 0 && !p->trust)
		snprintf(
			account->reason, sizeof(account->reason),
			"publish the signers' list first: the office does not know whose signature "
			"counts");
	else if (r == 0)
		r = trust_verify(
			p->document.data, p->document.length, p->trust, p->ns,
			p->ns == SIGN_NAMESPACE_TABLE || p->ns == SIGN_NAMESPACE_CARD ? &one : NULL,
			account);
	if (r == 0 && p->ns != SIGN_NAMESPACE_TRUST && !p->trust)
		r = -ENOKEY;
	if (r < 0)
		log_error("not published: %s", account->reason);
	trust_free(next);
	free(account);
	return r;
}

static int read_policy(const char *text, size_t length, struct store_document *d)
{
	struct policy *policy;
	int r = policy_parse(text, length, NULL, &policy);

	/* A terminal has one policy at a time, whatever its id. */
	if (r == 0)
		d->number = policy_serial(policy);
	policy_free(r == 0 ? policy : NULL);
	d->kind = STORE_DOCUMENT_POLICY;
	return r;
}

static int read_list(const char *text, size_t length, struct store_document *d)
{
	struct trust *trust = NULL;
	int r = trust_parse(text, length, NULL, &trust);

	if (r == 0)
		d->number = trust->number;
	trust_free(trust);
	d->kind = STORE_DOCUMENT_LIST;
	return r;
}

static int read_table(const char *text, size_t length, struct store_document *d)
{
	struct table *table = NULL;
	int r = table_parse(text, length, NULL, &table);

	if (r == 0) {
		d->number = table_number(table);
		snprintf(d->name, sizeof(d->name), "%s", table_name(table));
	}
	table_free(table);
	d->kind = STORE_DOCUMENT_TABLE;
	return r;
}

static int read_order(const char *text, size_t length, struct store_document *d)
{
	struct order order;
	int r = order_parse(text, length, NULL, &order);

	/* An order has a name and no successors. */
	if (r == 0) {
		d->number = 1;
		snprintf(d->name, sizeof(d->name), "%s", order.id);
	}
	d->kind = STORE_DOCUMENT_ORDER;
	return r;
}

static int read_card(const char *text, size_t length, struct store_document *d)
{
	struct card *card = calloc(1, sizeof(*card));
	int r = card ? card_parse(text, length, NULL, card) : -ENOMEM;

	if (r == 0) {
		d->number = card->number;
		snprintf(d->name, sizeof(d->name), "%s", card->unit);
	}
	free(card);
	d->kind = STORE_DOCUMENT_CARD;
	return r;
}

static int read_document(struct publishing *p)
{
	static int (*const readers[SIGN_NAMESPACE_COUNT])(const char *, size_t,
							  struct store_document *) = {
		[SIGN_NAMESPACE_POLICY] = read_policy, [SIGN_NAMESPACE_TRUST] = read_list,
		[SIGN_NAMESPACE_TABLE] = read_table,   [SIGN_NAMESPACE_ORDER] = read_order,
		[SIGN_NAMESPACE_CARD] = read_card,
	};
	int r = -EINVAL;

	p->ns = namespace_of_text(p->file, p->document.length);
	if (p->ns < SIGN_NAMESPACE_COUNT && readers[p->ns])
		r = check_signatures(p);
	else
		log_error("this is no policy, list, table, order or card");
	if (r < 0)
		return r;
	r = readers[p->ns]((const char *)p->file, p->document.length, &p->document);
	if (r < 0)
		log_error("its text is wrong: 'airgap-policy check' tells where");
	crypto_hash_sha256(p->document.digest, p->file, p->document.length);
	return r;
}

static bool is_wanted(const struct publishing *p, const struct store_terminal *terminal)
{
	if (terminal->state != STORE_TERMINAL_ACTIVE)
		return false;
	for (int i = 0; i < p->count; i++)
		if (strcmp(p->numbers[i], terminal->number) == 0)
			return true;
	return p->count == 0;
}

static int collect(void *data, const struct store_terminal *terminal)
{
	struct publishing *p = data;
	int64_t *more;

	if (!is_wanted(p, terminal))
		return 0;
	more = realloc(p->terminals, (p->reached + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	p->terminals = more;
	p->terminals[p->reached++] = terminal->id;
	return 0;
}

static int publish(struct publishing *p)
{
	struct store *store = p->admin->store;
	int r = store_document_add(store, &p->document);

	if (r == -EEXIST)
		log_error("number %" PRIu64 " of it was published before", p->document.number);
	if (r == -ESTALE)
		log_error("a higher number than %" PRIu64
			  " was published before: numbers only go up",
			  p->document.number);
	if (r == 0)
		r = store_terminal_each(store, collect, p);
	if (r == 0)
		r = p->lost = media_lost_take(store, incident_book_own(p->book), &p->document,
					      p->admin->now_us);
	r = r < 0 ? r : 0;
	for (unsigned int i = 0; r == 0 && i < p->reached; i++)
		r = store_delivery_want(store, p->terminals[i], &p->document, p->admin->now_us);
	if (r == 0 && p->count > 0 && p->reached < (unsigned int)p->count) {
		log_error("one of these terminals is not registered");
		r = -ENOENT;
	}
	return r;
}

int verb_publish(const struct office_call *call)
{
	struct admin admin;
	struct publishing p = { .admin = &admin };
	int r;

	if (call->argc < 2)
		return office_usage("publish");
	p.numbers = call->argv + 2;
	p.count = call->argc - 2;
	r = admin_open(&admin, call);
	if (r == 0) {
		r = file_read(call->argv[1], FILE_MAX, &p.file, &p.document.length);
		if (r < 0)
			log_error("cannot read %s: %s", call->argv[1], strerror(-r));
	}
	p.document.data = p.file;
	p.document.added_us = admin.now_us;
	if (r == 0)
		r = read_document(&p);
	if (r == 0)
		r = incident_book_new(&p.book, admin.store);
	if (r == 0)
		r = admin_begin(&admin);
	if (r == 0)
		r = admin_commit(&admin, publish(&p), "publish",
				 "%s, number %" PRIu64 ", for %u terminals", namespace_word(p.ns),
				 p.document.number, p.reached);
	if (r == 0)
		printf("%s number %" PRIu64 " waits for %u terminals\n", namespace_word(p.ns),
		       p.document.number, p.reached);
	if (r == 0 && p.lost > 0)
		printf("%d media are lost by it: an event each\n", p.lost);
	incident_book_free(p.book);
	free(p.file);
	free(p.terminals);
	trust_free(p.trust);
	admin_close(&admin);
	return r < 0;
}
