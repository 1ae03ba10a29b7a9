// SPDX-License-Identifier: GPL-2.0-or-later
/* The two texts on a medium: its registration record, and its counter. */
#include "policy/lang/schema.h"

#include "policy/medium/record.h"

#define WORDS(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}
#define LABEL SCHEMA_LABEL

static const struct schema_statement medium_block[] = {
	{ "id",
	  SCHEMA_REQUIRED,
	  { { "id", VALUE_RANDOM, .help = "drawn when it was enrolled" } },
	  "media id; table media has a row of it" },
	{ "device",
	  SCHEMA_REQUIRED,
	  { { "id", VALUE_USB_ID, LABEL, .help = "vendor and product, both in full" },
	    { "serial", VALUE_TEXT, LABEL, .min = 1, .max = USB_STRING_SIZE - 1,
	      .help = "serial number" } },
	  "the device that it was made on" },
	{ "sectors",
	  SCHEMA_REQUIRED,
	  { { "count", VALUE_NUMBER, .min = 1, .max = MEDIUM_SECTORS_MAX } },
	  "capacity of the device, in units of 512 bytes" },
	{ "filesystem",
	  SCHEMA_REQUIRED,
	  { { "type", VALUE_CHOICE, .choices = WORDS("vfat", "exfat", "ext4") },
	    { "uuid", VALUE_TEXT, LABEL, .min = 1, .max = MEDIUM_UUID_SIZE - 1,
	      .help = "as blkid shows it" } },
	  "file system of the data partition" },
	{ "enrolled",
	  SCHEMA_REQUIRED,
	  { { "day", VALUE_DATE, .help = "DAY" } },
	  "day of enrolment, UTC" },
	{ 0 },
};

const struct schema_block schema_media_blocks[] = {
	{ "medium", SCHEMA_REQUIRED, medium_block, NULL, "the medium" },
	{ 0 },
};

static const struct schema_statement counter_block[] = {
	{ "medium",
	  SCHEMA_REQUIRED,
	  { { "id", VALUE_RANDOM, .help = "of the medium" } },
	  "media id of the record that it belongs to" },
	{ "sequence",
	  SCHEMA_REQUIRED,
	  { { "number", VALUE_NUMBER, .min = 1, .max = MEDIUM_SEQUENCE_MAX } },
	  "number of this use; 1 is the enrolment" },
	{ "mark",
	  SCHEMA_REQUIRED,
	  { { "mark", VALUE_RANDOM, .help = "of this use" } },
	  "drawn anew at each use: two copies that are used apart differ in it" },
	{ "previous",
	  SCHEMA_REQUIRED,
	  { { "digest", VALUE_HASH, .help = "of a text" } },
	  "SHA-256 of the counter before; at the enrolment, of the record" },
	{ 0 },
};

const struct schema_block schema_counter_blocks[] = {
	{ "counter", SCHEMA_REQUIRED, counter_block, NULL, "one use" },
	{ 0 },
};
