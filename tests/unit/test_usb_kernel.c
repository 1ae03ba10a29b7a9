// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/usb/usb_grant.h"
#include "agent/core/usb/usb_kernel.h"
#include "agent/lib/log.h"
#include "agent/lib/usb_sysfs.h"
#include "tests/unit/sysfs_tree.h"
#include "tests/unit/unit.h"

#define DEVICES "/sys/bus/usb/devices/"

static const char *root;
static int folder = -1;
static struct usb_verdict verdict;

static void set_up(void)
{
	log_init("test");
	root = unit_tmpdir();
	memset(&verdict, 0, sizeof(verdict));
	sysfs_tree_bus(root, 1);
	sysfs_tree_stick(root, "1-1", 5, "A1");
	folder = usb_sysfs_open(root, "1-1");
	ck_assert_int_ge(folder, 0);
	ck_assert_int_eq(usb_sysfs_read(root, folder, "1-1", &verdict.facts), 0);
	verdict.verdict.result = POLICY_RESULT_PERMIT;
	verdict.verdict.interfaces[0] = 1;
}

static void tear_down(void)
{
	close(folder);
}

START_TEST(facts_are_read)
{
	const struct usb_facts *facts = &verdict.facts;

	ck_assert_int_eq(facts->flaw, USB_SOUND);
	ck_assert_uint_eq(facts->vendor, 0x0951);
	ck_assert_uint_eq(facts->bus, 1);
	ck_assert_uint_eq(facts->device, 5);
	ck_assert_str_eq(facts->serial, "A1");
	ck_assert_str_eq(facts->name, "DataTraveler");
	ck_assert_str_eq(facts->port, "1-1");
	ck_assert_uint_eq(facts->interface_count, 1);
	ck_assert_int_eq(facts->connect, USB_CONNECT_UNKNOWN);
	sysfs_tree_text(root, DEVICES "usb1/1-0:1.0/usb1-port2/connect_type", "hardwired");
	sysfs_tree_stick(root, "1-2", 6, NULL);
	memset(&verdict, 0, sizeof(verdict));
	close(folder);
	folder = usb_sysfs_open(root, "1-2");
	ck_assert_int_eq(usb_sysfs_read(root, folder, "1-2", &verdict.facts), 0);
	ck_assert_int_eq(facts->connect, USB_CONNECT_HARDWIRED);
	ck_assert_uint_eq(facts->device, 6);
	ck_assert_str_eq(facts->serial, "");
}
END_TEST

START_TEST(strange_strings_are_a_flaw)
{
	static const char *const serials[] = { "A\033[2J", "A\xff", "A\xc0\x80", "A\u202eB" };

	for (size_t i = 0; i < sizeof(serials) / sizeof(serials[0]); i++) {
		sysfs_tree_text(root, DEVICES "1-1/serial", serials[i]);
		ck_assert_int_eq(usb_sysfs_read(root, folder, "1-1", &verdict.facts), 0);
		ck_assert_int_eq(verdict.facts.flaw, USB_FLAW_STRING);
		ck_assert_str_eq(verdict.facts.serial, "");
	}
	sysfs_tree_text(root, DEVICES "1-1/serial", "令牌-A1");
	ck_assert_int_eq(usb_sysfs_read(root, folder, "1-1", &verdict.facts), 0);
	ck_assert_int_eq(verdict.facts.flaw, USB_SOUND);
}
END_TEST

START_TEST(ports_are_never_paths)
{
	static const char *const good[] = { "usb1", "1-1", "12-3.4.5", "1-1.2.3.4.5.6" };
	static const char *const bad[] = { "",	    "usb",    "usb1/..", "..",
					   "1-",    "-1",     "1-1:1.0", "1-1.",
					   "1-1/2", "1-1000", "usb-1",	 "1-1.2.3.4.5.6.7.8",
					   "a" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(usb_sysfs_port_valid(good[i]), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!usb_sysfs_port_valid(bad[i]), "%s", bad[i]);
}
END_TEST

START_TEST(defaults_are_closed_everywhere)
{
	sysfs_tree_bus(root, 2);
	ck_assert_int_eq(usb_kernel_close_defaults(root), 0);
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "usb1/authorized_default"), "0");
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "usb2/authorized_default"), "0");
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "usb2/interface_authorized_default"), "0");
	ck_assert_str_eq(sysfs_tree_get(root, "/sys/module/usbcore/parameters/authorized_default"),
			 "0");
	ck_assert_int_eq(usb_kernel_close_defaults(unit_tmpdir()), 0);
}
END_TEST

