// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/govern/tables.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/govern/hours.h"
#include "agent/lib/file.h"
#include "agent/lib/path.h"
#include "policy/table/table.h"

#define TABLE_FILE_MAX	(TABLE_TEXT_MAX + SIGNED_ARMOUR_MAX)
#define TABLE_NAME_SIZE (POLICY_NAME_SIZE + 32)

static void file_name(const char *table, uint64_t number, char out[static TABLE_NAME_SIZE])
{
	snprintf(out, TABLE_NAME_SIZE, "table-%s-%" PRIu64, table, number);
}

static const struct table **slot_of(struct govern *govern, enum table_kind kind)
{
	return kind == TABLE_KIND_MEDIA ? &govern->context.media : &govern->context.terminals;
}

/* Takes @table. */
static void put(struct govern *govern, struct table *table)
{
	enum table_kind kind = table_kind(table);

	table_free(govern->tables[kind]);
	govern->tables[kind] = table;
	*slot_of(govern, kind) = table;
}

static int open_kept(const struct govern *govern, const struct state_table *known,
		     struct table **table)
{
	char path[PATH_MAX], name[TABLE_NAME_SIZE], file[sizeof(PATH_POLICY_DIR) + sizeof(name)];
	uint8_t *bytes = NULL;
	size_t length = 0;
	int r;

	file_name(known->name, known->number, name);
	snprintf(file, sizeof(file), "%s/%s", PATH_POLICY_DIR, name);
	r = path_join(path, govern->root, file);
	if (r == 0)
		r = file_read(path, TABLE_FILE_MAX, &bytes, &length);
	if (r == 0)
		r = table_parse((const char *)bytes, length, NULL, table);
	/* Its signatures were verified when the state took its digest. */
	if (r == 0 && memcmp(table_digest(*table), known->digest, sizeof(known->digest)) != 0) {
		table_free(*table);
		r = -EBADMSG;
	}
	free(bytes);
	return r;
}

void tables_load(struct govern *govern)
{
	for (uint32_t i = 0; i < govern->state.table_count; i++) {
		const struct state_table *known = &govern->state.tables[i];
		struct table *table;
		int r = open_kept(govern, known, &table);

		if (r == 0)
			put(govern, table);
		else
			recorder_note(govern->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V2, 0,
				      "table-missing", known->name,
				      "table %s number %" PRIu64 " that was in force is missing or "
				      "altered (%s); what it permits is refused: install it again",
				      known->name, known->number, strerror(-r));
	}
}

/* What an edition is held against. */
struct edition {
	const char *name;
	struct trust_account account;
	struct table *table;
	bool withdraws;	      /* has the signatures of a withdrawal only */
	enum table_kind kind; /* by its own word, once that could be read */
};

static void needs_of(const struct govern *govern, const char *name, struct trust_need *add,
		     struct trust_need *withdraw)
{
	const struct policy_table *statement =
		govern->policy ? policy_table_named(govern->policy, name) : NULL;

	*add = govern->trust->policy;
	*withdraw = govern->trust->policy;
	if (statement) {
		*add = trust_need_of(&statement->add);
		*withdraw = trust_need_of(&statement->withdraw);
	}
}

/*
 * Which thresholds apply depends on the table's name, which may be read only after its signatures
 * hold: so the file is tried for each kind, and its own word is compared afterwards.
 */
static int verify_as(const struct govern *govern, enum table_kind kind, const uint8_t *bytes,
		     size_t length, struct edition *edition)
{
	struct trust_need add, withdraw;
	int r;

	edition->name = table_kind_name(kind);
	edition->withdraws = false;
	needs_of(govern, edition->name, &add, &withdraw);
	r = trust_verify(bytes, length, govern->trust, SIGN_NAMESPACE_TABLE, &add,
			 &edition->account);
	if (r == -EKEYREJECTED && edition->account.cause == TRUST_CAUSE_THRESHOLD &&
	    govern->tables[kind]) {
		struct trust_account lesser;

		if (trust_verify(bytes, length, govern->trust, SIGN_NAMESPACE_TABLE, &withdraw,
				 &lesser) == 0) {
			edition->account = lesser;
			edition->withdraws = true;
			r = 0;
		}
	}
	return r;
}

static int parse_as(enum table_kind kind, struct edition *edition, char *text, size_t size)
{
	struct diag_list diags = DIAG_LIST_INIT;
	int r;

	r = table_parse((const char *)edition->account.text, edition->account.text_length, &diags,
			&edition->table);
	if (r < 0)
		diag_format_first(&diags, "table", text, size);
	diag_list_free(&diags);
	if (r == 0)
		edition->kind = table_kind(edition->table);
	if (r == 0 && edition->kind != kind) {
		table_free(edition->table);
		edition->table = NULL;
		r = -EPROTOTYPE;
	}
	return r;
}

static int open_edition(const struct govern *govern, const uint8_t *bytes, size_t length,
			struct edition *edition, char *text, size_t size)
{
	char reasons[TABLE_KIND_COUNT][SIGNED_REASON_SIZE] = { "" };
	int r = -EKEYREJECTED;

