// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/random_value.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

/* Elements of a list, when its type does not have fewer. */
#define ELEMENTS_MAX 12

/* xorshift64*: the same on every machine. */
unsigned int roll(uint64_t *state, unsigned int sides)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (unsigned int)((*state * UINT64_C(2685821657736338717)) >> 33) % sides;
}

void random_gap(uint64_t *state, FILE *out)
{
	static const char *const gaps[] = { " ", " ", "  ", "\t" };

	fputs(gaps[roll(state, 4)], out);
}

static void list_gap(uint64_t *state, FILE *out)
{
	static const char *const gaps[] = {
		" ",	       " ",	      " ",
		"  ",	       "\n",	      "\n\n",
		" # beside\n", "\n# above\n", "\n\n # \xe5\x86\x85\n\n",
	};

	fputs(gaps[roll(state, 9)], out);
}

static void put_name(uint64_t *state, FILE *out, unsigned int distinct)
{
	static const char *const names[] = { "a", "V1", "n.x", "long-name_with-all", "8" };

	fprintf(out, "%s%u", names[roll(state, 5)], distinct);
}

static void put_text(uint64_t *state, FILE *out, const struct schema_arg *arg,
		     unsigned int distinct)
{
	static const char *const texts[] = { "",   " x", "\\\"q\\\"",	 "\\\\",
					     "#1", "@",	 "\xe4\xbf\x9d", "[ ] { }, .." };
	const char *more = texts[roll(state, 8)];

	fprintf(out, "\"%u%s\"", distinct, arg->max && arg->max < 16 ? "" : more);
}

/* A number in the argument's range; the factors keep it readable with a unit. */
static uint64_t number(uint64_t *state, const struct schema_arg *arg, uint64_t factor,
		       uint64_t most)
{
	uint64_t low = (arg->min + factor - 1) / factor;
	uint64_t high = (arg->max ? arg->max : most) / factor;
	uint64_t span = high > low ? high - low + 1 : 1;

	return low + roll(state, span > 100000 ? 100000 : (unsigned int)span);
}

static void put_scaled(uint64_t *state, FILE *out, const struct schema_arg *arg,
		       const char *letters, const uint64_t *factors, unsigned int count,
		       uint64_t most)
{
	unsigned int i = roll(state, count);

	/* A unit that is too coarse for the range gives way to a finer one. */
	while (i > 0 && (number(state, arg, factors[i], most) * factors[i] < arg->min ||
			 (arg->max && arg->max / factors[i] * factors[i] < arg->min) ||
			 (arg->max && arg->max < factors[i])))
		i--;
	fprintf(out, "%" PRIu64 "%c", number(state, arg, factors[i], most), letters[i]);
}

static void put_duration(uint64_t *state, FILE *out, const struct schema_arg *arg)
{
	static const uint64_t factors[] = { 1, 60, 3600, 86400 };

	put_scaled(state, out, arg, "smhd", factors, 4, 864000);
}

static void put_size(uint64_t *state, FILE *out, const struct schema_arg *arg)
{
	static const uint64_t factors[] = { 1 << 10, 1 << 20, 1 << 30 };

	put_scaled(state, out, arg, "KMG", factors, 3, UINT64_C(1) << 36);
}

static void put_id(uint64_t *state, FILE *out, unsigned int distinct)
{
	if (distinct == 0 && roll(state, 8) == 0)
		fputs("*:*", out);
	else if (roll(state, 3) == 0)
		fprintf(out, "%04x:*", 0xa000 + distinct);
	else if (roll(state, 2))
		fprintf(out, "%04X:%04x", 0xa000 + distinct, roll(state, 65536));
	else
		fprintf(out, "%04x:%04X", 0xa000 + distinct, roll(state, 65536));
}

static void put_triple(uint64_t *state, FILE *out, unsigned int distinct)
{
	fprintf(out, "%02X:", 0xa0 + distinct);
	switch (roll(state, 4)) {
	case 0:
		fputs("*:*", out);
		return;
	case 1:
		fprintf(out, "%02x:*", roll(state, 256));
		return;
	case 2:
		fprintf(out, "%02X:%02X", roll(state, 256), roll(state, 256));
		return;
	default:
		fprintf(out, "%02x:%02x", roll(state, 256), roll(state, 256));
	}
}

static void put_port(uint64_t *state, FILE *out, unsigned int distinct)
{
	if (roll(state, 4) == 0)
		fprintf(out, "usb%u", distinct + 1);
	else
		fprintf(out, "%u-%u%s", distinct + 1, 1 + roll(state, 9),
			roll(state, 2) ? ".2.1" : "");
}

static void put_hash(FILE *out, unsigned int distinct)
{
	uint8_t bytes[32] = { (uint8_t)distinct, 7 };
	char text[64];

	sodium_bin2base64(text, sizeof(text), bytes, sizeof(bytes), sodium_base64_VARIANT_ORIGINAL);
	fprintf(out, "\"%s\"", text);
}

