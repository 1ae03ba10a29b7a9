// SPDX-License-Identifier: GPL-2.0-or-later
/* Forwarding and radios, in a folder that looks like the kernel's files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/core/network/net_settings.h"
#include "policy/decide/net_facts.h"
#include "tests/unit/unit.h"

static const char *root;

static void put(const char *path, const char *value)
{
	char line[512];
	FILE *file;

	snprintf(line, sizeof(line), "mkdir -p $(dirname %s%s)", root, path);
	ck_assert_int_eq(system(line), 0);
	snprintf(line, sizeof(line), "%s%s", root, path);
	file = fopen(line, "w");
	ck_assert_ptr_nonnull(file);
	fputs(value, file);
	fclose(file);
}

static void expect(const char *path, const char *wanted)
{
	char line[512], value[64] = "";
	FILE *file;

	snprintf(line, sizeof(line), "%s%s", root, path);
	file = fopen(line, "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(fgets(value, sizeof(value), file));
	fclose(file);
	ck_assert_int_eq(value[0], wanted[0]);
}

static void radio(unsigned int index, const char *type, const char *soft)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/class/rfkill/rfkill%u/type", index);
	put(path, type);
	snprintf(path, sizeof(path), "/sys/class/rfkill/rfkill%u/name", index);
	put(path, "phy0\n");
	snprintf(path, sizeof(path), "/sys/class/rfkill/rfkill%u/hard", index);
	put(path, "0\n");
	snprintf(path, sizeof(path), "/sys/class/rfkill/rfkill%u/soft", index);
	put(path, soft);
}

static void setup(void)
{
	root = unit_tmpdir();
}

START_TEST(forwarding)
{
	put("/proc/sys/net/ipv4/conf/all/forwarding", "1");
	put("/proc/sys/net/ipv6/conf/all/forwarding", "1");
	ck_assert_int_eq(net_settings_forward_off(root, NET_FAMILY_IPV4, "all"), 0);
	expect("/proc/sys/net/ipv4/conf/all/forwarding", "0");
	expect("/proc/sys/net/ipv6/conf/all/forwarding", "1");
	ck_assert_int_eq(net_settings_forward_off(root, NET_FAMILY_IPV6, "all"), 0);
	expect("/proc/sys/net/ipv6/conf/all/forwarding", "0");
	/* The link is gone. */
	ck_assert_int_eq(net_settings_forward_off(root, NET_FAMILY_IPV4, "eth7"), 0);
	/* A name must not lead elsewhere. */
	ck_assert_int_eq(net_settings_forward_off(root, NET_FAMILY_IPV4, "../all"), -EINVAL);
	ck_assert_int_eq(net_settings_forward_off(root, NET_FAMILY_IPV4, ".."), -EINVAL);
}
END_TEST

START_TEST(radios)
{
	struct net_radio it;

	ck_assert_int_eq(net_settings_radios_off(root), 0);
	ck_assert_int_eq(net_settings_radio(root, 0, &it), -ENODEV);
	ck_assert_int_eq(net_settings_radio_off(root, 0), 0);
	radio(0, "wlan\n", "0\n");
	radio(12, "bluetooth\n", "0\n");
	radio(13, "gps\n", "1\n");
	ck_assert_int_eq(net_settings_radio(root, 0, &it), 0);
	ck_assert(!it.blocked);
	ck_assert_uint_eq(it.kind, NET_KIND_WIFI);
	ck_assert_str_eq(it.name, "phy0");
	ck_assert_int_eq(net_settings_radio_off(root, 0), 0);
	expect("/sys/class/rfkill/rfkill0/soft", "1");
	expect("/sys/class/rfkill/rfkill12/soft", "0");
	ck_assert_int_eq(net_settings_radios_off(root), 0);
	expect("/sys/class/rfkill/rfkill12/soft", "1");
	ck_assert_int_eq(net_settings_radio(root, 13, &it), 0);
	ck_assert(it.blocked);
	ck_assert_uint_eq(it.kind, NET_KIND_UNKNOWN);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("net_settings");
	TCase *tcase = tcase_create("core");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, forwarding);
	tcase_add_test(tcase, radios);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
