// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/context.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/table_fixture.h"
#include "tests/unit/unit.h"

#define HASH  "\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\""
#define OTHER "\"BBECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\""
#define KEYS  " interfaces [ 03:01:01 ]"

/* One condition against one device: what it is worth in an allow and in a forbid. */
static const struct {
	const char *condition;
	const char *subject;
	bool allow;
	bool forbid;
} truths[] = {
	{ "id 0951:1666", "id 0951:1666" KEYS, true, true },
	{ "id 0951:1666", "id 0951:1667" KEYS, false, false },
	{ "id 0951:*", "id 0951:1667" KEYS, true, true },
	{ "id *:*", "id 0951:1667" KEYS, true, true },
	{ "id ABCD:EF01", "id abcd:ef01" KEYS, true, true },
	{ "id in [ 1234:5678 0951:* ]", "id 0951:1667" KEYS, true, true },
	{ "id not-in [ 1234:5678 0951:* ]", "id 0951:1667" KEYS, false, false },
	{ "id not-in [ 1234:5678 ]", "id 0951:1667" KEYS, true, true },
	{ "serial \"A\"", "serial \"A\"" KEYS, true, true },
	{ "serial \"A\"", "serial \"a\"" KEYS, false, false },
	{ "serial \"A\"", "serial \"AA\"" KEYS, false, false },
	/* what the device lacks: false in an allow, true in a forbid, whatever is asked */
	{ "serial \"A\"", "serial \"\"" KEYS, false, true },
	{ "serial in [ \"A\" ]", "id 0951:1666" KEYS, false, true },
	{ "serial not-in [ \"A\" ]", "id 0951:1666" KEYS, false, true },
	{ "serial not-in [ \"A\" ]", "serial \"B\"" KEYS, true, true },
	{ "name \"N\"", "id 0951:1666" KEYS, false, true },
	{ "manufacturer \"M\"", "id 0951:1666" KEYS, false, true },
	{ "hash " HASH, "id 0951:1666" KEYS, false, true },
	{ "parent-hash not-in [ " HASH " ]", "id 0951:1666" KEYS, false, true },
	{ "port 1-2", "id 0951:1666" KEYS, false, true },
	/* but whether it has one is always known */
	{ "serial absent", "id 0951:1666" KEYS, true, true },
	{ "serial absent", "serial \"A\"" KEYS, false, false },
	{ "serial present", "serial \"A\"" KEYS, true, true },
	{ "serial present", "id 0951:1666" KEYS, false, false },
	{ "name \"N\"", "name \"N\"" KEYS, true, true },
	{ "name \"N\"", "manufacturer \"N\"" KEYS, false, true },
	{ "manufacturer \"M\"", "manufacturer \"M\"" KEYS, true, true },
	{ "hash " HASH, "hash " HASH KEYS, true, true },
	{ "hash " HASH, "hash " OTHER KEYS, false, false },
	{ "parent-hash " HASH, "parent-hash " HASH KEYS, true, true },
	{ "parent-hash " HASH, "hash " HASH KEYS, false, true },
	{ "port 1-2", "port 1-2" KEYS, true, true },
	{ "port 1-2", "port 1-2.1" KEYS, false, false },
	{ "port in [ usb1 1-2.1 ]", "port 1-2.1" KEYS, true, true },
	{ "connect-type hotplug", "connect-type hotplug" KEYS, true, true },
	{ "connect-type hotplug", "connect-type hardwired" KEYS, false, false },
	{ "connect-type hotplug", "connect-type unknown" KEYS, false, true },
	{ "connect-type not-in [ hardwired ]", "connect-type unknown" KEYS, false, true },
	{ "connect-type in [ hotplug unknown ]", "connect-type unknown" KEYS, true, true },
	{ "connect-type not-in [ unknown ]", "connect-type unknown" KEYS, false, false },
	{ "class 00", "id 0951:1666" KEYS, true, true },
	{ "class in [ ef e0 ]", "class e0" KEYS, true, true },
	{ "class e0", "class ef" KEYS, false, false },
	/* interfaces */
	{ "interfaces within [ 03:*:* ]", "interfaces [ 03:01:01 03:00:00 ]", true, true },
	{ "interfaces within [ 03:*:* ]", "interfaces [ 03:01:01 08:06:50 ]", false, false },
	{ "interfaces within [ 03:*:* ]", "interfaces [ 03:01:01/08:06:50 ]", false, false },
	{ "interfaces within [ 03:01:01 08:06:50 ]", "interfaces [ 08:06:50 ]", true, true },
	{ "interfaces within [ *:*:* ]", "interfaces [ 08:06:50 ]", true, true },
	{ "interfaces within [ 03:*:* ]", "id 0951:1666", false, true },
	{ "interfaces has-none [ 03:*:* ]", "id 0951:1666", false, true },
	{ "interfaces has-any [ 03:*:* ]", "interfaces [ 03:01:01 08:06:50 ]", true, true },
	{ "interfaces has-any [ 03:*:* ]", "interfaces [ 02:01:01 08:06:50 ]", false, false },
	/* an alternate setting outside: nothing to authorise, yet enough to forbid */
	{ "interfaces has-any [ 03:*:* ]", "interfaces [ 03:01:01/08:06:50 ]", false, true },
	{ "interfaces has-all [ 03:*:* 08:*:* ]", "interfaces [ 03:01:01 08:06:50 02:02:01 ]", true,
	  true },
	{ "interfaces has-all [ 03:*:* 08:*:* ]", "interfaces [ 03:01:01 03:00:00 ]", false,
	  false },
	{ "interfaces has-none [ 03:*:* ]", "interfaces [ 08:06:50 ]", true, true },
	{ "interfaces has-none [ 03:*:* ]", "interfaces [ 08:06:50/03:01:01 ]", false, false },
	{ "interfaces equals [ 03:01:01 ]", "interfaces [ 03:01:01 ]", true, true },
	{ "interfaces equals [ 03:01:01 ]", "interfaces [ 03:01:01 03:01:01 ]", false, false },
	{ "interfaces equals [ 03:01:01 03:01:01 ]", "interfaces [ 03:01:01 ]", false, false },
	{ "interfaces equals [ 03:01:01 03:01:01 ]", "interfaces [ 03:01:01 03:01:01 ]", true,
	  true },
	{ "interfaces equals [ 03:01:01 03:00:00 ]", "interfaces [ 03:00:00 03:01:01 ]", true,
	  true },
	/* the case that makes another tool authorise a hidden disk */
	{ "interfaces equals [ 03:01:02 03:00:01 03:00:01 ]",
	  "interfaces [ 03:01:02 03:00:01 08:06:50 ]", false, false },
	/* two conditions: both must hold */
	{ "id 0951:1666, serial \"A\"", "id 0951:1666 serial \"A\"" KEYS, true, true },
	{ "id 0951:1666, serial \"A\"", "id 0951:1667 serial \"A\"" KEYS, false, false },
	{ "id 0951:1666, serial \"A\"", "id 0951:1667" KEYS, false, false },
	{ "id 0951:1666, serial \"A\"", "id 0951:1666" KEYS, false, true },
	/* no table is loaded */
	{ "device in @media", "id 0951:1666 serial \"A\"" KEYS, false, true },
};