/* A bus that cannot be closed does not keep the others open. */
START_TEST(one_failure_does_not_stop_the_rest)
{
	char path[4096];

	sysfs_tree_bus(root, 2);
	snprintf(path, sizeof(path), "%s%s", root, DEVICES "usb1/authorized_default");
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_lt(usb_kernel_close_bus(root, "usb1"), 0);
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "usb1/interface_authorized_default"), "0");
	usb_kernel_close_defaults(root);
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "usb2/authorized_default"), "0");
}
END_TEST

START_TEST(another_serial_number_is_noticed)
{
	static const char *const serials[] = { "B2", "", "A", "A11" };

	ck_assert_int_eq(usb_kernel_compare(folder, &verdict.facts), 0);
	sysfs_tree_text(root, DEVICES "1-1/serial", serials[_i]);
	ck_assert_int_eq(usb_kernel_compare(folder, &verdict.facts), -ESTALE);
}
END_TEST

START_TEST(another_device_is_noticed)
{
	static const struct {
		unsigned int bus, device;
		const char *product;
		int error;
	} cases[] = {
		{ 1, 5, "951/1666/110", 0 },	    { 1, 5, "952/1666/110", -ESTALE },
		{ 1, 5, "951/166/110", -ESTALE },   { 1, 5, "951/1666/111", -ESTALE },
		{ 1, 5, "951/1666/1100", -ESTALE }, { 1, 5, "1951/1666/110", -ESTALE },
		{ 1, 6, "951/1666/110", -ENODEV },  { 2, 5, "951/1666/110", -ENODEV },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sysfs_tree_numbers(root, "1-1", cases[i].bus, cases[i].device, cases[i].product);
		ck_assert_int_eq(usb_kernel_compare(folder, &verdict.facts), cases[i].error);
	}
	sysfs_tree_text(root, DEVICES "1-1/uevent", "");
	ck_assert_int_eq(usb_kernel_compare(folder, &verdict.facts), -ENODEV);
}
END_TEST

START_TEST(interfaces_must_be_those_of_the_facts)
{
	static const struct {
		const char *file;
		const char *text;
		int error;
	} cases[] = {
		{ "1-1:1.0/modalias", "usb:v0951p1666d0110dc00dsc00dp00ic03isc06ip50in00",
		  -ESTALE },
		{ "1-1:1.0/modalias", "usb:v0951p1666d0110dc00dsc00dp00ic08isc06ip50in01",
		  -ESTALE },
		{ "1-1:1.0/modalias", "usb:v0951p1667d0110dc00dsc00dp00ic08isc06ip50in00",
		  -ESTALE },
		{ "1-1:1.0/modalias", "usb:v0951p1666d0110dc00dsc00dp00ic08isc06ip50in000",
		  -ESTALE },
		{ "1-1:1.0/modalias", "usb:v0951p1666d0110dc00dsc00dp00ic08isc06ip50in00", 0 },
		{ "bNumInterfaces", " 2", -ESTALE },
		{ "bNumInterfaces", " 0", -ESTALE },
		{ "bNumInterfaces", " 1", 0 },
		{ "bConfigurationValue", "2", -ESTALE },
	};
	char path[128];

	sysfs_tree_interface(root, "1-1", 0, "08", "06", "50");
	ck_assert_int_eq(usb_kernel_compare(folder, &verdict.facts), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(path, sizeof(path), DEVICES "1-1/%s", cases[i].file);
		sysfs_tree_text(root, path, cases[i].text);
		ck_assert_msg(usb_kernel_compare(folder, &verdict.facts) == cases[i].error, "%s %s",
			      cases[i].file, cases[i].text);
	}
}
END_TEST