	for (int kind = 0; kind < TABLE_KIND_COUNT; kind++) {
		r = verify_as(govern, (enum table_kind)kind, bytes, length, edition);
		memcpy(reasons[kind], edition->account.reason, sizeof(reasons[kind]));
		if (r == 0)
			r = parse_as((enum table_kind)kind, edition, text, size);
		else
			snprintf(text, size, "%s", edition->account.reason);
		if (r != -EPROTOTYPE && r != -EKEYREJECTED)
			return r;
		/* Enough for another kind, but not for its own. */
		if (r == -EPROTOTYPE && edition->kind < (enum table_kind)kind) {
			snprintf(text, size, "%s", reasons[edition->kind]);
			return -EKEYREJECTED;
		}
	}
	return r == -EPROTOTYPE ? -EKEYREJECTED : r;
}

static int check_edition(const struct govern *govern, const struct edition *edition, char *text,
			 size_t size)
{
	const struct state_table *known = state_table(&govern->state, edition->name);
	const struct table *old = govern->tables[table_kind(edition->table)];
	uint64_t number = table_number(edition->table);

	if (known &&
	    memcmp(known->digest, table_digest(edition->table), sizeof(known->digest)) == 0 &&
	    old) {
		snprintf(text, size, "this very table is in force already");
		return -EALREADY;
	}
	if (known && number <= known->number &&
	    memcmp(known->digest, table_digest(edition->table), sizeof(known->digest)) != 0) {
		snprintf(text, size,
			 "its number %" PRIu64 " does not follow %" PRIu64
			 ", which is in force: a table never goes back",
			 number, known->number);
		return -ESTALE;
	}
	if (edition->withdraws && !table_only_withdraws(old, edition->table)) {
		snprintf(text, size,
			 "it has the signatures of a withdrawal, but it grants something: table %s "
			 "needs more signatures for that",
			 edition->name);
		return -EKEYREJECTED;
	}
	return 0;
}

/* File, then the state that names it; the edition before may go only after both. */
static int save_edition(struct govern *govern, const struct edition *edition, const uint8_t *bytes,
			size_t length)
{
	char folder[PATH_MAX], name[TABLE_NAME_SIZE], old_name[TABLE_NAME_SIZE];
	const struct state_table *known = state_table(&govern->state, edition->name);
	struct state state = govern->state;
	char old[PATH_MAX + TABLE_NAME_SIZE + 1] = "";
	int r;

	file_name(edition->name, table_number(edition->table), name);
	r = path_join(folder, govern->root, PATH_POLICY_DIR);
	if (r < 0)
		return r;
	if (known && known->number != table_number(edition->table)) {
		file_name(edition->name, known->number, old_name);
		snprintf(old, sizeof(old), "%s/%s", folder, old_name);
	}
	r = file_replace(folder, name, 0644, bytes, length);
	if (r == 0)
		r = state_set_table(&state, edition->name, table_number(edition->table),
				    table_digest(edition->table));
	if (r == 0)
		r = state_save(govern->root, &state);
	if (r < 0)
		return r;
	govern->state = state;
	if (old[0])
		unlink(old);
	return 0;
}

static void record(struct govern *govern, const struct edition *edition, int error,
		   const char *reason)
{
	struct msg_record_policy message = {
		.event = error < 0 ? POLICY_EVENT_REFUSED : POLICY_EVENT_ACTIVATED,
		.error = error,
		.candidate_serial = edition->table ? table_number(edition->table) : 0,
	};

	memcpy(message.candidate_digest, edition->account.digest, sizeof(message.candidate_digest));
	snprintf(message.id, sizeof(message.id), "table %s", edition->table ? edition->name : "");
	candidate_signers(&edition->account, message.signers, sizeof(message.signers));
	snprintf(message.reason, sizeof(message.reason), "%s", error < 0 ? reason : "");
	recorder_policy(govern->recorder, error < 0 ? RECORD_GRADE_V1 : RECORD_GRADE_NONE, &message,
			0);
}

int tables_install(struct govern *govern, const uint8_t *bytes, size_t length, char *text,
		   size_t size)
{
	struct edition edition = { 0 };
	int r;

	if (!govern->trust) {
		snprintf(text, size, "nobody's signature can be verified: %s", govern->missing);
		return -ENOKEY;
	}
	r = open_edition(govern, bytes, length, &edition, text, size);
	if (r == 0)
		r = check_edition(govern, &edition, text, size);
	if (r == 0) {
		r = save_edition(govern, &edition, bytes, length);
		if (r < 0)
			snprintf(text, size, "it could not be saved: %s", strerror(-r));
	}
	if (r != -EALREADY)
		record(govern, &edition, r, text);
	if (r < 0) {
		table_free(edition.table);
		return r;
	}
	snprintf(text, size, "table %s, number %" PRIu64 ", is in force: %zu rows", edition.name,
		 table_number(edition.table), table_row_count(edition.table));
	put(govern, edition.table);
	return 0;
}
