// SPDX-License-Identifier: GPL-2.0-or-later
/* What an airgap-policy may hold, outside its rules; those are in schema_rules.c. */
#include "policy/lang/schema.h"
#include "policy/lang/schema_rules.h"

#include "policy/decide/facts.h"

#define WORDS(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}
#define HOUR	 3600
#define DAY	 86400
#define LABEL	 SCHEMA_LABEL
#define MAYBE	 (SCHEMA_LABEL | SCHEMA_OPTIONAL)
#define QUORUM	 (SCHEMA_LIST | SCHEMA_PAIRS)
#define DUTIES	 WORDS("security", "approval")
#define FAILURES WORDS("lockdown", "restrict")
#define NOTIFY                                                                                     \
	{                                                                                          \
		"notify", VALUE_CHOICE, MAYBE, .choices = DUTIES, .help = "duty to be told"        \
	}
#define FAILURE(on, what)                                                                          \
	{                                                                                          \
		on, 0, { { "action", VALUE_CHOICE, .choices = FAILURES, .help = what }, NOTIFY },  \
			what                                                                       \
	}
/* Only the refusing default exists: what no rule allows is refused. */
#define DEFAULT(word)                                                                              \
	{                                                                                          \
		"default", 0,                                                                      \
			{ { "default", VALUE_CHOICE, .choices = WORDS(word),                       \
			    .help = "what no rule allows is refused" } },                          \
			"what holds where no rule applies"                                         \
	}
#define RULES                                                                                      \
	{ "allow", SCHEMA_RULE | SCHEMA_MANY, { { 0 } }, "permits" },                              \
	{                                                                                          \
		"forbid", SCHEMA_RULE | SCHEMA_MANY, { { 0 } }, "refuses, whatever is allowed"     \
	}

static const struct schema_statement policy_block[] = {
	{ "id",
	  SCHEMA_REQUIRED,
	  { { "id", VALUE_TEXT, .min = 1, .max = 128 } },
	  "name of the policy" },
	{ "serial",
	  SCHEMA_REQUIRED,
	  { { "serial", VALUE_NUMBER, .min = 1, .max = UINT32_MAX } },
	  "number of this edition; only goes up" },
	{ "class",
	  0,
	  { { "class", VALUE_CHOICE, .choices = WORDS("normal", "emergency") } },
	  "normal, or emergency" },
	{ "mode",
	  0,
	  { { "mode", VALUE_CHOICE, .choices = WORDS("enforce", "monitor") },
	    { "at-most", VALUE_DURATION, MAYBE, .min = HOUR, .max = 30 * DAY } },
	  "enforce, or only monitor for at most some powered-on hours" },
	{ "valid",
	  SCHEMA_REQUIRED,
	  { { "dates", VALUE_DATES, .help = "FIRST .. LAST" } },
	  "first and last day, UTC" },
	{ "runtime",
	  0,
	  { { "at-most", VALUE_DURATION, LABEL, .min = HOUR, .max = 3660 * DAY } },
	  "powered-on hours after which the policy expires" },
	{ 0 },
};

static const struct schema_statement scope_block[] = {
	{ "unit", SCHEMA_REQUIRED, { { "unit", VALUE_TEXT, .min = 1, .max = 128 } }, "the unit" },
	{ "terminals",
	  SCHEMA_REQUIRED,
	  { { "terminals", VALUE_CHOICE, SCHEMA_OR_LIST, VALUE_TEXT, WORDS("registered"), 1, 64,
	      "registered, or a list" } },
	  "those registered in table terminals, or a list of numbers" },
	{ "level",
	  SCHEMA_REQUIRED,
	  { { "level", VALUE_NAME, .help = "as the signers' list declares it" } },
	  "level of the terminals" },
	{ 0 },
};

#define PERSON                                                                                     \
	{                                                                                          \
		"name", VALUE_TEXT, .min = 1, .max = 128,                                          \
				    .help = "write the name between double quotes"                 \
	}
#define KEY                                                                                        \
	{                                                                                          \
		"key", VALUE_NAME, MAYBE, .help = "key in the signers' list"                       \
	}

static const struct schema_statement people_block[] = {
	{ "lead", 0, { PERSON, KEY }, "person first responsible" },
	{ "direct", 0, { PERSON, KEY }, "person directly responsible" },
	{ "officer",
	  SCHEMA_MANY,
	  { PERSON,
	    { "key", VALUE_NAME, LABEL, .help = "key in the signers' list" },
	    { "duty", VALUE_CHOICE, LABEL, .choices = DUTIES },
	    { "login", VALUE_TEXT, MAYBE, .min = 1, .max = 32,
	      .help = "account on the terminal" } },
	  "security officer or approver" },
	{ "auditor",
	  SCHEMA_MANY,
	  { PERSON, { "key", VALUE_NAME, LABEL, .help = "key in the signers' list" } },
	  "auditor" },
	{ 0 },
};