static void put_address(uint64_t *state, FILE *out, unsigned int distinct)
{
	if (roll(state, 2))
		fprintf(out, "10.%u.0.0/%u", distinct, 16 + roll(state, 17));
	else
		fprintf(out, "FD%02x:0:001::%s", distinct, roll(state, 2) ? "/64" : "5");
}

static void put_dates(uint64_t *state, FILE *out)
{
	fprintf(out, "20%02u-02-28 .. 2096-%02u-%02u", 10 + roll(state, 80), 1 + roll(state, 12),
		1 + roll(state, 28));
}

static void put_number(uint64_t *state, FILE *out, const struct schema_arg *arg,
		       unsigned int distinct)
{
	uint64_t value = number(state, arg, 1, 1000000);

	/* Lists need different ones. */
	if (distinct && (!arg->max || arg->min + distinct <= arg->max))
		value = arg->min + distinct;
	fprintf(out, "%" PRIu64, value);
}

static unsigned int count_choices(const struct schema_arg *arg)
{
	unsigned int count = 0;

	while (arg->choices && arg->choices[count])
		count++;
	return count;
}

void random_scalar(uint64_t *state, FILE *out, const struct schema_arg *arg, enum value_type type,
		   unsigned int distinct)
{
	switch (type) {
	case VALUE_NAME:
		put_name(state, out, distinct);
		return;
	case VALUE_CHOICE:
		fputs(arg->choices[distinct % count_choices(arg)], out);
		return;
	case VALUE_TEXT:
		put_text(state, out, arg, distinct);
		return;
	case VALUE_NUMBER:
		put_number(state, out, arg, distinct);
		return;
	case VALUE_DURATION:
		put_duration(state, out, arg);
		return;
	case VALUE_SIZE:
		put_size(state, out, arg);
		return;
	case VALUE_DATES:
		put_dates(state, out);
		return;
	case VALUE_DATE:
		fprintf(out, "20%02u-02-%02u", 10 + roll(state, 80), 1 + distinct % 28);
		return;
	case VALUE_RANDOM:
		fprintf(out, "%032x", 0xabc000 + distinct);
		return;
	case VALUE_DIGEST:
		fprintf(out, "%064x", 0xabc000 + distinct);
		return;
	case VALUE_TIME:
		fprintf(out, "20%02u-02-%02uT%02u:59:01Z", 10 + roll(state, 80), 1 + distinct % 28,
			roll(state, 24));
		return;
	case VALUE_HOURS:
		fprintf(out, "\"Mon-Fri %02u:%02u-%02u:%02u\"", distinct / 60 % 12, distinct % 60,
			12 + roll(state, 12), roll(state, 60));
		return;
	case VALUE_FLAG:
		fputs(roll(state, 2) ? "yes" : "no", out);
		return;
	case VALUE_USB_ID:
		put_id(state, out, distinct);
		return;
	case VALUE_USB_INTERFACE:
		put_triple(state, out, distinct);
		return;
	case VALUE_USB_CLASS:
		fprintf(out, "%02X", 0xa0 + distinct);
		return;
	case VALUE_USB_PORT:
		put_port(state, out, distinct);
		return;
	case VALUE_HASH:
		put_hash(out, distinct);
		return;
	case VALUE_ADDRESS:
		put_address(state, out, distinct);
		return;
	default:
		fputs("@name-of-it", out);
	}
}

/* Pairs are written with a choice first: that is what differs. */
static unsigned int list_length(uint64_t *state, const struct schema_arg *arg, enum value_type type)
{
	unsigned int most = ELEMENTS_MAX;

	if (type == VALUE_CHOICE)
		most = count_choices(arg);
	return 1 + roll(state, most);
}

static void element(uint64_t *state, FILE *out, const struct schema_arg *arg, enum value_type type,
		    unsigned int i)
{
	struct schema_arg second = *arg;

	second.choices = NULL;
	random_scalar(state, out, arg, type, i);
	if (!(arg->flags & SCHEMA_PAIRS))
		return;
	random_gap(state, out);
	random_scalar(state, out, &second, arg->second, roll(state, 3));
}

void random_list(uint64_t *state, FILE *out, const struct schema_arg *arg, enum value_type type)
{
	unsigned int count = list_length(state, arg, type);

	fputs("[", out);
	for (unsigned int i = 0; i < count; i++) {
		list_gap(state, out);
		element(state, out, arg, type, i);
	}
	list_gap(state, out);
	fputs("]", out);
}

void random_arg(uint64_t *state, FILE *out, const struct schema_arg *arg, enum value_type type)
{
	if (arg->flags & SCHEMA_OR_LIST) {
		if (roll(state, 2))
			random_list(state, out, arg, arg->second);
		else
			random_scalar(state, out, arg, type, roll(state, 8));
	} else if (arg->flags & SCHEMA_BARE) {
		for (unsigned int i = 0, count = list_length(state, arg, type); i < count; i++) {
			fputs(i ? " " : "", out);
			element(state, out, arg, type, i);
		}
	} else if (arg->flags & SCHEMA_LIST) {
		random_list(state, out, arg, type);
	} else {
		random_scalar(state, out, arg, type, roll(state, 8));
	}
}