#define MEDIA "table media signed [ security 2 ]\n"

START_TEST(truth)
{
	struct policy *policy;
	struct policy_verdict verdict;
	char rules[512];

	snprintf(rules, sizeof(rules), "allow a: %s", truths[_i].condition);
	policy = policy_usb(MEDIA, rules);
	verdict = verdict_of(policy, truths[_i].subject);
	ck_assert_msg((verdict.result == POLICY_RESULT_PERMIT) == truths[_i].allow, "%s | %s",
		      rules, truths[_i].subject);
	ck_assert_uint_eq(verdict.cause,
			  truths[_i].allow ? POLICY_CAUSE_ALLOW : POLICY_CAUSE_DEFAULT);
	policy_free(policy);

	snprintf(rules, sizeof(rules), "forbid a: %s\nallow z: class in [ 00 e0 ef 09 ]",
		 truths[_i].condition);
	policy = policy_usb(MEDIA, rules);
	verdict = verdict_of(policy, truths[_i].subject);
	ck_assert_msg((verdict.cause == POLICY_CAUSE_FORBID) == truths[_i].forbid, "%s | %s", rules,
		      truths[_i].subject);
	if (truths[_i].forbid) {
		ck_assert_uint_eq(verdict.result, POLICY_RESULT_REFUSE);
		ck_assert_str_eq(verdict.rule, "a");
	}
	policy_free(policy);
}
END_TEST

