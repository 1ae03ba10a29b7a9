// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "agent/monitor/uevent.h"
#include "tests/unit/unit.h"

static struct uevent event;

/* The kernel's message with these in it; NULL leaves a field out. */
static void interpret(const char *action, const char *devtype, const char *sysname)
{
	char message[512] = "add@/devices/x";
	size_t length = strlen(message) + 1;
	const struct {
		const char *key;
		const char *value;
	} fields[] = {
		{ "ACTION=", action },	 { "DEVPATH=/devices/pci0/usb1/", sysname },
		{ "SUBSYSTEM=", "usb" }, { "DEVTYPE=", devtype },
		{ "BUSNUM=", "001" },	 { "DEVNUM=", "012" },
		{ "SEQNUM=", "7" },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].value)
			length += 1 + (size_t)snprintf(message + length, sizeof(message) - length,
						       "%s%s", fields[i].key, fields[i].value);
	uevent_parse(message, length, &event);
}

START_TEST(devices_and_interfaces)
{
	interpret("add", "usb_device", "1-2.3");
	ck_assert_int_eq(event.action, UEVENT_ACTION_ADD);
	ck_assert_int_eq(event.subject, UEVENT_SUBJECT_USB_DEVICE);
	ck_assert_str_eq(event.port, "1-2.3");
	ck_assert_uint_eq(event.bus, 1);
	ck_assert_uint_eq(event.device, 12);
	ck_assert_uint_eq(event.sequence, 7);

	interpret("bind", "usb_interface", "1-2.3:1.0");
	ck_assert_int_eq(event.action, UEVENT_ACTION_BIND);
	ck_assert_int_eq(event.subject, UEVENT_SUBJECT_USB_INTERFACE);
	ck_assert_str_eq(event.port, "1-2.3");

	interpret("add", "usb_interface", "3-0:1.0");
	ck_assert_str_eq(event.port, "usb3");
	interpret("remove", "usb_device", "usb3");
	ck_assert_int_eq(event.action, UEVENT_ACTION_REMOVE);
	ck_assert_str_eq(event.port, "usb3");
}
END_TEST

START_TEST(names_that_are_none_of_the_kernels)
{
	static const char *const names[] = { "",     "..",   "1-1/../../x", "1-1 ", "usb",
					     "1-1:", ":1.0", "1-0",	    "eth0" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		interpret("add", "usb_device", names[i]);
		if (strcmp(names[i], "1-0") != 0)
			ck_assert_msg(event.subject == UEVENT_SUBJECT_OTHER, "'%s'", names[i]);
		ck_assert_ptr_null(strchr(event.port, '/'));
	}
	interpret("add", "usb_interface", ":1.0");
	ck_assert_int_eq(event.subject, UEVENT_SUBJECT_OTHER);
}
END_TEST

START_TEST(missing_fields)
{
	uevent_parse("", 0, &event);
	ck_assert_int_eq(event.action, UEVENT_ACTION_OTHER);
	ck_assert_int_eq(event.subject, UEVENT_SUBJECT_OTHER);
	interpret(NULL, "usb_device", "1-1");
	ck_assert_int_eq(event.action, UEVENT_ACTION_OTHER);
	interpret("add", NULL, "1-1");
	ck_assert_int_eq(event.subject, UEVENT_SUBJECT_OTHER);
	interpret("add", "usb_device", NULL);
	ck_assert_int_eq(event.subject, UEVENT_SUBJECT_OTHER);
}
END_TEST

/* The first of two counts, and a text that is not ended is none. */
START_TEST(fields_twice_or_cut_off)
{
	static const char twice[] =
		"ACTION=add\0ACTION=remove\0SUBSYSTEM=usb\0DEVTYPE=usb_device\0"
		"DEVPATH=/d/1-1\0DEVPATH=/d/1-2\0SEQNUM=18446744073709551615\0SEQNUM=9x";

	uevent_parse(twice, sizeof(twice) - 1, &event);
	ck_assert_int_eq(event.action, UEVENT_ACTION_ADD);
	ck_assert_str_eq(event.port, "1-1");
	ck_assert_uint_eq(event.sequence, UINT64_MAX);
	uevent_parse("SEQNUM=12", 9, &event);
	ck_assert_uint_eq(event.sequence, 0);
	uevent_parse("SEQNUM=-1", 10, &event);
	ck_assert_uint_eq(event.sequence, 0);
	uevent_parse("DEVPATH=\0SUBSYSTEM=usb\0DEVTYPE=usb_device\0", 42, &event);
	ck_assert_int_eq(event.subject, UEVENT_SUBJECT_OTHER);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("uevent");
	TCase *cases = tcase_create("uevent");

	tcase_add_test(cases, devices_and_interfaces);
	tcase_add_test(cases, names_that_are_none_of_the_kernels);
	tcase_add_test(cases, missing_fields);
	tcase_add_test(cases, fields_twice_or_cut_off);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
