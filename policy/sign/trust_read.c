// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The signers' list from its text: values, then what the schema cannot tell. Missing and repeated
 * statements, levels and duties, and numbers out of range, are the parser's to find.
 */
#include "policy/sign/trust.h"
#include "policy/lang/document.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	const struct document *document;
	struct diag_list *diags;
	struct trust *trust;
};

static struct span at_of(const struct statement *statement, const char *arg)
{
	const struct value *value = statement_value(statement, arg);

	return value ? value->at : statement->at;
}

/* Copies a text with its NUL; says so when it is too long. */
static void copy_text(const struct reader *reader, char *out, size_t size, const char *text,
		      struct span at)
{
	size_t length = strlen(text);

	if (length >= size) {
		diag_error(reader->diags, at, NULL, "longer than %zu bytes", size - 1);
		length = 0;
	}
	memcpy(out, text, length);
	out[length] = '\0';
}

/*
 * Keys
 */

static bool excludes(uint32_t duty)
{
	return duty == TRUST_DUTY_SECURITY || duty == TRUST_DUTY_APPROVAL ||
	       duty == TRUST_DUTY_AUDIT;
}

static void compare_people(const struct reader *reader, const struct statement *statement,
			   const struct trust_key *key, const struct trust_key *before)
{
	if (key->standing != TRUST_STANDING_ACTIVE || before->standing != TRUST_STANDING_ACTIVE ||
	    key->duty == before->duty || !excludes(key->duty) || !excludes(before->duty) ||
	    !trust_same_person(key->person, before->person))
		return;
	diag_error(reader->diags, at_of(statement, "person"),
		   "security, approval and audit are duties of different people",
		   "'%s' has duty %s here and duty %s in line %u", key->person,
		   trust_duty_name(key->duty), trust_duty_name(before->duty), before->line);
}

static void compare_with_earlier(const struct reader *reader, const struct statement *statement,
				 const struct trust_key *key)
{
	const struct trust *trust = reader->trust;
	const struct trust_key *before;
	uint32_t i;

	for (i = 0; i < trust->key_count; i++) {
		before = &trust->keys[i];
		if (strcmp(before->id, key->id) == 0)
			diag_error(reader->diags, at_of(statement, "name"),
				   "give each key an id of its own, for ever",
				   "key id '%s' stands in line %u already", key->id, before->line);
		if (sshkey_same(&before->key, &key->key))
			diag_error(reader->diags, at_of(statement, "public"),
				   "one key stands in the list once, with one duty",
				   "this is the public key of '%s' in line %u", before->id,
				   before->line);
		compare_people(reader, statement, key, before);
	}
}

static bool read_public(const struct reader *reader, const struct statement *statement,
			struct sshkey *key)
{
	const char *text = statement_text(statement, "public");
	enum sshkey_flaw flaw;

	if (!text)
		return false;
	flaw = sshkey_parse(key, text, strlen(text));
	if (flaw == SSHKEY_SOUND)
		return true;
	diag_error(reader->diags, at_of(statement, "public"),
		   "write the first two words of the .pub file, such as \"ssh-ed25519 AAAA...\"",
		   "the public key %s", sshkey_flaw_text(flaw));
	return false;
}

static void read_person(const struct reader *reader, const struct statement *statement,
			struct trust_key *key)
{
	const char *person = statement_text(statement, "person");
	const char *duty = statement_text(statement, "duty");

	key->duty = duty ? trust_duty(duty) : TRUST_DUTY_COUNT;
	if (!person)
		return;
	copy_text(reader, key->person, sizeof(key->person), person, at_of(statement, "person"));
	if (trust_same_person(person, ""))
		diag_error(reader->diags, at_of(statement, "person"), NULL,
			   "a person without a name");
}

static void read_key(struct reader *reader, const struct statement *statement,
		     enum trust_standing standing)
{
	struct trust *trust = reader->trust;
	const char *id = statement_text(statement, "name");
	struct trust_key key;

	memset(&key, 0, sizeof(key));
	key.standing = standing;
	key.line = statement->at.line;
	if (!id || !read_public(reader, statement, &key.key))
		return;
	copy_text(reader, key.id, sizeof(key.id), id, at_of(statement, "name"));
	read_person(reader, statement, &key);
	compare_with_earlier(reader, statement, &key);
	if (trust->key_count == TRUST_KEYS_MAX) {
		diag_error(reader->diags, statement->at, NULL, "more than %d keys", TRUST_KEYS_MAX);
		return;
	}
	trust->keys[trust->key_count++] = key;
}

static void read_keys(struct reader *reader)
{
	static const struct {
		const char *keyword;
		enum trust_standing standing;
	} kinds[] = {
		{ "key", TRUST_STANDING_ACTIVE },
		{ "retired", TRUST_STANDING_RETIRED },
		{ "revoked", TRUST_STANDING_REVOKED },
	};
	const struct block *block = document_block(reader->document, "keys");
	const struct statement *statement;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		for (statement = document_statement(block, kinds[i].keyword, NULL); statement;
		     statement = document_statement(block, kinds[i].keyword, statement))
			read_key(reader, statement, kinds[i].standing);
}

/*
 * Thresholds
 */

/* How many different people hold an active key of a duty. */
static uint32_t people_of(const struct trust *trust, uint32_t duty)
{
	uint32_t i, j, count = 0;

	for (i = 0; i < trust->key_count; i++) {
		if (trust->keys[i].standing != TRUST_STANDING_ACTIVE || trust->keys[i].duty != duty)
			continue;
		for (j = 0; j < i; j++)
			if (trust->keys[j].standing == TRUST_STANDING_ACTIVE &&
			    trust->keys[j].duty == duty &&
			    trust_same_person(trust->keys[i].person, trust->keys[j].person))
				break;
		count += j == i;
	}
	return count;
}