static const struct schema_statement usb_block[] = {
	DEFAULT("block"),
	{ "hubs",
	  0,
	  { { "hubs", VALUE_CHOICE, .choices = WORDS("built-in", "by-rule"),
	      .help = "built-in: permitted without a rule" } },
	  "whether hubs, other than root hubs, are permitted without a rule" },
	RULES,
	{ 0 },
};

static const struct schema_statement media_block[] = {
	DEFAULT("none"),
	RULES,
	{ "filesystems",
	  0,
	  { { "filesystems", VALUE_CHOICE, SCHEMA_LIST,
	      .choices = WORDS("vfat", "exfat", "ext4", "iso9660") } },
	  "file systems that are mounted" },
	{ 0 },
};

static const struct schema_statement network_block[] = { DEFAULT("down"), RULES, { 0 } };

static const struct schema_statement transfer_block[] = {
	DEFAULT("refuse"),
	RULES,
	{ "recipients",
	  SCHEMA_MANY,
	  { { "unit", VALUE_TEXT, LABEL, .min = 1, .max = 128 },
	    { "level", VALUE_NAME, MAYBE,
	      .help = "the highest that it opens; else the policy's own" },
	    { "epoch", VALUE_NUMBER, MAYBE, .min = 1, .max = UINT32_MAX,
	      .help = "number of the key; of a unit and level only the highest is written to" },
	    { "recipient", VALUE_TEXT, .min = 1, .max = 128, .help = "age recipient" } },
	  "who can open what is sent to a unit" },
	{ "hours",
	  0,
	  { { "hours", VALUE_HOURS, SCHEMA_LIST,
	      .help = "days and hours, by the terminal's local time" } },
	  "working hours: only these count in the 'wait' of a rule; else every hour does" },
	{ "recovery",
	  0,
	  { { "recipient", VALUE_TEXT, .min = 1, .max = 128, .help = "age recipient" } },
	  "the office's recipient, on every object" },
	{ 0 },
};

static const struct schema_statement report_block[] = {
	{ "office",
	  SCHEMA_REQUIRED,
	  { { "address", VALUE_TEXT, .min = 1, .max = 256, .help = "host:port" },
	    { "key", VALUE_TEXT, LABEL, .min = 1 },
	    { "level", VALUE_NAME, LABEL,
	      .help = "the office's level; below the policy's own it gets digests" } },
	  "where reports go" },
	{ "heartbeat",
	  0,
	  { { "every", VALUE_DURATION, LABEL, .min = 10, .max = DAY },
	    { "late-after", VALUE_DURATION, LABEL, .min = 10, .max = 30 * DAY } },
	  "signs of life" },
	{ "spool",
	  0,
	  { { "at-most", VALUE_SIZE, LABEL, .min = 1 << 20 },
	    { "when-full", VALUE_CHOICE, LABEL, .choices = WORDS("refuse-transfers") } },
	  "what waits for the office" },
	{ "bundle",
	  0,
	  { { "every", VALUE_DURATION, LABEL, .min = HOUR, .max = 366 * DAY } },
	  "how often a bundle is carried where there is no network" },
	{ 0 },
};

#define GRADES WORDS("V1", "V2", "V3", "V4")

