/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Typed values of the language, as the parser leaves them. */
#ifndef AIRGAP_POLICY_VALUE_H
#define AIRGAP_POLICY_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/lang/diag.h"

enum value_type {
	VALUE_ABSENT,	     /* an optional argument that was not written */
	VALUE_NAME,	     /* bare name: text; at most 64 bytes of letters, digits, - _ . */
	VALUE_CHOICE,	     /* one of the schema's words: text, and its index in number */
	VALUE_TEXT,	     /* quoted: text */
	VALUE_NUMBER,	     /* number */
	VALUE_DURATION,	     /* 90s 15m 8h 7d: number, in seconds */
	VALUE_SIZE,	     /* 512K 50M 2G: number, in bytes (powers of 1024) */
	VALUE_DATES,	     /* 2026-12-01 .. 2027-05-31: dates */
	VALUE_DATE,	     /* 2026-12-01: dates, from and to of that day */
	VALUE_FLAG,	     /* yes, no: number 1 or 0 */
	VALUE_USB_ID,	     /* 0951:1666, 0951:*, *:* : id */
	VALUE_USB_INTERFACE, /* 08:06:50, 08:06:*, 08:*:*, *:*:* : triple */
	VALUE_USB_CLASS,     /* 08: number */
	VALUE_USB_PORT,	     /* 1-2.3, usb1: text */
	VALUE_HASH,	     /* quoted base64 of 32 bytes: hash */
	VALUE_RANDOM,	     /* 32 digits 0-9 a-f: the first 16 bytes of hash */
	VALUE_DIGEST,	     /* 64 digits 0-9 a-f: hash */
	VALUE_TIME,	     /* 2026-12-01T09:30:00Z: dates, both that second */
	VALUE_HOURS,	     /* quoted: "Mon-Fri 08:00-17:00": hours */
	VALUE_ADDRESS,	     /* 10.20.0.0/24, fd12:7::/48, one address: prefix */
	VALUE_LIST,	     /* [ ... ]: list; pairs lie flat, first and second in turn */
	VALUE_REF,	     /* @name of a set or table: text */
	VALUE_TYPE_COUNT,
};

/* Which parts of an id or triple count; a cleared one is a '*'. */
struct usb_id_pattern {
	uint16_t vendor;
	uint16_t product;
	bool any_vendor;
	bool any_product;
};

struct usb_triple {
	uint8_t class;
	uint8_t subclass;
	uint8_t protocol;
	uint8_t fixed; /* how many parts count: 0 (*:*:*) to 3 */
};

struct address_prefix {
	uint8_t bytes[16]; /* network order; IPv4 in the first four */
	uint8_t family;	   /* 4 or 6 */
	uint8_t bits;
};

/* Hours of some days of the week, by local time; the end is not among them. */
struct week_hours {
	uint8_t days;  /* bit 0: Monday */
	uint16_t from; /* minutes since midnight; below to */
	uint16_t to;   /* at most 1440 */
};

struct comment; /* kept for the printer */

struct value {
	enum value_type type;
	struct span at;
	const char
		*text; /* content of names, choices, texts, ports and references; else as written */
	union {
		uint64_t number;
		struct {
			int64_t from; /* first second, UTC */
			int64_t to;   /* last second of the last day, UTC */
		} dates;
		struct usb_id_pattern id;
		struct usb_triple triple;
		uint8_t hash[32];
		struct address_prefix prefix;
		struct week_hours hours;
		struct {
			struct value *items;
			uint32_t count;
		} list;
	};
	struct comment *before; /* comment lines above an element of a list */
	const char *after;	/* comment on the element's own line, or NULL */
};

#endif
