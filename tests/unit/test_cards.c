// SPDX-License-Identifier: GPL-2.0-or-later
/* Cards of other units: whose signature counts, which one holds, and when it says nothing. */
#include "agent/core/govern/cards.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/govern/install.h"
#include "agent/lib/path.h"
#include "policy/lang/policy.h"
#include "policy/transfer/card.h"
#include "tests/unit/signer.h"
#include "tests/unit/sysfs_tree.h"
#include "tests/unit/unit.h"

#define ONE   "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
#define OTHER "age1cy0su9fwf3gf9mw868g5yut09p6nytfmmnktexz2ya5uqg9vl9sss4euqm"
#define TODAY 1780000000 /* 2026-05-28 */

static struct govern govern;
static struct daemon daemon_;
static struct record_policy in_force;
static struct signer security, approval, stranger;
static char file[16384], said[MSG_TEXT_SIZE];

static void on_recorded(void *data, uint64_t tag, uint64_t entry, int error)
{
	(void)data;
	(void)tag;
	(void)entry;
	(void)error;
}

static void on_journal(void *data)
{
	(void)data;
}

static struct trust *make_trust(void)
{
	char text[4096], keys[4][256];
	struct trust *trust = NULL;
	struct signer root;

	for (uint8_t i = 0; i < 2; i++) {
		signer_make(&root, (uint8_t)(10 + i), false);
		signer_public(&root, keys[i]);
	}
	signer_public(&security, keys[2]);
	signer_public(&approval, keys[3]);
	snprintf(text, sizeof(text),
		 "airgap-trust 1\ntrust {\nnumber 1\nlevels [ neibu \"n\" mimi \"m\" ]\nroot "
		 "at-least "
		 "2\npolicy security 1 approval 1\nminimum-serial 1\n}\nkeys {\n"
		 "key rt-1 duty root person \"A\" public \"%s\"\n"
		 "key rt-2 duty root person \"B\" public \"%s\"\n"
		 "key so-1 duty security person \"C\" public \"%s\"\n"
		 "key ap-1 duty approval person \"D\" public \"%s\"\n}\n",
		 keys[0], keys[1], keys[2], keys[3]);
	ck_assert_int_eq(trust_parse(text, strlen(text), NULL, &trust), 0);
	return trust;
}

static struct policy *make_policy(const char *transfer)
{
	struct policy *policy = NULL;
	char text[2048];

	snprintf(
		text, sizeof(text),
		"airgap-policy 1\npolicy {\nid \"t\"\nserial 1\nvalid 2026-01-01 .. 2099-12-31\n}\n"
		"scope {\nunit \"7.2.14\"\nterminals [ \"T-1\" ]\nlevel mimi\n}\ntransfer {\n%s}\n",
		transfer);
	ck_assert_int_eq(policy_parse(text, strlen(text), NULL, &policy), 0);
	return policy;
}

static void setup(void)
{
	static const struct recorder_handler handler = { on_recorded, on_journal };

	ck_assert_int_ge(sodium_init(), 0);
	signer_make(&security, 1, false);
	signer_make(&approval, 2, false);
	signer_make(&stranger, 3, false);
	daemon_ = (struct daemon){ .name = "test", .root = unit_tmpdir() };
	sysfs_tree_text(daemon_.root, PATH_POLICY_DIR "/other", "");
	sysfs_tree_text(daemon_.root, PATH_PASSWD, USER_JOURNAL ":x:0:0::/:/bin/false\n");
	ck_assert_int_ge(sd_event_new(&daemon_.event), 0);
	govern = (struct govern){ .root = daemon_.root,
				  .trust = make_trust(),
				  .policy = make_policy(""),
				  .context.today = TODAY };
	trust_levels(govern.trust, &govern.context.levels);
	strcpy(govern.terminal.unit, "7.2.14");
	ck_assert_int_eq(recorder_new(&daemon_, &in_force, &handler, NULL, &govern.recorder), 0);
}

static void teardown(void)
{
	cards_free(govern.cards);
	recorder_free(govern.recorder);
	policy_free(govern.policy);
	trust_free(govern.trust);
	sd_event_unref(daemon_.event);
}

static size_t write_card(const char *unit, uint64_t number, const char *recipient,
			 const char *level, const struct signer *signer)
{
	static struct card card;
	char text[CARD_TEXT_MAX];

	card = (struct card){ .number = number,
			      .from = 1767225600,      /* 2026-01-01 */
			      .until = 1798761600 - 1, /* 2026-12-31 */
			      .recipient_count = 1 };
	snprintf(card.unit, sizeof(card.unit), "%s", unit);
	snprintf(card.recipients[0].recipient, sizeof(card.recipients[0].recipient), "%s",
		 recipient);
	snprintf(card.recipients[0].level, sizeof(card.recipients[0].level), "%s", level);
	card.recipients[0].epoch = (uint32_t)number;
	ck_assert_int_gt(card_print(&card, text), 0);
	return signer_file(signer, 1, "airgap-card@v1", text, file, sizeof(file));
}

static int install(const char *unit, uint64_t number, const char *recipient)
{
	size_t length = write_card(unit, number, recipient, "mimi", &security);

	return cards_install(&govern, (const uint8_t *)file, length, said, sizeof(said));
}

/* What is told to airgap-transferd: "RECIPIENT EPOCH", of the first, and how many there are. */
static size_t told(const char **recipient)
{
	struct policy_recipient rows[8];
	size_t count = cards_recipients(&govern, rows, 8);

	*recipient = count ? rows[0].recipient : "";
	return count;
}

