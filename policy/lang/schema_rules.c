// SPDX-License-Identifier: GPL-2.0-or-later
/* The attributes that rules speak of. */
#include "policy/lang/schema_rules.h"

#include "policy/decide/facts.h"
#include "policy/decide/transfer.h"

#define WORDS(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}
#define BARE	    OP_BIT(OP_BARE)
#define IS	    OP_BIT(OP_IS)
#define IN	    (OP_BIT(OP_IN) | OP_BIT(OP_NOT_IN))
#define AT_MOST	    OP_BIT(OP_AT_MOST)
#define PRESENCE    SCHEMA_PRESENCE
#define QUALIFIER   SCHEMA_QUALIFIER
#define TERM	    (SCHEMA_QUALIFIER | SCHEMA_ALLOW)
#define DEVICE_TEXT SCHEMA_PRESENCE | SCHEMA_NO_EMPTY
#define BECAUSE                                                                                    \
	{                                                                                          \
		"because", BARE,                                                                   \
			{ .type = VALUE_TEXT,                                                      \
			  .flags = QUALIFIER,                                                      \
			  .min = 1,                                                                \
			  .max = POLICY_BECAUSE_SIZE - 1 },                                        \
			NULL, "the reason, shown to the user and in the journal"                   \
	}

const struct schema_condition schema_usb_conditions[] = {
	{ "id", BARE | IN, { .type = VALUE_USB_ID }, NULL, "vendor and product" },
	{ "serial",
	  BARE | IN,
	  { .type = VALUE_TEXT, .flags = DEVICE_TEXT, .max = USB_STRING_SIZE - 1 },
	  NULL,
	  "serial number" },
	{ "name",
	  BARE | IN,
	  { .type = VALUE_TEXT, .flags = DEVICE_TEXT, .max = USB_STRING_SIZE - 1 },
	  NULL,
	  "product name" },
	{ "manufacturer",
	  BARE | IN,
	  { .type = VALUE_TEXT, .flags = DEVICE_TEXT, .max = USB_STRING_SIZE - 1 },
	  NULL,
	  "manufacturer's name" },
	{ "hash",
	  BARE | IN,
	  { .type = VALUE_HASH },
	  NULL,
	  "hash of the descriptors, as USBGuard's" },
	{ "parent-hash", BARE | IN, { .type = VALUE_HASH }, NULL, "the same, of the hub above" },
	{ "port", BARE | IN, { .type = VALUE_USB_PORT }, NULL, "port, as the kernel names it" },
	{ "connect-type",
	  BARE | IN,
	  { .type = VALUE_CHOICE, .choices = WORDS("unknown", "hotplug", "hardwired", "not-used") },
	  NULL,
	  "whether the port can be reached from outside" },
	{ "class",
	  BARE | IN,
	  { .type = VALUE_USB_CLASS },
	  NULL,
	  "class of the device, not its interfaces" },
	{ "interfaces",
	  OP_BIT(OP_WITHIN) | OP_BIT(OP_EQUALS) | OP_BIT(OP_HAS_ANY) | OP_BIT(OP_HAS_ALL) |
		  OP_BIT(OP_HAS_NONE),
	  { .type = VALUE_USB_INTERFACE },
	  NULL,
	  "types of the interfaces, over all configurations and alternate settings" },
	{ "device",
	  OP_BIT(OP_IN),
	  { .type = VALUE_REF, .flags = SCHEMA_TABLE },
	  NULL,
	  "the device, by id and serial number, stands in a table" },
	{ "at-most",
	  BARE,
	  { .type = VALUE_NUMBER, .flags = TERM, .min = 1, .max = 1000 },
	  NULL,
	  "devices that this rule permits at a time" },
	BECAUSE,
	{ 0 },
};

const struct schema_condition schema_media_conditions[] = {
	{ "medium",
	  OP_BIT(OP_IN),
	  { .type = VALUE_REF, .flags = SCHEMA_TABLE },
	  NULL,
	  "the medium's registration stands in a table" },
	{ "level",
	  AT_MOST | IS,
	  { .type = VALUE_NAME },
	  NULL,
	  "a level, or terminal for the terminal's" },
	{ "sealed", BARE, { .type = VALUE_FLAG }, NULL, "whether files are encrypted on it" },
	{ "to",
	  BARE,
	  { .type = VALUE_CHOICE, .flags = SCHEMA_LIST | TERM, .choices = WORDS("read", "write") },
	  NULL,
	  "what is permitted" },
	BECAUSE,
	{ 0 },
};