static const struct schema_statement incidents_block[] = {
	{ "grade",
	  SCHEMA_MANY | SCHEMA_UNIQUE,
	  { { "event", VALUE_NAME, .help = "kind of event" },
	    { "grade", VALUE_CHOICE, .choices = GRADES } },
	  "proposed grade of an event" },
	{ "deadline",
	  SCHEMA_MANY | SCHEMA_UNIQUE,
	  { { "grade", VALUE_CHOICE, .choices = GRADES },
	    { "within", VALUE_DURATION, .min = 60, .max = 366 * DAY,
	      .help = "of V3 and V4 to the administration above, else to the office" },
	    { "inside", VALUE_DURATION, MAYBE, .min = 60, .max = 366 * DAY,
	      .help = "of V3 and V4: to the office" },
	    { "result", VALUE_DURATION, MAYBE, .min = 60, .max = 366 * DAY,
	      .help = "until it is closed" } },
	  "time to report, from discovery" },
	{ "cyber",
	  SCHEMA_MANY | SCHEMA_UNIQUE,
	  { { "unit", VALUE_CHOICE, .choices = WORDS("critical", "central", "other"),
	      .help = "critical infrastructure, a central organ, another unit" },
	    { "within", VALUE_DURATION, .min = 60, .max = 366 * DAY,
	      .help = "of the report: to the protection department and the police, the own "
		      "cyberspace office, the provincial office" },
	    { "closing", VALUE_DURATION, MAYBE, .min = 60, .max = 366 * DAY,
	      .help = "of the closing report" } },
	  "time to report a cyber incident of grade 'larger' or above, from discovery" },
	{ "lost",
	  0,
	  { { "juemi", VALUE_DURATION, LABEL, .min = 60, .max = 366 * DAY,
	      .help = "of the highest level, or of one that is not known" },
	    { "others", VALUE_DURATION, LABEL, .min = 60, .max = 366 * DAY,
	      .help = "of all others" } },
	  "how long after discovery a lost medium is treated as a leak, V4" },
	{ "escalate",
	  0,
	  { { "direct", VALUE_NUMBER, LABEL, .min = 1, .max = 99,
	      .help = "percent of a deadline at which the person directly responsible is told" },
	    { "lead", VALUE_NUMBER, LABEL, .min = 1, .max = 99,
	      .help = "the same of the person first responsible" } },
	  "who is told before a deadline ends" },
	{ 0 },
};

static const struct schema_statement inspect_block[] = {
	{ "schedule",
	  0,
	  { { "when", VALUE_TEXT, .min = 1, .max = 128,
	      .help = "calendar expression of systemd.time" },
	    { "jitter", VALUE_DURATION, MAYBE, .max = 7 * DAY } },
	  "when the terminal is inspected" },
	{ "demand",
	  0,
	  { { "checks", VALUE_CHOICE, SCHEMA_LIST,
	      .choices = WORDS("policy-current", "chain-intact", "clock-sane", "no-foreign-usb",
			       "radio-off") } },
	  "checks that must pass" },
	{ "fail-at",
	  0,
	  { { "severity", VALUE_CHOICE, .choices = WORDS("warning", "critical") } },
	  "least finding that fails the inspection" },
	{ 0 },
};

static const struct schema_statement failure_block[] = {
	FAILURE("no-policy", "there is no valid policy"),
	FAILURE("expired", "the policy has expired"),
	FAILURE("clock-suspect", "the clock is before the latest trusted time"),
	FAILURE("tamper", "the agent or its records were altered"),
	{ 0 },
};

const struct schema_block schema_policy_blocks[] = {
	{ "policy", SCHEMA_REQUIRED, policy_block, NULL, "the policy itself" },
	{ "scope", SCHEMA_REQUIRED, scope_block, NULL, "the terminals it is for" },
	{ "people", 0, people_block, NULL, "who answers for them" },
	{ "usb", 0, usb_block, schema_usb_conditions, "USB devices" },
	{ "media", 0, media_block, schema_media_conditions, "removable media" },
	{ "network", 0, network_block, schema_network_conditions, "links, addresses, flows" },
	{ "transfer", 0, transfer_block, schema_transfer_conditions, "files to and from media" },
	{ "report", 0, report_block, NULL, "the office" },
	{ "incidents", 0, incidents_block, NULL, "grades and deadlines" },
	{ "inspect", 0, inspect_block, NULL, "inspections" },
	{ "failure", 0, failure_block, NULL, "what is done when something fails" },
	{ 0 },
};

const struct schema_statement schema_policy_statements[] = {
	{ "set",
	  SCHEMA_MANY,
	  { { "name", VALUE_NAME, .help = "its name" },
	    { "kind", VALUE_CHOICE,
	      .choices = WORDS("usb", "interfaces", "usb-port", "hash", "text", "address") },
	    /* The kind tells the type. */
	    { "elements", VALUE_ABSENT, SCHEMA_LIST | SCHEMA_WIDE, .help = "its elements" } },
	  "a named list, for @name" },
	{ "table",
	  SCHEMA_MANY,
	  { { "name", VALUE_CHOICE, .choices = WORDS("media", "terminals") },
	    { "signed", VALUE_CHOICE, LABEL | QUORUM, VALUE_NUMBER, DUTIES, 1, 16,
	      "signatures to add a row" },
	    { "withdraw", VALUE_CHOICE, MAYBE | QUORUM, VALUE_NUMBER, DUTIES, 1, 16,
	      "signatures to withdraw a row" } },
	  "a signed table that is delivered on its own" },
	{ 0 },
};