static void set_need(const struct reader *reader, struct trust_need *need, uint32_t duty,
		     uint64_t wanted, struct span at)
{
	uint32_t people = people_of(reader->trust, duty);

	if (wanted > people)
		diag_error(reader->diags, at, "add keys, or ask for fewer signatures",
			   "asks for %llu %s of duty %s, and block keys has %u",
			   (unsigned long long)wanted, wanted == 1 ? "person" : "people",
			   trust_duty_name(duty), people);
	else if (wanted > SIGNED_BLOCKS_MAX)
		diag_error(reader->diags, at, NULL, "a file has at most %d signatures",
			   SIGNED_BLOCKS_MAX);
	else
		need->duty[duty] = (uint32_t)wanted;
}

static void read_root(struct reader *reader, const struct block *block)
{
	const struct statement *statement = document_statement(block, "root", NULL);
	uint64_t wanted;

	if (!statement)
		return;
	wanted = statement_number(statement, "at-least", 0);
	set_need(reader, &reader->trust->root, TRUST_DUTY_ROOT, wanted,
		 at_of(statement, "at-least"));
	if (wanted == 1)
		diag_warning(reader->diags, at_of(statement, "at-least"), "ask for at-least 2",
			     "one person alone can replace this list");
}

static void read_policy(struct reader *reader, const struct block *block)
{
	const struct statement *statement = document_statement(block, "policy", NULL);
	const struct value *pairs, *item;
	uint64_t total = 0;
	uint32_t i, duty;

	if (!statement || statement->arg_count == 0 || statement->args[0].type != VALUE_LIST)
		return;
	pairs = &statement->args[0];
	for (i = 0; i + 1 < pairs->list.count; i += 2) {
		item = &pairs->list.items[i];
		duty = trust_duty(item[0].text);
		if (duty == TRUST_DUTY_COUNT)
			continue; /* the parser knows no other */
		set_need(reader, &reader->trust->policy, duty, item[1].number, item[1].at);
		total += item[1].number;
	}
	if (total == 1)
		diag_warning(reader->diags, statement->at, "ask for security 1 approval 1",
			     "one person alone can put a policy in force");
}

/*
 * The rest
 */

static void read_levels(struct reader *reader, const struct block *block)
{
	const struct statement *statement = document_statement(block, "levels", NULL);
	struct trust *trust = reader->trust;
	const struct value *pairs, *item;
	struct trust_level *level;
	uint32_t i;

	if (!statement || statement->arg_count == 0 || statement->args[0].type != VALUE_LIST)
		return;
	pairs = &statement->args[0];
	for (i = 0; i + 1 < pairs->list.count; i += 2) {
		item = &pairs->list.items[i];
		if (trust->level_count == TRUST_LEVELS_MAX) {
			diag_error(reader->diags, item->at, NULL, "more than %d levels",
				   TRUST_LEVELS_MAX);
			return;
		}
		level = &trust->levels[trust->level_count++];
		copy_text(reader, level->name, sizeof(level->name), item[0].text, item[0].at);
		copy_text(reader, level->label, sizeof(level->label), item[1].text, item[1].at);
	}
}

static void read_bad(struct reader *reader, const struct block *block)
{
	const struct statement *statement;
	struct trust *trust = reader->trust;
	const char *text;

	for (statement = document_statement(block, "bad", NULL); statement;
	     statement = document_statement(block, "bad", statement)) {
		text = statement->arg_count ? statement->args[0].text : NULL;
		if (!text || trust->bad_count == TRUST_BAD_MAX) {
			diag_error(reader->diags, statement->at, NULL, "more than %d bad texts",
				   TRUST_BAD_MAX);
			return;
		}
		if (!signed_digest_parse(trust->bad[trust->bad_count], text))
			diag_error(reader->diags, statement->args[0].at,
				   "'airgap-policy verify' shows the digest of a file",
				   "not a digest: \"sha256:\" and 64 digits of 0-9 a-f");
		else
			trust->bad_count++;
	}
}

static void read_all(struct reader *reader)
{
	const struct block *block = document_block(reader->document, "trust");
	struct trust *trust = reader->trust;

	trust->number = document_number(reader->document, "trust", "number", "number", 0);
	trust->minimum_serial =
		document_number(reader->document, "trust", "minimum-serial", "serial", 0);
	read_keys(reader);
	read_root(reader, block);
	read_policy(reader, block);
	read_levels(reader, block);
	read_bad(reader, block);
}

int trust_parse(const char *text, size_t length, struct diag_list *diags, struct trust **trust)
{
	struct diag_list own = DIAG_LIST_INIT;
	struct reader reader = { .diags = diags ? diags : &own };
	struct document *document = NULL;
	size_t errors = reader.diags->errors;
	int error;

	*trust = NULL;
	length = document_text_length(text, length);
	error = document_parse(namespace_word(SIGN_NAMESPACE_TRUST), text, length, reader.diags,
			       &document);
	if (error)
		goto out;
	reader.document = document;
	reader.trust = calloc(1, sizeof(*reader.trust));
	error = reader.trust ? 0 : -ENOMEM;
	if (error)
		goto out;
	crypto_hash_sha256(reader.trust->digest, (const uint8_t *)text, length);
	read_all(&reader);
	if (reader.diags->errors > errors) {
		error = -EINVAL;
		goto out;
	}
	*trust = reader.trust;
	reader.trust = NULL;
out:
	trust_free(reader.trust);
	document_free(document);
	diag_list_free(&own);
	return error;
}