START_TEST(a_signed_card_counts)
{
	const char *recipient;

	ck_assert_int_eq(install("7.2.15", 3, ONE), 0);
	ck_assert_ptr_nonnull(strstr(said, "in force"));
	ck_assert_uint_eq(told(&recipient), 1);
	ck_assert_str_eq(recipient, ONE);
	ck_assert_int_eq(install("7.2.15", 3, ONE), -EALREADY);
	ck_assert_int_eq(install("7.2.16", 1, OTHER), 0);
	ck_assert_uint_eq(told(&recipient), 2);
}
END_TEST

START_TEST(numbers_only_go_up)
{
	const char *recipient;

	ck_assert_int_eq(install("7.2.15", 3, ONE), 0);
	ck_assert_int_eq(install("7.2.15", 2, OTHER), -ESTALE);
	ck_assert_int_eq(install("7.2.15", 3, OTHER), -ESTALE);
	told(&recipient);
	ck_assert_str_eq(recipient, ONE);
	ck_assert_int_eq(install("7.2.15", 4, OTHER), 0);
	ck_assert_uint_eq(told(&recipient), 1);
	ck_assert_str_eq(recipient, OTHER);
}
END_TEST

START_TEST(others_signatures_do_not)
{
	const char *recipient;
	size_t length = write_card("7.2.15", 3, ONE, "mimi", &approval);

	ck_assert_int_eq(cards_install(&govern, (uint8_t *)file, length, said, sizeof(said)),
			 -EKEYREJECTED);
	length = write_card("7.2.15", 3, ONE, "mimi", &stranger);
	ck_assert_int_eq(cards_install(&govern, (uint8_t *)file, length, said, sizeof(said)),
			 -EKEYREJECTED);
	length = write_card("7.2.15", 3, ONE, "mimi", &security);
	memcpy(strstr(file, ONE) + 10, "q", 1);
	ck_assert_int_lt(cards_install(&govern, (uint8_t *)file, length, said, sizeof(said)), 0);
	ck_assert_uint_eq(told(&recipient), 0);
}
END_TEST

START_TEST(what_a_card_cannot_be)
{
	size_t length = write_card("7.2.15", 3, ONE, "cosmic", &security);

	ck_assert_int_eq(cards_install(&govern, (uint8_t *)file, length, said, sizeof(said)),
			 -EINVAL);
	ck_assert_ptr_nonnull(strstr(said, "cosmic"));
	ck_assert_int_eq(install("7.2.14", 1, ONE), -EINVAL);
	ck_assert_ptr_nonnull(strstr(said, "own unit"));
}
END_TEST

START_TEST(the_policy_comes_first)
{
	const char *recipient;

	ck_assert_int_eq(install("7.2.15", 9, ONE), 0);
	policy_free(govern.policy);
	govern.policy = make_policy("recipients unit \"7.2.15\" \"" OTHER "\"\n");
	ck_assert_uint_eq(told(&recipient), 0);
	ck_assert_int_eq(install("7.2.16", 1, ONE), 0);
	ck_assert_uint_eq(told(&recipient), 1);
}
END_TEST

START_TEST(only_on_its_days)
{
	const char *recipient;

	ck_assert_int_eq(install("7.2.15", 3, ONE), 0);
	govern.context.today = 1798761600 - 1;
	ck_assert_uint_eq(told(&recipient), 1);
	govern.context.today = 1798761600;
	ck_assert_uint_eq(told(&recipient), 0);
	govern.context.today = 1767225600 - 1;
	ck_assert_uint_eq(told(&recipient), 0);
	govern.context.today = 0;
	ck_assert_uint_eq(told(&recipient), 0);
}
END_TEST

static void restart(void)
{
	cards_free(govern.cards);
	govern.cards = NULL;
	cards_load(&govern);
}

START_TEST(a_restart_keeps_them)
{
	const char *recipient;

	ck_assert_int_eq(install("7.2.15", 3, ONE), 0);
	ck_assert_int_eq(install("a unit / with \xe5\x85\xb3", 1, OTHER), 0);
	restart();
	ck_assert_uint_eq(told(&recipient), 2);
	/* One whose signer is gone from the list counts no more. */
	signer_make(&security, 7, false);
	trust_free(govern.trust);
	govern.trust = make_trust();
	restart();
	ck_assert_uint_eq(told(&recipient), 0);
}
END_TEST

START_TEST(under_another_name_it_is_not_loaded)
{
	char from[PATH_MAX], to[PATH_MAX];
	const char *recipient;
	uint8_t hash[32];
	char hex[65];

	ck_assert_int_eq(install("7.2.15", 3, ONE), 0);
	crypto_generichash(hash, sizeof(hash), (const uint8_t *)"7.2.15", 6, NULL, 0);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	snprintf(from, sizeof(from), "%s" PATH_POLICY_DIR "/card-%s", daemon_.root, hex);
	hex[0] = hex[0] == 'a' ? 'b' : 'a';
	snprintf(to, sizeof(to), "%s" PATH_POLICY_DIR "/card-%s", daemon_.root, hex);
	ck_assert_int_eq(rename(from, to), 0);
	restart();
	ck_assert_uint_eq(told(&recipient), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cards");
	TCase *tests = tcase_create("cards");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, a_signed_card_counts);
	tcase_add_test(tests, numbers_only_go_up);
	tcase_add_test(tests, others_signatures_do_not);
	tcase_add_test(tests, what_a_card_cannot_be);
	tcase_add_test(tests, the_policy_comes_first);
	tcase_add_test(tests, only_on_its_days);
	tcase_add_test(tests, a_restart_keeps_them);
	tcase_add_test(tests, under_another_name_it_is_not_loaded);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
