// SPDX-License-Identifier: GPL-2.0-or-later
/* What an airgap-order may hold. */
#include "policy/lang/schema.h"

#include "policy/decide/facts.h"

#define WORDS(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}
#define LABEL SCHEMA_LABEL
#define MAYBE (SCHEMA_LABEL | SCHEMA_OPTIONAL)

static const struct schema_statement order_block[] = {
	{ "id",
	  SCHEMA_REQUIRED,
	  { { "id", VALUE_TEXT, .min = 1, .max = 64 } },
	  "name of the order; no two orders have the same" },
	{ "terminal",
	  SCHEMA_REQUIRED,
	  { { "number", VALUE_TEXT, .min = 1, .max = 64 } },
	  "number of the one terminal that it is for" },
	{ "valid",
	  SCHEMA_REQUIRED,
	  { { "dates", VALUE_DATES, .help = "FIRST .. LAST" } },
	  "first and last day, UTC; at most 31 days" },
	{ "permit",
	  0,
	  { { "id", VALUE_USB_ID, LABEL, .help = "vendor and product, both in full" },
	    { "serial", VALUE_TEXT, LABEL, .min = 1, .max = USB_STRING_SIZE - 1,
	      .help = "serial number" },
	    { "hash", VALUE_HASH, MAYBE, .help = "hash of the descriptors" },
	    { "for", VALUE_DURATION, MAYBE, .min = 60, .max = 30 * 86400,
	      .help = "powered-on time that it may stay" } },
	  "let one device in, once" },
	{ "release",
	  0,
	  { { "what", VALUE_CHOICE, .choices = WORDS("lockdown") } },
	  "end a lockdown that only an order ends" },
	{ "enforce", 0, { { 0 } }, "end mode monitor now" },
	{ "maintenance",
	  0,
	  { { "for", VALUE_DURATION, LABEL, .min = 60, .max = 8 * 3600,
	      .help = "powered-on time that it lasts" } },
	  "record, but do not undo, network settings that policy does not name" },
	{ "end",
	  0,
	  { { "what", VALUE_CHOICE, .choices = WORDS("maintenance") } },
	  "end a maintenance before its time" },
	{ "reason",
	  SCHEMA_REQUIRED,
	  { { "reason", VALUE_TEXT, .min = 1, .max = POLICY_BECAUSE_SIZE - 1 } },
	  "why; shown to the user and recorded" },
	{ 0 },
};

const struct schema_block schema_order_blocks[] = {
	{ "order", SCHEMA_REQUIRED, order_block, NULL, "the order" },
	{ 0 },
};
