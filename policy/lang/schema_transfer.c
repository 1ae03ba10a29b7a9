// SPDX-License-Identifier: GPL-2.0-or-later
/* The texts of a transfer: manifest, approval, slip, and the card of another unit. */
#include "policy/lang/schema.h"

#include "policy/decide/transfer.h"
#include "policy/medium/record.h"
#include "policy/transfer/batch.h"

#define WORDS(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}
#define LABEL	 SCHEMA_LABEL
#define REQUIRED SCHEMA_REQUIRED

/* One person or key in a text of the signers' list has no more. */
#define PERSON_MAX 128
/* Bytes of one file, or of an object: 256 TiB; the sum of a batch stays far below 2^63. */
#define SIZE_LIMIT (UINT64_C(1) << 48)

#define BATCH                                                                                      \
	{                                                                                          \
		"batch", REQUIRED,                                                                 \
			{ { "id", VALUE_RANDOM, .help = "drawn when it was requested" } },         \
			"the batch"                                                                \
	}
#define MANIFEST                                                                                   \
	{                                                                                          \
		"manifest", REQUIRED, { { "digest", VALUE_DIGEST, .help = "of a text" } },         \
			"BLAKE2b-256 of the batch's manifest"                                      \
	}
#define TERMINAL                                                                                   \
	{                                                                                          \
		"terminal", REQUIRED,                                                              \
			{ { "number", VALUE_TEXT, .min = 1, .max = TRANSFER_TERMINAL_SIZE - 1 } }, \
			"terminal that wrote this text"                                            \
	}
#define DIRECTION                                                                                  \
	{                                                                                          \
		"direction", REQUIRED,                                                             \
			{ { "direction", VALUE_CHOICE, .choices = WORDS("in", "out") } },          \
			"into this terminal, or out of it"                                         \
	}
#define UNIT(flags, help)                                                                          \
	{                                                                                          \
		"unit", flags,                                                                     \
			{ { "unit", VALUE_TEXT, .min = 1, .max = TRANSFER_UNIT_SIZE - 1 } }, help  \
	}
#define LEVEL                                                                                      \
	{                                                                                          \
		"level", REQUIRED, { { "level", VALUE_NAME, .help = "by name" } },                 \
			"level of the batch, as its author states it, or as a marking raised it"   \
	}
#define TERM(flags)                                                                                \
	{                                                                                          \
		"term", flags,                                                                     \
			{ { "term", VALUE_TEXT, .min = 1, .max = TRANSFER_TERM_SIZE - 1 } },       \
			"how long it stays classified"                                             \
	}
#define BASIS(flags)                                                                               \
	{                                                                                          \
		"basis", flags,                                                                    \
			{ { "basis", VALUE_TEXT, .min = 1, .max = TRANSFER_BASIS_SIZE - 1 } },     \
			"why it has that level"                                                    \
	}
#define REQUESTER                                                                                  \
	{                                                                                          \
		"requester", REQUIRED,                                                             \
			{ { "login", VALUE_TEXT, .min = 1, .max = TRANSFER_LOGIN_SIZE - 1 } },     \
			"who asked for it"                                                         \
	}
#define CREATED                                                                                    \
	{                                                                                          \
		"created", REQUIRED, { { "time", VALUE_TIME, .help = "UTC" } },                    \
			"when this text was made"                                                  \
	}
#define FILE_NAME "name", VALUE_TEXT, .min = 1, .max = TRANSFER_NAME_SIZE - 1
#define FILE_SIZE VALUE_NUMBER, LABEL, .max = SIZE_LIMIT

static const struct schema_statement manifest_block[] = {
	BATCH,
	TERMINAL,
	DIRECTION,
	UNIT(0, "where it goes, or comes from"),
	LEVEL,
	TERM(0),
	BASIS(0),
	REQUESTER,
	CREATED,
	{ "file",
	  REQUIRED | SCHEMA_MANY,
	  { { FILE_NAME, .help = "with the folders that it lies in" },
	    { "type", VALUE_NAME, LABEL, .help = "by content" },
	    { "size", FILE_SIZE, .help = "in bytes" },
	    { "digest", VALUE_DIGEST, LABEL, .help = "BLAKE2b-256 of the content" } },
	  "a file of the batch" },
	{ 0 },
};