static unsigned int bits_of(const struct policy_verdict *verdict)
{
	unsigned int bits = 0;

	for (uint32_t i = 0; i < 16; i++)
		bits |= (unsigned int)policy_verdict_has(verdict, i) << i;
	return bits;
}

START_TEST(what_is_authorised)
{
	static const struct {
		const char *rules;
		const char *subject;
		unsigned int bits;
	} cases[] = {
		{ "allow a: id *:*", "interfaces [ 03:01:01 08:06:50 ]", 3 },
		{ "allow a: interfaces has-any [ 03:*:* ]", "interfaces [ 03:01:01 08:06:50 ]", 1 },
		{ "allow a: interfaces has-any [ 03:*:* ]",
		  "interfaces [ 08:06:50 03:01:01/03:00:00 03:01:01/08:06:50 ]", 6 },
		{ "allow a: interfaces has-all [ 03:*:* 08:*:* ]",
		  "interfaces [ 03:01:01 08:06:50 02:02:01 ]", 3 },
		{ "allow a: interfaces has-any [ 03:*:* 08:*:* ], interfaces has-all [ 03:*:* ]",
		  "interfaces [ 03:01:01 08:06:50 02:02:01 ]", 1 },
		{ "allow a: interfaces has-any [ 03:*:* ]\nallow b: interfaces has-any [ 08:*:* ]",
		  "interfaces [ 03:01:01 08:06:50 02:02:01 ]", 3 },
		{ "allow a: interfaces has-any [ 03:*:* ]\nallow b: id 0951:*",
		  "id 0951:1666 interfaces [ 03:01:01 08:06:50 02:02:01 ]", 7 },
		{ "allow a: id *:*\nforbid b: interfaces has-any [ 08:*:* ]",
		  "interfaces [ 03:01:01 08:06:50 ]", 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct policy *policy = policy_usb("", cases[i].rules);
		struct policy_verdict verdict = verdict_of(policy, cases[i].subject);

		ck_assert_msg(bits_of(&verdict) == cases[i].bits, "%s | %s: %x", cases[i].rules,
			      cases[i].subject, bits_of(&verdict));
		ck_assert_int_eq(verdict.result == POLICY_RESULT_PERMIT, cases[i].bits != 0);
		policy_free(policy);
	}
}
END_TEST

START_TEST(hubs_by_rule)
{
	struct policy *policy = policy_usb("", "hubs by-rule\nallow a: id 05e3:*");
	struct policy_verdict verdict;

	verdict = verdict_of(policy, "class 09 port usb1 interfaces [ 09:00:00 ]");
	ck_assert_str_eq(verdict.rule, "root-hub");
	verdict = verdict_of(policy, "id 0424:2514 class 09 port 1-1 interfaces [ 09:00:00 ]");
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_DEFAULT);
	verdict = verdict_of(policy, "id 05e3:0608 class 09 port 1-1 interfaces [ 09:00:00 ]");
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_ALLOW);
	policy_free(policy);
	policy = policy_usb("", "hubs built-in\nallow a: id 05e3:*");
	verdict = verdict_of(policy, "id 0424:2514 class 09 port 1-1 interfaces [ 09:00:00 ]");
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_BUILTIN);
	policy_free(policy);
}
END_TEST

START_TEST(hubs)
{
	struct policy *policy = policy_usb("", "allow a: id 046d:*");
	struct policy_verdict verdict;

	verdict = verdict_of(policy, "class 09 port usb1 interfaces [ 09:00:00 ]");
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_BUILTIN);
	ck_assert_uint_eq(verdict.result, POLICY_RESULT_PERMIT);
	ck_assert_str_eq(verdict.rule, "root-hub");
	ck_assert_uint_eq(bits_of(&verdict), 1);
	ck_assert_uint_eq(verdict.line, 0);
	verdict = verdict_of(policy, "class 09 port 1-1 interfaces [ 09:00:01/09:00:02 ]");
	ck_assert_str_eq(verdict.rule, "hub");
	ck_assert_uint_eq(bits_of(&verdict), 3);
	verdict = verdict_of(policy, "class 09 port 1-1 interfaces [ 09:00:00 03:01:01 ]");
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_DEFAULT);
	verdict = verdict_of(policy, "class 09 port 1-1");
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_DEFAULT);
	verdict = verdict_of(policy, "class 00 port 1-1 interfaces [ 09:00:00 ]");
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_DEFAULT);
	policy_free(policy);

	policy = policy_usb("", "forbid h: id 05e3:*, because \"no such hubs\"");
	verdict = verdict_of(policy, "id 05e3:0608 class 09 port 1-1 interfaces [ 09:00:00 ]");
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_FORBID);
	ck_assert_str_eq(verdict.because, "no such hubs");
	policy_free(policy);

	policy = policy_of(POLICY_HEAD);
	verdict = verdict_of(policy, "class 09 port usb1 interfaces [ 09:00:00 ]");
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_BUILTIN);
	verdict = verdict_of(policy, "id 046d:c31c" KEYS);
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_DEFAULT);
	ck_assert_uint_eq(policy_usb_rule_count(policy), 0);
	policy_free(policy);
}
END_TEST

