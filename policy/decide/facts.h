/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts and verdicts: what is known of a thing that appeared, and what the policy says of it.
 *
 * All of them are structs of fixed size without pointers, so that they cross between programs as
 * they are, and each contains the one before: facts, then verdict, then outcome. Multi-byte numbers
 * are in the order of this machine. Every text is UTF-8, ended by NUL, the rest of its array zero.
 */
#ifndef AIRGAP_POLICY_FACTS_H
#define AIRGAP_POLICY_FACTS_H

#include <stdbool.h>
#include <stdint.h>

/* An USB string descriptor holds at most 126 UTF-16 units: 378 bytes of UTF-8 and the NUL. */
#define USB_STRING_SIZE	   384
/* Interfaces of one device, over all configurations and alternate settings. */
#define USB_INTERFACES_MAX 128
/* "1-2.3.4.5.6.7" needs far less: seven tiers, ports of at most three digits. */
#define USB_PORT_SIZE	   64
#define USB_HASH_SIZE	   32

#define POLICY_NAME_SIZE    65 /* names of rules, sets and keys: 64 bytes and the NUL */
#define POLICY_BECAUSE_SIZE 256

/* What the kernel says of the port (sysfs `port/connect_type`). */
enum usb_connect {
	USB_CONNECT_UNKNOWN,
	USB_CONNECT_HOTPLUG,
	USB_CONNECT_HARDWIRED,
	USB_CONNECT_NOT_USED,
	USB_CONNECT_COUNT,
};

/* Why the descriptors could not be believed; anything but USB_SOUND is refused. */
enum usb_flaw {
	USB_SOUND,
	USB_FLAW_UNREADABLE,  /* the kernel gave no descriptors */
	USB_FLAW_SHORT,	      /* ends inside a descriptor */
	USB_FLAW_LENGTH,      /* a descriptor shorter than its type allows, or longer than its parent */
	USB_FLAW_COUNT,	      /* counts announced and counts found differ */
	USB_FLAW_DUPLICATE,   /* the same configuration, or interface and alternate setting, twice */
	USB_FLAW_TOO_MANY,    /* more interfaces than USB_INTERFACES_MAX */
	USB_FLAW_MISMATCH,    /* two readings, or descriptors and attributes, disagree */
	USB_FLAW_STRING,      /* a name or serial number that is not UTF-8 or holds control characters */
	USB_FLAW_COUNT_OF,
};

/* One alternate setting of one interface of one configuration. */
struct usb_interface {
	uint8_t config; /* bConfigurationValue */
	uint8_t number; /* bInterfaceNumber */
	uint8_t alternate;
	uint8_t class;
	uint8_t subclass;
	uint8_t protocol;
	uint8_t reserved[2];
};

struct usb_facts {
	uint16_t vendor;
	uint16_t product;
	uint16_t release; /* bcdDevice */
	uint8_t class;
	uint8_t subclass;
	uint8_t protocol;
	uint8_t connect; /* enum usb_connect */
	uint8_t flaw;	 /* enum usb_flaw */
	uint8_t configurations;
	uint32_t bus;	 /* busnum */
	uint32_t device; /* devnum: a new number for each plug-in on that bus */
	uint32_t interface_count;
	struct usb_interface interfaces[USB_INTERFACES_MAX];
	char port[USB_PORT_SIZE]; /* name in /sys/bus/usb/devices: "1-2.3", "usb1" */
	char serial[USB_STRING_SIZE];
	char manufacturer[USB_STRING_SIZE];
	char name[USB_STRING_SIZE]; /* the product string */
	uint8_t hash[USB_HASH_SIZE]; /* USBGuard-compatible SHA-256 */
	uint8_t parent_hash[USB_HASH_SIZE];
};

enum policy_result {
	POLICY_RESULT_REFUSE,
	POLICY_RESULT_PERMIT,
};

/* What decided. */
enum policy_cause {
	POLICY_CAUSE_DEFAULT,	/* no rule applied; the block's default did */
	POLICY_CAUSE_ALLOW,	/* the named allow */
	POLICY_CAUSE_FORBID,	/* the named forbid */
	POLICY_CAUSE_LIMIT,	/* an allow matched, but its at-most is used up */
	POLICY_CAUSE_BUILTIN,	/* a built-in rule: root hubs, hubs */
	POLICY_CAUSE_FLAW,	/* the facts contradict themselves: the device lies */
	POLICY_CAUSE_LOCKDOWN,	/* no valid policy, or latched */
	POLICY_CAUSE_RESTRICT,	/* policy expired or clock suspect */
	POLICY_CAUSE_RESCUE,	/* a keyboard that was good under the last policy */
	POLICY_CAUSE_ORDER,	/* a signed one-time permit */
	POLICY_CAUSE_UNREADY,	/* the journal or the kernel could not do its part */
	POLICY_CAUSE_MONITOR,	/* mode monitor: would be refused; rule and because say why */
	POLICY_CAUSE_COUNT,
};

struct policy_verdict {
	uint32_t result; /* enum policy_result */
	uint32_t cause;	 /* enum policy_cause */
	uint32_t line;	 /* where the deciding rule stands in the policy; 0: nowhere */
	uint32_t column;
	uint32_t rule_index;			   /* of an allow among the block's rules; else 0 */
	uint32_t reserved;
	char rule[POLICY_NAME_SIZE + 7];	   /* "" when no rule decided */
	char because[POLICY_BECAUSE_SIZE];	   /* reason in plain words, from the policy or ours */
	uint8_t interfaces[USB_INTERFACES_MAX / 8]; /* bit i: facts.interfaces[i] is authorised */
};

static inline bool policy_verdict_has(const struct policy_verdict *verdict, uint32_t i)
{
	return i < USB_INTERFACES_MAX && (verdict->interfaces[i / 8] >> (i % 8) & 1);
}

struct usb_verdict {
	struct usb_facts facts;
	struct policy_verdict verdict;
};

/* What the kernel showed when the verdict had been carried out and read back. */
enum usb_state {
	USB_STATE_BLOCKED,    /* authorized = 0: no configuration, no driver */
	USB_STATE_PENDING,    /* permitted; waits for its journal entry */
	USB_STATE_AUTHORISED, /* device and the permitted interfaces, read back */
	USB_STATE_FAILED,     /* the kernel did not do as told; see error */
	USB_STATE_GONE,	      /* unplugged */
	USB_STATE_COUNT,
};

struct usb_outcome {
	struct usb_verdict decided;
	uint32_t state; /* enum usb_state */
	int32_t error;	/* 0 or -errno of the step that failed */
	uint64_t plug;	/* number of this plug-in since the core started */
	uint64_t seen_us;    /* CLOCK_BOOTTIME: facts arrived */
	uint64_t settled_us; /* CLOCK_BOOTTIME: read back */
};

#endif