static const struct schema_statement approval_block[] = {
	BATCH,
	MANIFEST,
	DIRECTION,
	UNIT(0, "where it goes, or comes from"),
	LEVEL,
	REQUESTER,
	{ "medium",
	  REQUIRED,
	  { { "medium", VALUE_NAME, .help = "its id, or any" } },
	  "the one medium that it may be written to or read from; any: whichever the policy "
	  "permits" },
	{ "nonce",
	  REQUIRED,
	  { { "nonce", VALUE_RANDOM, .help = "32 digits" } },
	  "drawn anew for each approval, which is used up with it" },
	{ "until",
	  REQUIRED,
	  { { "time", VALUE_TIME, .help = "UTC" } },
	  "the last second at which it is good" },
	{ 0 },
};

static const struct schema_statement slip_block[] = {
	TERMINAL,
	BATCH,
	MANIFEST,
	{ "from",
	  REQUIRED,
	  { { "unit", VALUE_TEXT, .min = 1, .max = TRANSFER_UNIT_SIZE - 1 } },
	  "the terminal's unit" },
	UNIT(REQUIRED, "the unit that it is for"),
	LEVEL,
	TERM(REQUIRED),
	BASIS(REQUIRED),
	REQUESTER,
	CREATED,
	{ "medium",
	  REQUIRED,
	  { { "id", VALUE_RANDOM, .help = "of its registration record" },
	    { "sequence", VALUE_NUMBER, LABEL, .min = 1, .max = MEDIUM_SEQUENCE_MAX,
	      .help = "of its counter" },
	    { "counter", VALUE_DIGEST, LABEL, .help = "SHA-256 of that counter" } },
	  "the medium that it lies on, and at which use of it" },
	{ "entry",
	  REQUIRED,
	  { { "number", VALUE_NUMBER, .max = INT64_MAX } },
	  "position in the terminal's journal where the export was permitted" },
	{ "recipient",
	  REQUIRED | SCHEMA_MANY | SCHEMA_UNIQUE,
	  { { "recipient", VALUE_TEXT, .min = 1, .max = TRANSFER_RECIPIENT - 1,
	      .help = "\"age1...\"" } },
	  "whom every object is encrypted to" },
	{ "approval",
	  SCHEMA_MANY | SCHEMA_UNIQUE,
	  { { "key", VALUE_NAME, .help = "in the signers' list" },
	    { "person", VALUE_TEXT, LABEL, .min = 1, .max = PERSON_MAX },
	    { "nonce", VALUE_RANDOM, LABEL, .help = "of the approval" } },
	  "who approved it" },
	{ "file",
	  REQUIRED | SCHEMA_MANY,
	  { { FILE_NAME, .help = "with the folders that it lies in" },
	    { "type", VALUE_NAME, LABEL, .help = "by content" },
	    { "size", FILE_SIZE, .help = "of the content, in bytes" },
	    { "digest", VALUE_DIGEST, LABEL, .help = "BLAKE2b-256 of the content" },
	    { "object", VALUE_RANDOM, LABEL, .help = "its name on the medium" },
	    { "sealed", FILE_SIZE, .help = "size of the object, in bytes" },
	    { "seal", VALUE_DIGEST, LABEL, .help = "BLAKE2b-256 of the object" } },
	  "a file of the batch, and the object that it was sealed as" },
	{ 0 },
};

static const struct schema_statement card_block[] = {
	UNIT(REQUIRED, "whose card it is"),
	{ "number",
	  REQUIRED,
	  { { "number", VALUE_NUMBER, .min = 1, .max = UINT32_MAX } },
	  "number of this card; of two of one unit the higher one holds" },
	{ "valid",
	  REQUIRED,
	  { { "dates", VALUE_DATES, .help = "FIRST .. LAST" } },
	  "first and last day, UTC" },
	{ "recipient",
	  REQUIRED | SCHEMA_MANY | SCHEMA_UNIQUE,
	  { { "recipient", VALUE_TEXT, .min = 1, .max = TRANSFER_RECIPIENT - 1,
	      .help = "\"age1...\"" },
	    { "level", VALUE_NAME, LABEL, .help = "the highest that it may open" },
	    { "epoch", VALUE_NUMBER, LABEL, .min = 1, .max = UINT32_MAX,
	      .help = "goes up when the key changes" } },
	  "a key of the unit's" },
	{ 0 },
};

const struct schema_block schema_manifest_blocks[] = {
	{ "manifest", REQUIRED, manifest_block, NULL, "the batch" },
	{ 0 },
};

const struct schema_block schema_approval_blocks[] = {
	{ "approval", REQUIRED, approval_block, NULL, "the approval" },
	{ 0 },
};

const struct schema_block schema_slip_blocks[] = {
	{ "slip", REQUIRED, slip_block, NULL, "the slip" },
	{ 0 },
};

const struct schema_block schema_card_blocks[] = {
	{ "card", REQUIRED, card_block, NULL, "the card" },
	{ 0 },
};