START_TEST(limits)
{
	struct policy *policy = policy_usb("", "forbid x: id 1111:*\n"
					       "allow a: id 046d:*, at-most 1\n"
					       "allow b: id 046d:c31c, at-most 2\n"
					       "allow c: class 03");
	struct usb_facts facts = facts_of("id 046d:c31c" KEYS);
	struct usb_facts other = facts_of("id 046d:0001" KEYS);
	struct policy_verdict verdict;
	uint32_t in_use[4] = { 0 };

	ck_assert_uint_eq(policy_usb_rule_count(policy), 4);
	ck_assert_str_eq(policy_usb_rule_name(policy, 2), "b");
	ck_assert_ptr_null(policy_usb_rule_name(policy, 4));
	policy_decide_usb(policy, NULL, &facts, in_use, &verdict);
	ck_assert_str_eq(verdict.rule, "a");
	ck_assert_uint_eq(verdict.rule_index, 1);
	policy_count_usb(policy, NULL, &facts, in_use);
	ck_assert_uint_eq(in_use[0], 0);
	ck_assert_uint_eq(in_use[1], 1);
	ck_assert_uint_eq(in_use[2], 1);
	ck_assert_uint_eq(in_use[3], 0);
	/* a is used up; b has room for it, and nothing for the other one */
	policy_decide_usb(policy, NULL, &facts, in_use, &verdict);
	ck_assert_str_eq(verdict.rule, "b");
	policy_decide_usb(policy, NULL, &other, in_use, &verdict);
	ck_assert_uint_eq(verdict.result, POLICY_RESULT_REFUSE);
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_LIMIT);
	ck_assert_str_eq(verdict.rule, "a");
	ck_assert_uint_eq(bits_of(&verdict), 0);
	policy_count_usb(policy, NULL, &facts, in_use);
	policy_decide_usb(policy, NULL, &facts, in_use, &verdict);
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_LIMIT);
	policy_free(policy);
}
END_TEST

START_TEST(flaws)
{
	struct policy *policy = policy_usb("", "allow a: id *:*");
	struct usb_facts facts;
	struct policy_verdict verdict;

	for (unsigned int flaw = USB_SOUND + 1; flaw < 256; flaw++) {
		facts = facts_of("id 046d:c31c" KEYS);
		facts.flaw = (uint8_t)flaw;
		policy_decide_usb(policy, NULL, &facts, NULL, &verdict);
		ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_FLAW);
		ck_assert_uint_eq(verdict.result, POLICY_RESULT_REFUSE);
		ck_assert_str_eq(verdict.because, policy_usb_flaw_text(flaw));
	}
	facts = facts_of("id 046d:c31c" KEYS);
	memset(facts.serial, 'x', sizeof(facts.serial));
	policy_decide_usb(policy, NULL, &facts, NULL, &verdict);
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_FLAW);
	facts = facts_of("id 046d:c31c" KEYS);
	facts.interface_count = USB_INTERFACES_MAX + 1;
	policy_decide_usb(policy, NULL, &facts, NULL, &verdict);
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_FLAW);
	facts = facts_of("id 046d:c31c" KEYS);
	facts.connect = USB_CONNECT_COUNT;
	policy_decide_usb(policy, NULL, &facts, NULL, &verdict);
	ck_assert_uint_eq(verdict.cause, POLICY_CAUSE_FLAW);
	policy_free(policy);
}
END_TEST

