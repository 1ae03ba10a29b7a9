// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office import and export: bundles in, answers out. */
#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/age/age_result.h"
#include "agent/lib/age/age_stream.h"
#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/office/admin.h"
#include "agent/office/bundle.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_document.h"

static int decrypt(struct admin *admin, const char *path, uint8_t **data, size_t *length)
{
	uint8_t *file = NULL;
	size_t size = 0;
	int r = file_read(path, BUNDLE_FILE_MAX, &file, &size);

	if (r < 0) {
		log_error("cannot read %s: %s", path, strerror(-r));
		return r;
	}
	r = age_decrypt_buffer(file, size, admin->keys.ring, data, length);
	if (r < 0)
		log_error("cannot open %s: %s", path, age_result_text(r));
	free(file);
	return r;
}

/* A long import lets the running office write in between. */
static int let_others(void *data)
{
	struct admin *admin = data;
	int r = store_commit(admin->store);

	return r < 0 ? r : store_begin(admin->store);
}

static int take(struct admin *admin, const char *path, const struct bundle *bundle,
		struct ingest_answer *answer)
{
	struct incident_book *book = NULL;
	struct ingest ingest = { .store = admin->store,
				 .keys = &admin->keys,
				 .pause = let_others,
				 .pause_data = admin,
				 .now_us = admin->now_us };
	struct store_terminal terminal = { 0 };
	int r;

	r = incident_book_new(&book, admin->store);
	ingest.book = book;
	if (r == 0)
		r = admin_begin(admin);
	if (r == 0)
		r = bundle_take(&ingest, bundle, answer);
	incident_book_free(book);
	if (r == 0 && answer->terminal)
		r = store_terminal_by_id(admin->store, answer->terminal, &terminal);
	/* Also a refused bundle is recorded: it may have left evidence. */
	return admin_commit(admin, r, "import",
			    "%s from %s: %" PRIu64 " new entries, status %u%s%s", path,
			    terminal.number[0] ? terminal.number : "?", answer->added,
			    answer->status, answer->accused[0] ? ", alarm: " : "", answer->accused);
}

/* Why, and what whoever stands there with the medium does next. */
static int refused(const char *path, const struct ingest_answer *answer)
{
	if (answer->accused[0])
		log_error(
			"%s was refused, and an alarm is raised: %s. Nothing of it was taken; what "
			"the terminal signed is kept as evidence. Leave the terminal as it is and "
			"see the event",
			path, answer->accused);
	else if (answer->type == INGEST_TYPE_TEXT)
		log_error("%s was refused: %.*s", path, (int)strcspn(answer->body, "\n"),
			  answer->body);
	else
		log_error("%s was refused: it does not continue what the office has. An earlier "
			  "bundle is missing, or this one is damaged: import the earlier one, or "
			  "let the terminal write all with 'airgapctl report export --all'",
			  path);
	return -EKEYREJECTED;
}

static int write_answer(struct admin *admin, const struct store_terminal *terminal, char *path)
{
	char *copy = strdup(path), *base = strdup(path);
	uint8_t *data = NULL;
	size_t length = 0;
	int r = copy && base ? bundle_answer(admin->store, &admin->keys, terminal, &data, &length)
			     : -ENOMEM;

	if (r == 0)
		r = file_replace(dirname(copy), basename(base), 0644, data, length);
	if (r < 0)
		log_error("cannot write the answer %s: %s", path, strerror(-r));
	else
		printf("answer for %s written to %s\n", terminal->number, path);
	free(copy);
	free(base);
	free(data);
	return r;
}

static int answer_to(struct admin *admin, const struct store_terminal *terminal, char *path)
{
	int r = admin_begin(admin);

	if (r < 0)
		return r;
	/* In one transaction: what is published meanwhile is not in the answer, nor marked. */
	r = write_answer(admin, terminal, path);
	if (r == 0)
		r = store_delivery_sent(admin->store, terminal->id, admin->now_us);
	return admin_commit(admin, r, "export", "answer for %s", terminal->number);
}

static int import_one(struct admin *admin, const char *path, char *answer_path)
{
	struct ingest_answer answer = { 0 };
	struct bundle bundle = { 0 };
	struct store_terminal terminal;
	uint8_t *data = NULL;
	size_t length = 0;
	int r = decrypt(admin, path, &data, &length);

	if (r < 0)
		return r;
	r = bundle_parse(data, length, &bundle);
	if (r < 0)
		log_error("%s is no bundle of this kind", path);
	else
		r = take(admin, path, &bundle, &answer);
	if (r == 0 && answer.status != 200 && answer.status != 202)
		r = refused(path, &answer);
	if (r == 0)
		printf("%s: %" PRIu64 " new entries%s\n", path, answer.added,
		       answer.old ? "; all of it was known" : "");
	if (r == 0 && answer_path)
		r = store_terminal_by_id(admin->store, answer.terminal, &terminal);
	if (r == 0 && answer_path)
		r = answer_to(admin, &terminal, answer_path);
	bundle_done(&bundle);
	sodium_memzero(data, length);
	free(data);
	return r;
}

int verb_import(const struct office_call *call)
{
	struct admin admin;
	int r;

	if (call->argc < 2 || call->argc > 3)
		return office_usage("import");
	r = admin_open(&admin, call);
	if (r == 0)
		r = import_one(&admin, call->argv[1], call->argc == 3 ? call->argv[2] : NULL);
	admin_close(&admin);
	return r < 0;
}

int verb_export(const struct office_call *call)
{
	struct store_terminal terminal;
	struct admin admin;
	int r;

	if (call->argc != 3)
		return office_usage("export");
	r = admin_open(&admin, call);
	if (r == 0) {
		r = store_terminal_latest(admin.store, call->argv[1], &terminal);
		if (r == -ENOENT)
			log_error("no terminal '%s' is registered", call->argv[1]);
	}
	if (r == 0 && terminal.state != STORE_TERMINAL_ACTIVE) {
		log_error("the registration of %s is not approved: 'register list' shows what "
			  "waits",
			  call->argv[1]);
		r = -EPERM;
	}
	if (r == 0)
		r = answer_to(&admin, &terminal, call->argv[2]);
	admin_close(&admin);
	return r < 0;
}