/* Of several settings the one that is in use, by the number that the kernel tells. */
START_TEST(the_setting_in_use_is_compared)
{
	static const char *const numbers[] = { " 0", " 1", " 2", "" };
	static const int errors[] = { 0, -ESTALE, -ESTALE, -ESTALE };

	verdict.facts.interface_count = 2;
	verdict.facts.interfaces[1] = verdict.facts.interfaces[0];
	verdict.facts.interfaces[1].alternate = 1;
	verdict.facts.interfaces[1].protocol = 0x62;
	sysfs_tree_interface(root, "1-1", 0, "08", "06", "50");
	for (size_t i = 0; i < 4; i++) {
		sysfs_tree_text(root, DEVICES "1-1/1-1:1.0/bAlternateSetting", numbers[i]);
		ck_assert_int_eq(usb_kernel_compare(folder, &verdict.facts), errors[i]);
	}
}
END_TEST

START_TEST(states_are_told_apart)
{
	ck_assert_int_eq(usb_kernel_state(folder, &verdict), USB_KERNEL_CLOSED);
	sysfs_tree_text(root, DEVICES "1-1/authorized", "1");
	sysfs_tree_interface(root, "1-1", 0, "08", "06", "50");
	ck_assert_int_eq(usb_kernel_state(folder, &verdict), USB_KERNEL_LESS);
	sysfs_tree_text(root, DEVICES "1-1/1-1:1.0/authorized", "1");
	ck_assert_int_eq(usb_kernel_state(folder, &verdict), USB_KERNEL_EQUAL);
	verdict.verdict.interfaces[0] = 0;
	ck_assert_int_eq(usb_kernel_state(folder, &verdict), USB_KERNEL_MORE);
	verdict.verdict.interfaces[0] = 1;
	verdict.verdict.result = POLICY_RESULT_REFUSE;
	ck_assert_int_eq(usb_kernel_state(folder, &verdict), USB_KERNEL_MORE);
	ck_assert_int_eq(usb_kernel_block(folder), 0);
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/authorized"), "0");
}
END_TEST

/* Both steps, as when the journal answers at once. */
static int let_in(void)
{
	struct usb_grant grant = { 0 };
	int probe = usb_grant_probe(root), r;

	ck_assert_int_ge(probe, 0);
	r = usb_grant_prepare(&grant, root, -1, folder, &verdict);
	if (r == 0)
		r = usb_grant_open(&grant, probe, folder, &verdict);
	ck_assert_uint_eq(grant.interfaces.count, 0);
	close(probe);
	return r;
}

/* A second interface, as the kernel shows it after authorising; it is no part of the permit. */
static void add_keyboard(void)
{
	verdict.facts.interface_count = 2;
	verdict.facts.interfaces[1] = verdict.facts.interfaces[0];
	verdict.facts.interfaces[1].number = 1;
	verdict.facts.interfaces[1].class = 3;
	sysfs_tree_interface(root, "1-1", 0, "08", "06", "50");
	sysfs_tree_interface(root, "1-1", 1, "03", "06", "50");
}

START_TEST(only_granted_interfaces_open)
{
	add_keyboard();
	ck_assert_int_eq(let_in(), 0);
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/authorized"), "1");
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/1-1:1.0/authorized"), "1");
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/1-1:1.1/authorized"), "0");
	ck_assert_str_eq(sysfs_tree_get(root, "/sys/bus/usb/drivers_probe"), "1-1:1.0");
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "usb1/interface_authorized_default"), "0");
}
END_TEST

/* What waits for its journal entry: configured, and nothing of it open. */
START_TEST(prepared_is_shut)
{
	struct usb_grant grant = { 0 };
	int hub = usb_sysfs_open(root, "usb1");

	add_keyboard();
	ck_assert(!usb_grant_is_shut(&grant));
	ck_assert_int_eq(usb_grant_prepare(&grant, root, hub, folder, &verdict), 0);
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "usb1/interface_authorized_default"), "0");
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/authorized"), "1");
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/1-1:1.0/authorized"), "0");
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/1-1:1.1/authorized"), "0");
	ck_assert_str_eq(sysfs_tree_get(root, "/sys/bus/usb/drivers_probe"), "");
	ck_assert_int_eq(usb_kernel_state(folder, &verdict), USB_KERNEL_LESS);
	ck_assert(usb_grant_is_shut(&grant));
	sysfs_tree_text(root, DEVICES "1-1/1-1:1.1/authorized", "1");
	ck_assert(!usb_grant_is_shut(&grant));
	usb_grant_release(&grant);
	ck_assert(!usb_grant_is_shut(&grant));
	close(hub);
}
END_TEST