START_TEST(the_most_interfaces)
{
	struct policy *policy = policy_usb("", "allow a: interfaces has-any [ 03:*:* ]");
	struct usb_facts facts = facts_of("id 046d:c31c");
	struct policy_verdict verdict;

	facts.interface_count = USB_INTERFACES_MAX;
	for (unsigned int i = 0; i < USB_INTERFACES_MAX; i++)
		facts.interfaces[i] = (struct usb_interface){
			.config = (uint8_t)(i / 64),
			.number = (uint8_t)(i % 64),
			.class = i % 64 == 63 ? 3 : 8,
		};
	policy_decide_usb(policy, NULL, &facts, NULL, &verdict);
	for (unsigned int i = 0; i < USB_INTERFACES_MAX; i++)
		ck_assert_int_eq(policy_verdict_has(&verdict, i), i % 64 == 63);
	policy_free(policy);
}
END_TEST

static const char *const rule_pool[] = {
	"allow %s: id 046d:*, interfaces within [ 03:*:* ]",
	"allow %s: interfaces has-any [ 03:*:* ]",
	"allow %s: interfaces has-any [ 08:*:* ], serial in [ \"A\" \"B\" ]",
	"allow %s: interfaces has-all [ 03:*:* 08:*:* ], at-most 1",
	"allow %s: id in [ 0951:1666 046d:c31c ], at-most 2",
	"allow %s: serial absent, id 0951:*",
	"forbid %s: interfaces has-any [ e0:*:* ]",
	"forbid %s: serial in [ \"B\" ], id 0951:*",
	"forbid %s: interfaces has-all [ 03:*:* 08:*:* ], id 046d:*",
	"forbid %s: port 1-3",
};
#define POOL (sizeof(rule_pool) / sizeof(rule_pool[0]))

static const char *const subject_pool[] = {
	"id 046d:c31c port 1-1 interfaces [ 03:01:01 03:00:00 ]",
	"id 046d:c31c port 1-1 interfaces [ 03:01:01 08:06:50 ]",
	"id 0951:1666 port 1-2 serial \"A\" interfaces [ 08:06:50 ]",
	"id 0951:1666 port 1-2 serial \"B\" interfaces [ 08:06:50 ]",
	"id 0951:1666 port 1-2 interfaces [ 08:06:50 03:01:01/03:00:00 ]",
	"id 0951:1666 port 1-3 serial \"A\" interfaces [ 08:06:50/08:06:62 ]",
	"id 1234:5678 interfaces [ e0:01:01 03:00:00 ]",
	"id 1234:5678 interfaces [ 03:00:00/08:06:50 03:00:00 ]",
};

static struct policy *policy_in_order(const size_t *order, size_t count)
{
	char rules[4096], name[16];
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "r%zu", order[i]);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		length += (size_t)snprintf(rules + length, sizeof(rules) - length,
					   rule_pool[order[i]], name);
#pragma GCC diagnostic pop
		length += (size_t)snprintf(rules + length, sizeof(rules) - length, "\n");
	}
	return policy_usb("", rules);
}

static void shuffle(size_t *order, size_t count)
{
	for (size_t i = count - 1; i > 0; i--) {
		size_t k = (size_t)random() % (i + 1), swap = order[i];

		order[i] = order[k];
		order[k] = swap;
	}
}

/* Rules that stand at most so often are told by name, since their index moves. */
static void use(const struct policy *policy, uint32_t *in_use, unsigned int seed)
{
	for (size_t i = 0; i < policy_usb_rule_count(policy); i++)
		in_use[i] = (seed + (unsigned int)(policy_usb_rule_name(policy, i)[1] - '0')) % 3;
}

START_TEST(order_has_no_meaning)
{
	size_t order[POOL], count;
	struct policy *one, *two;

	srandom((unsigned int)_i);
	for (size_t i = 0; i < POOL; i++)
		order[i] = i;
	shuffle(order, POOL);
	count = 1 + (size_t)random() % POOL;
	one = policy_in_order(order, count);
	shuffle(order, count);
	two = policy_in_order(order, count);
	for (size_t i = 0; i < sizeof(subject_pool) / sizeof(subject_pool[0]); i++) {
		struct usb_facts facts = facts_of(subject_pool[i]);
		struct policy_verdict a, b;
		uint32_t in_use[POOL];

		use(one, in_use, (unsigned int)_i);
		policy_decide_usb(one, NULL, &facts, in_use, &a);
		use(two, in_use, (unsigned int)_i);
		policy_decide_usb(two, NULL, &facts, in_use, &b);
		ck_assert_uint_eq(a.result, b.result);
		ck_assert_uint_eq(a.cause, b.cause);
		ck_assert_int_eq(memcmp(a.interfaces, b.interfaces, sizeof(a.interfaces)), 0);
	}
	policy_free(one);
	policy_free(two);
}
END_TEST

