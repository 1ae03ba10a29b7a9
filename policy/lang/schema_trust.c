// SPDX-License-Identifier: GPL-2.0-or-later
/* The signers' list and the identity of a terminal. */
#include "policy/lang/schema.h"

#define WORDS(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}
#define DUTIES WORDS("root", "security", "approval", "audit")
#define PUBLIC                                                                                     \
	{                                                                                          \
		"public", VALUE_TEXT, SCHEMA_LABEL, .min = 1, .help = "OpenSSH public key"         \
	}
#define FORMER                                                                                     \
	{                                                                                          \
		{ "name", VALUE_NAME, .help = "id of the key" },                                   \
			{ "duty", VALUE_CHOICE, SCHEMA_LABEL | SCHEMA_OPTIONAL,                    \
			  .choices = DUTIES },                                                     \
			{ "person", VALUE_TEXT, SCHEMA_LABEL | SCHEMA_OPTIONAL, .min = 1,          \
			  .max = 128 },                                                            \
			PUBLIC                                                                     \
	}

static const struct schema_statement trust_block[] = {
	{ "number",
	  SCHEMA_REQUIRED,
	  { { "number", VALUE_NUMBER, .min = 1, .max = UINT32_MAX } },
	  "number of this list; the next one's is one more" },
	{ "levels",
	  SCHEMA_REQUIRED,
	  { { "levels", VALUE_NAME, SCHEMA_LIST | SCHEMA_PAIRS | SCHEMA_WIDE, VALUE_TEXT,
	      .help = "name and how it is shown" } },
	  "levels and how they are shown, lowest first" },
	{ "root",
	  SCHEMA_REQUIRED,
	  { { "at-least", VALUE_NUMBER, SCHEMA_LABEL, .min = 1, .max = 16 } },
	  "signatures of duty root that the next list needs" },
	{ "policy",
	  SCHEMA_REQUIRED,
	  { { "signatures", VALUE_CHOICE, SCHEMA_PAIRS | SCHEMA_BARE | SCHEMA_WIDE, VALUE_NUMBER,
	      DUTIES, 1, 16, "duties and how many of each" } },
	  "signatures that a policy needs" },
	{ "minimum-serial",
	  0,
	  { { "serial", VALUE_NUMBER, .max = UINT32_MAX } },
	  "policies of a lower serial are refused" },
	{ "bad",
	  SCHEMA_MANY | SCHEMA_UNIQUE,
	  { { "digest", VALUE_TEXT, .min = 1, .max = 128 } },
	  "digest of a text that must not be used" },
	{ 0 },
};

static const struct schema_statement keys_block[] = {
	{ "key",
	  SCHEMA_MANY,
	  { { "name", VALUE_NAME, .help = "id of the key" },
	    { "duty", VALUE_CHOICE, SCHEMA_LABEL, .choices = DUTIES },
	    { "person", VALUE_TEXT, SCHEMA_LABEL, .min = 1, .max = 128 },
	    PUBLIC },
	  "a key in use" },
	{ "retired", SCHEMA_MANY, FORMER, "its owner left; what was recorded before stays good" },
	{ "revoked", SCHEMA_MANY, FORMER, "compromised: nothing it signed counts" },
	{ 0 },
};

const struct schema_block schema_trust_blocks[] = {
	{ "trust", SCHEMA_REQUIRED, trust_block, NULL, "the list itself" },
	{ "keys", SCHEMA_REQUIRED, keys_block, NULL, "the keys" },
	{ 0 },
};

static const struct schema_statement terminal_block[] = {
	{ "number",
	  SCHEMA_REQUIRED,
	  { { "number", VALUE_TEXT, .min = 1, .max = 64 } },
	  "number of the terminal" },
	{ "unit",
	  SCHEMA_REQUIRED,
	  { { "unit", VALUE_TEXT, .min = 1, .max = 128 } },
	  "the unit it belongs to" },
	{ "level",
	  SCHEMA_REQUIRED,
	  { { "level", VALUE_NAME, .help = "as the signers' list declares it" } },
	  "its level" },
	{ 0 },
};

const struct schema_block schema_terminal_blocks[] = {
	{ "terminal", SCHEMA_REQUIRED, terminal_block, NULL, "which terminal this is" },
	{ 0 },
};