/* Nothing opens that was not prepared, and an interface that someone else opened is closed. */
START_TEST(opening_needs_what_was_prepared)
{
	struct usb_grant grant = { 0 };
	int probe = usb_grant_probe(root);

	add_keyboard();
	sysfs_tree_text(root, DEVICES "1-1/authorized", "1");
	ck_assert_int_lt(usb_grant_open(&grant, probe, folder, &verdict), 0);
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/1-1:1.0/authorized"), "0");
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/authorized"), "0");
	ck_assert_int_eq(usb_grant_prepare(&grant, root, -1, folder, &verdict), 0);
	sysfs_tree_text(root, DEVICES "1-1/1-1:1.1/authorized", "1");
	ck_assert_int_eq(usb_grant_open(&grant, probe, folder, &verdict), 0);
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/1-1:1.1/authorized"), "0");
	close(probe);
}
END_TEST

/* One refused alternate setting closes its interface: a driver could switch to it. */
START_TEST(all_alternates_must_be_granted)
{
	verdict.facts.interface_count = 2;
	verdict.facts.interfaces[1] = verdict.facts.interfaces[0];
	verdict.facts.interfaces[1].alternate = 1;
	verdict.facts.interfaces[1].class = 3;
	sysfs_tree_interface(root, "1-1", 0, "08", "06", "50");
	ck_assert_int_eq(let_in(), 0);
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/1-1:1.0/authorized"), "0");
	verdict.verdict.interfaces[0] = 3;
	ck_assert_int_eq(let_in(), 0);
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/1-1:1.0/authorized"), "1");
}
END_TEST

START_TEST(a_liar_is_blocked_again)
{
	static const struct {
		const char *file;
		const char *text;
		int error;
	} cases[] = {
		{ "1-1:1.0/modalias", "usb:v0951p1666d0110dc00dsc00dp00ic03isc01ip01in00",
		  -ESTALE },
		{ "serial", "B2", -ESTALE },
		{ "bNumInterfaces", " 2", -ESTALE },
		{ "bConfigurationValue", "2", -ESTALE },
		{ "bConfigurationValue", "", -EIO },
	};
	struct usb_grant grant = { 0 };
	char path[128];

	sysfs_tree_interface(root, "1-1", 0, "08", "06", "50");
	/* With one configuration its number is not asked for. */
	verdict.facts.configurations = 2;
	snprintf(path, sizeof(path), DEVICES "1-1/%s", cases[_i].file);
	sysfs_tree_text(root, path, cases[_i].text);
	ck_assert_int_eq(usb_grant_prepare(&grant, root, -1, folder, &verdict), cases[_i].error);
	ck_assert_int_eq(grant.error, cases[_i].error);
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/authorized"), "0");
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/1-1:1.0/authorized"), "0");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("usb_kernel");
	TCase *cases = tcase_create("sysfs");

	tcase_add_checked_fixture(cases, set_up, tear_down);
	tcase_add_test(cases, facts_are_read);
	tcase_add_test(cases, strange_strings_are_a_flaw);
	tcase_add_test(cases, ports_are_never_paths);
	tcase_add_test(cases, defaults_are_closed_everywhere);
	tcase_add_test(cases, one_failure_does_not_stop_the_rest);
	tcase_add_loop_test(cases, another_serial_number_is_noticed, 0, 4);
	tcase_add_test(cases, another_device_is_noticed);
	tcase_add_test(cases, interfaces_must_be_those_of_the_facts);
	tcase_add_test(cases, the_setting_in_use_is_compared);
	tcase_add_test(cases, states_are_told_apart);
	tcase_add_test(cases, only_granted_interfaces_open);
	tcase_add_test(cases, prepared_is_shut);
	tcase_add_test(cases, opening_needs_what_was_prepared);
	tcase_add_test(cases, all_alternates_must_be_granted);
	tcase_add_loop_test(cases, a_liar_is_blocked_again, 0, 5);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
