// SPDX-License-Identifier: GPL-2.0-or-later
/* Regions as conditions of rules. */
#include "policy/study/region.h"

#include <string.h>

#include "policy/decide/facts.h"

static const struct {
	const char *name;
	bool quoted;
	bool presence; /* a device may have none, and that can be asked */
} keys[REGION_KEY_COUNT] = {
	[REGION_HASH] = { "hash", true, false },
	[REGION_SERIAL] = { "serial", true, true },
	[REGION_ID] = { "id", false, false },
	[REGION_NAME] = { "name", true, true },
	[REGION_PORT] = { "port", false, false },
	[REGION_PARENT_HASH] = { "parent-hash", true, false },
	[REGION_MANUFACTURER] = { "manufacturer", true, true },
	[REGION_CLASS] = { "class", false, false },
	[REGION_DEVICE] = { "device", false, false },
};

static const char *const connect_names[] = {
	[USB_CONNECT_UNKNOWN] = "unknown",
	[USB_CONNECT_HOTPLUG] = "hotplug",
	[USB_CONNECT_HARDWIRED] = "hardwired",
	[USB_CONNECT_NOT_USED] = "not-used",
};

struct printer {
	FILE *out;
	bool allow;
	unsigned int variant;  /* bits still to be used */
	unsigned int variants; /* how many there are so far */
	const char *comma;
};

void words_print_text(FILE *out, const char *text)
{
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', out);
		putc(*text, out);
	}
	putc('"', out);
}

static void begin(struct printer *printer, const char *name, const char *op)
{
	fprintf(printer->out, "%s%s %s", printer->comma, name, op);
	printer->comma = ", ";
}

static void print_list(struct printer *printer, const char *name, const char *op,
		       struct words words, bool quoted)
{
	begin(printer, name, op);
	fputs(" [", printer->out);
	for (size_t i = 0; i < words.count; i++) {
		if (quoted && !words.items[i][0])
			continue;
		putc(' ', printer->out);
		if (quoted)
			words_print_text(printer->out, words.items[i]);
		else
			fputs(words.items[i], printer->out);
	}
	fputs(" ]", printer->out);
}

/* Which of two ways to say it this rule takes; an allow that needs both is two rules. */
static bool choose(struct printer *printer)
{
	bool second = printer->variant % 2;

	printer->variant /= 2;
	printer->variants *= 2;
	return second;
}

/*
 * A device that lacks the text counts as no match in an allow and as a match in a forbid, whatever
 * the operator; where that is not what the region means, 'absent' or 'present' says it.
 */
static void print_presence(struct printer *printer, enum region_key key, struct words words,
			   const char *op, bool lacking)
{
	size_t texts = words.count - words_have(words, "");

	if (texts == 0) {
		begin(printer, keys[key].name, lacking ? "absent" : "present");
		return;
	}
	if (printer->allow && lacking && choose(printer)) {
		begin(printer, keys[key].name, "absent");
		return;
	}
	print_list(printer, keys[key].name, op, words, true);
	if (!printer->allow && !lacking)
		begin(printer, keys[key].name, "present");
}

static void print_key(struct printer *printer, const struct region *region, enum region_key key)
{
	bool quoted = keys[key].quoted;
	struct words in = region->in[key], out = region->out[key];

	if (keys[key].presence) {
		if (region->limited[key])
			print_presence(printer, key, in, "in", words_have(in, ""));
		else if (out.count)
			print_presence(printer, key, out, "not-in", !words_have(out, ""));
		return;
	}
	if (region->limited[key])
		print_list(printer, keys[key].name, "in", in, quoted);
	if (out.count)
		print_list(printer, keys[key].name, "not-in", out, quoted);
}

/* The list names 'unknown', so that a port of that type is judged by it. */
static void print_connect(struct printer *printer, const struct region *region)
{
	bool in = region->connect & (1U << USB_CONNECT_UNKNOWN);
	const char *items[USB_CONNECT_COUNT];
	struct words words = { items, 0 };

	if (region->connect == REGION_CONNECT_ANY)
		return;
	for (unsigned int i = 0; i < USB_CONNECT_COUNT; i++)
		if ((region->connect >> i & 1) == in)
			items[words.count++] = connect_names[i];
	print_list(printer, "connect-type", in ? "in" : "not-in", words, false);
}

static void print_interfaces(struct printer *printer, const struct region *region)
{
	const struct {
		const char *op;
		bool given;
		struct words words;
	} lists[] = {
		{ "equals", region->equals_given, region->equals },
		{ "within", region->within_given, region->within },
		{ "has-all", region->all.count > 0, region->all },
		{ "has-any", region->any.count > 0, region->any },
		{ "has-none", region->none.count > 0, region->none },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (lists[i].given)
			print_list(printer, "interfaces", lists[i].op, lists[i].words, false);
}

static void print_all(struct printer *printer, const struct region *region)
{
	/* The order of rules that people write, not that of differences. */
	static const enum region_key order[REGION_KEY_COUNT] = {
		REGION_ID,	     REGION_SERIAL, REGION_NAME,  REGION_HASH,	 REGION_PARENT_HASH,
		REGION_MANUFACTURER, REGION_PORT,   REGION_CLASS, REGION_DEVICE,
	};

	for (size_t i = 0; i < REGION_KEY_COUNT; i++)
		print_key(printer, region, order[i]);
	print_connect(printer, region);
	print_interfaces(printer, region);
	if (!*printer->comma)
		fputs("id in [ *:* ]", printer->out);
}

/* How many rules the region needs. */
static unsigned int count_variants(const struct region *region, bool allow)
{
	unsigned int variants = 1;

	for (enum region_key key = 0; allow && key < REGION_KEY_COUNT; key++) {
		bool lacking = region->limited[key] ? words_have(region->in[key], "")
						    : region->out[key].count > 0 &&
							      !words_have(region->out[key], "");
		struct words words = region->limited[key] ? region->in[key] : region->out[key];

		if (keys[key].presence && lacking && words.count > words_have(words, ""))
			variants *= 2;
	}
	return variants;
}

bool region_print(FILE *out, const struct region *region, bool allow, unsigned int variant)
{
	struct printer printer = {
		.out = out,
		.allow = allow,
		.variant = variant,
		.variants = 1,
		.comma = "",
	};

	if (region->empty || variant >= count_variants(region, allow))
		return false;
	print_all(&printer, region);
	return true;
}