const struct schema_condition schema_network_conditions[] = {
	{ "interface",
	  BARE | IN | IS,
	  { .type = VALUE_NAME },
	  WORDS("registered"),
	  "link, by name or as registered for the terminal" },
	{ "kind",
	  BARE | IN,
	  { .type = VALUE_CHOICE,
	    /* In the order of enum net_kind, from NET_KIND_ETHERNET on. */
	    .choices = WORDS("ethernet", "usb", "wifi", "bluetooth", "wwan", "thunderbolt",
			     "firewire", "bridge", "bond", "vlan", "tunnel", "virtual") },
	  NULL,
	  "kind of link, told by its bus, driver and type, never by its name" },
	{ "address",
	  BARE | IN | IS,
	  { .type = VALUE_ADDRESS },
	  WORDS("registered"),
	  "address of the terminal" },
	{ "gateway", BARE | IN, { .type = VALUE_ADDRESS }, NULL, "next hop of a route" },
	{ "route",
	  OP_BIT(OP_TO),
	  { .type = VALUE_ADDRESS },
	  NULL,
	  "networks that a route's destination lies within" },
	{ "egress", OP_BIT(OP_TO), { .type = VALUE_ADDRESS }, NULL, "destination of a flow" },
	{ "protocol",
	  BARE | IN,
	  /* In the order of enum net_protocol, from NET_PROTOCOL_TCP on. */
	  { .type = VALUE_CHOICE, .choices = WORDS("tcp", "udp", "icmp") },
	  NULL,
	  "protocol of a flow" },
	{ "port",
	  BARE | IN,
	  { .type = VALUE_NUMBER, .min = 1, .max = UINT16_MAX },
	  NULL,
	  "destination port of a flow by tcp or udp" },
	BECAUSE,
	{ 0 },
};

const struct schema_condition schema_transfer_conditions[] = {
	{ "direction",
	  BARE,
	  { .type = VALUE_CHOICE, .choices = WORDS("in", "out") },
	  NULL,
	  "in or out" },
	{ "medium",
	  BARE,
	  { .type = VALUE_CHOICE, .choices = WORDS("registered", "foreign") },
	  NULL,
	  "a registered medium, which an allow that says nothing means; or one without a record, "
	  "from which files only come in" },
	{ "types", IN, { .type = VALUE_NAME }, NULL, "types of the files, by content" },
	{ "size", AT_MOST, { .type = VALUE_SIZE, .min = 1 }, NULL, "size of the batch" },
	{ "level",
	  AT_MOST | IS,
	  { .type = VALUE_NAME },
	  NULL,
	  "a level, or terminal for the terminal's" },
	{ "unit",
	  BARE | IN,
	  { .type = VALUE_TEXT, .min = 1, .max = TRANSFER_UNIT_SIZE - 1 },
	  NULL,
	  "where it goes, or comes from" },
	{ "login",
	  BARE | IN,
	  { .type = VALUE_TEXT, .min = 1, .max = TRANSFER_LOGIN_SIZE - 1 },
	  NULL,
	  "account of the person who asks" },
	{ "time",
	  BARE | IN,
	  { .type = VALUE_HOURS },
	  NULL,
	  "hours of the week in which it is asked, by the terminal's local time" },
	{ "scan",
	  BARE,
	  { .type = VALUE_CHOICE, .flags = TERM, .choices = WORDS("required") },
	  NULL,
	  "no import without a virus scanner that found nothing" },
	{ "approvals",
	  BARE,
	  { .type = VALUE_CHOICE,
	    .flags = SCHEMA_LIST | SCHEMA_PAIRS | TERM,
	    .second = VALUE_NUMBER,
	    .choices = WORDS("security", "approval"),
	    .min = 1,
	    .max = 16 },
	  NULL,
	  "who must approve" },
	{ "wait",
	  AT_MOST,
	  { .type = VALUE_DURATION, .flags = TERM, .min = 60, .max = 30 * 86400 },
	  NULL,
	  "how long a request waits for its approvals" },
	BECAUSE,
	{ 0 },
};