/* More rules permit no less, more forbids permit no more. */
START_TEST(rules_only_add)
{
	size_t order[POOL], count;
	struct policy *less, *more;
	bool allow;

	srandom((unsigned int)_i);
	for (size_t i = 0; i < POOL; i++)
		order[i] = i;
	shuffle(order, POOL);
	count = 1 + (size_t)random() % (POOL - 1);
	allow = rule_pool[order[count]][0] == 'a';
	less = policy_in_order(order, count);
	more = policy_in_order(order, count + 1);
	for (size_t i = 0; i < sizeof(subject_pool) / sizeof(subject_pool[0]); i++) {
		struct policy_verdict a = verdict_of(less, subject_pool[i]);
		struct policy_verdict b = verdict_of(more, subject_pool[i]);
		unsigned int before = bits_of(&a), after = bits_of(&b);

		ck_assert_uint_eq(allow ? before & ~after : after & ~before, 0);
	}
	policy_free(less);
	policy_free(more);
}
END_TEST

/* Every allocation of this program is counted, by the sanitizer's hook or in libc's place. */
static volatile unsigned long allocations;

#ifdef __SANITIZE_ADDRESS__
/* The sanitizer's run-time library calls these when a program defines them. */
void __sanitizer_malloc_hook(const volatile void *memory, size_t size);
void __sanitizer_free_hook(const volatile void *memory);

void __sanitizer_malloc_hook(const volatile void *memory, size_t size)
{
	(void)memory;
	(void)size;
	allocations++;
}

void __sanitizer_free_hook(const volatile void *memory)
{
	(void)memory;
}
#else
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	allocations++;
	return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	allocations++;
	return __libc_realloc(memory, size);
}
#endif

START_TEST(deciding_allocates_nothing)
{
	struct policy *policy =
		policy_usb("set s usb [ 046d:c31c 0951:1666 ]\ntable media signed [ security 2 ]\n",
			   "allow a: id in @s, interfaces has-any [ 03:*:* ], at-most 2\n"
			   "forbid b: serial in [ \"x\" ], id 1234:*\n"
			   "allow c: device in @media, at-most 1000");
	struct table *table = media_of("9f3c5e00112233445566778899aabbcc 046d:c31c \"S\" neibu "
				       "\"7.2.14\" - 2027-01-01 active\n");
	const struct policy_context context = {
		.media = table,
		.today = 1,
		.levels = { 2, { "neibu", "mimi" } },
	};
	struct usb_facts facts = facts_of("id 046d:c31c serial \"S\"" KEYS);
	struct policy_verdict verdict;
	uint32_t in_use[3] = { 0 };
	unsigned long before, counted, after;
	void *volatile memory;

	before = allocations;
	memory = malloc(1);
	counted = allocations;
	free(memory);
	for (int i = 0; i < 1000; i++) {
		policy_decide_usb(policy, &context, &facts, in_use, &verdict);
		policy_count_usb(policy, &context, &facts, in_use);
	}
	after = allocations;
	ck_assert_uint_eq(counted, before + 1);
	ck_assert_uint_eq(after, counted);
	ck_assert_uint_eq(in_use[0], 1000);
	ck_assert_uint_eq(in_use[2], 1000);
	table_free(table);
	policy_free(policy);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decide");
	TCase *tests = tcase_create("decide");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, truth, 0, sizeof(truths) / sizeof(truths[0]));
	tcase_add_test(tests, what_is_authorised);
	tcase_add_test(tests, hubs);
	tcase_add_test(tests, hubs_by_rule);
	tcase_add_test(tests, limits);
	tcase_add_test(tests, flaws);
	tcase_add_test(tests, the_most_interfaces);
	tcase_add_loop_test(tests, order_has_no_meaning, 0, 200);
	tcase_add_loop_test(tests, rules_only_add, 0, 200);
	tcase_add_test(tests, deciding_allocates_nothing);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
