// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/usb_kernel.h"
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
	sysfs_tree_text(root, DEVICES "1-0:1.0/usb1-port1/connect_type", "hardwired");
	ck_assert_int_eq(usb_sysfs_read(root, folder, "1-1", &verdict.facts), 0);
	ck_assert_int_eq(facts->connect, USB_CONNECT_HARDWIRED);
}
END_TEST

START_TEST(attributes_that_contradict_are_a_flaw)
{
	sysfs_tree_text(root, DEVICES "1-1/idProduct", "1667");
	ck_assert_int_eq(usb_sysfs_read(root, folder, "1-1", &verdict.facts), 0);
	ck_assert_int_eq(verdict.facts.flaw, USB_FLAW_MISMATCH);
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
	static const char *const bad[] = { "", "usb", "usb1/..", "..", "1-", "-1", "1-1:1.0", "1-1.",
					   "1-1/2", "1-1000", "usb-1", "1-1.2.3.4.5.6.7.8", "a" };

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
	ck_assert_str_eq(
		sysfs_tree_get(root, "/sys/module/usbcore/parameters/authorized_default"), "0");
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

START_TEST(another_device_is_noticed)
{
	static const struct {
		const char *attribute;
		const char *value;
		int error;
	} cases[] = {
		{ DEVICES "1-1/serial", "B2", -ESTALE },
		{ DEVICES "1-1/serial", "", -ESTALE },
		{ DEVICES "1-1/idVendor", "0952", -ESTALE },
		{ DEVICES "1-1/idProduct", "0001", -ESTALE },
		{ DEVICES "1-1/devnum", "6", -ENODEV },
		{ DEVICES "1-1/busnum", "2", -ENODEV },
	};
	const size_t n = sizeof(cases) / sizeof(cases[0]);

	ck_assert_int_eq(usb_kernel_compare(folder, &verdict.facts), 0);
	sysfs_tree_text(root, cases[_i].attribute, cases[_i].value);
	ck_assert_int_eq(usb_kernel_compare(folder, &verdict.facts), cases[_i].error);
	ck_assert_int_lt((int)_i, (int)n);
}
END_TEST

START_TEST(interfaces_must_be_those_of_the_facts)
{
	sysfs_tree_interface(root, "1-1", 0, "08", "06", "50");
	ck_assert_int_eq(usb_kernel_compare(folder, &verdict.facts), 0);
	sysfs_tree_interface(root, "1-1", 0, "03", "01", "01");
	ck_assert_int_eq(usb_kernel_compare(folder, &verdict.facts), -ESTALE);
	sysfs_tree_interface(root, "1-1", 0, "08", "06", "50");
	sysfs_tree_interface(root, "1-1", 1, "03", "01", "01");
	ck_assert_int_eq(usb_kernel_compare(folder, &verdict.facts), -ESTALE);
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

START_TEST(only_granted_interfaces_open)
{
	/* Configured as the kernel would after authorising; two interfaces, one of them granted. */
	verdict.facts.interface_count = 2;
	verdict.facts.interfaces[1] = verdict.facts.interfaces[0];
	verdict.facts.interfaces[1].number = 1;
	verdict.facts.interfaces[1].class = 3;
	sysfs_tree_interface(root, "1-1", 0, "08", "06", "50");
	sysfs_tree_interface(root, "1-1", 1, "03", "06", "50");
	ck_assert_int_eq(usb_kernel_authorise(root, folder, &verdict), 0);
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/authorized"), "1");
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/1-1:1.0/authorized"), "1");
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/1-1:1.1/authorized"), "0");
	ck_assert_str_eq(sysfs_tree_get(root, "/sys/bus/usb/drivers_probe"), "1-1:1.0");
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "usb1/interface_authorized_default"), "0");
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
	ck_assert_int_eq(usb_kernel_authorise(root, folder, &verdict), 0);
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/1-1:1.0/authorized"), "0");
	verdict.verdict.interfaces[0] = 3;
	ck_assert_int_eq(usb_kernel_authorise(root, folder, &verdict), 0);
	ck_assert_str_eq(sysfs_tree_get(root, DEVICES "1-1/1-1:1.0/authorized"), "1");
}
END_TEST

START_TEST(a_liar_is_blocked_again)
{
	sysfs_tree_interface(root, "1-1", 0, "03", "01", "01");
	ck_assert_int_eq(usb_kernel_authorise(root, folder, &verdict), -ESTALE);
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
	tcase_add_test(cases, attributes_that_contradict_are_a_flaw);
	tcase_add_test(cases, strange_strings_are_a_flaw);
	tcase_add_test(cases, ports_are_never_paths);
	tcase_add_test(cases, defaults_are_closed_everywhere);
	tcase_add_test(cases, one_failure_does_not_stop_the_rest);
	tcase_add_loop_test(cases, another_device_is_noticed, 0, 6);
	tcase_add_test(cases, interfaces_must_be_those_of_the_facts);
	tcase_add_test(cases, states_are_told_apart);
	tcase_add_test(cases, only_granted_interfaces_open);
	tcase_add_test(cases, all_alternates_must_be_granted);
	tcase_add_test(cases, a_liar_is_blocked_again);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
