// SPDX-License-Identifier: GPL-2.0-or-later
/* A folder made as the kernel lays out /sys: classes and subsystems are symbolic links. */
#include "agent/lib/net_sysfs.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/net_classify.h"
#include "tests/unit/sysfs_tree.h"
#include "tests/unit/unit.h"

static const char *root;

static void point(const char *from, const char *to)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s", root, from);
	ck_assert_msg(symlink(to, path) == 0, "%s: %s", path, strerror(errno));
}

/* A device's folder, its bus, its driver. */
static void device(const char *folder, const char *bus, const char *driver)
{
	char path[PATH_MAX], to[PATH_MAX];

	snprintf(path, sizeof(path), "%s/uevent", folder);
	sysfs_tree_text(root, path, "");
	snprintf(path, sizeof(path), "%s/subsystem", folder);
	snprintf(to, sizeof(to), "../../../bus/%s", bus);
	point(path, to);
	if (!driver)
		return;
	snprintf(path, sizeof(path), "%s/driver", folder);
	snprintf(to, sizeof(to), "../../../bus/%s/drivers/%s", bus, driver);
	point(path, to);
}

static void attribute(const char *folder, const char *name, const char *value)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	sysfs_tree_text(root, path, value);
}

/* A link below its device, or with @above NULL one below /devices/virtual. */
static void network(const char *above, const char *name, const char *index, const char *type)
{
	char folder[PATH_MAX - 64], path[PATH_MAX], to[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s/net/%s", above ? above : "/sys/devices/virtual", name);
	attribute(folder, "ifindex", index);
	attribute(folder, "type", type);
	attribute(folder, "addr_assign_type", "0");
	attribute(folder, "uevent", "INTERFACE=x");
	if (above) {
		snprintf(path, sizeof(path), "%s/device", folder);
		snprintf(to, sizeof(to), "../../../%s", strrchr(above, '/') + 1);
		point(path, to);
	}
	sysfs_tree_text(root, "/sys/class/net/bonding_masters", "");
	snprintf(path, sizeof(path), "/sys/class/net/%s", name);
	snprintf(to, sizeof(to), "../..%s", folder + strlen("/sys"));
	point(path, to);
}

static struct net_link read_link(const char *name, uint32_t index, uint16_t arphrd)
{
	struct net_link link = { .index = index, .nsid = -1, .arphrd = arphrd };

	snprintf(link.name, sizeof(link.name), "%s", name);
	memset(link.path, 'x', sizeof(link.path));
	ck_assert_int_eq(net_sysfs_read(root, &link), 0);
	return link;
}

static void setup(void)
{
	root = unit_tmpdir();
}

#define CARD "/sys/devices/pci0000:00/0000:00:1f.6"

START_TEST(card_on_pci)
{
	struct net_link link;

	device(CARD, "pci", "e1000e");
	network(CARD, "eno1", "2", "1");
	link = read_link("eno1", 2, ARPHRD_ETHER);
	ck_assert_int_eq(link.flaw, NET_SOUND);
	ck_assert_int_eq(link.kind, NET_KIND_ETHERNET);
	ck_assert_str_eq(link.path, "pci-0000:00:1f.6");
	ck_assert_str_eq(link.driver, "e1000e");
	ck_assert_uint_eq(link.marks, 0);
	for (size_t i = strlen(link.path); i < sizeof(link.path); i++)
		ck_assert_int_eq(link.path[i], 0);
}
END_TEST

START_TEST(card_behind_a_bridge_with_virtio)
{
	const char *bridge = "/sys/devices/pci0000:00/0000:00:1c.0";
	const char *card = "/sys/devices/pci0000:00/0000:00:1c.0/0000:02:00.0";
	const char *virtio = "/sys/devices/pci0000:00/0000:00:1c.0/0000:02:00.0/virtio0";
	struct net_link link;

	device(bridge, "pci", "pcieport");
	device(card, "pci", "virtio-pci");
	device(virtio, "virtio", "virtio_net");
	network(virtio, "eth0", "5", "1");
	attribute("/sys/class/net/eth0", "addr_assign_type", "3");
	link = read_link("eth0", 5, ARPHRD_ETHER);
	ck_assert_int_eq(link.kind, NET_KIND_ETHERNET);
	ck_assert_str_eq(link.path, "pci-0000:02:00.0");
	ck_assert_str_eq(link.driver, "virtio_net");
	ck_assert_uint_eq(link.marks, NET_LINK_MAC_SET);
	/* The same card in a dock. */
	attribute(card, "removable", "removable");
	ck_assert_int_eq(read_link("eth0", 5, ARPHRD_ETHER).kind, NET_KIND_THUNDERBOLT);
	attribute(card, "removable", "fixed");
	ck_assert_int_eq(read_link("eth0", 5, ARPHRD_ETHER).kind, NET_KIND_ETHERNET);
}
END_TEST

START_TEST(phone)
{
	struct net_link link;

	device("/sys/devices/pci0000:00/0000:00:14.0", "pci", "xhci_hcd");
	device("/sys/devices/pci0000:00/0000:00:14.0/usb1", "usb", "usb");
	device("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2", "usb", "usb");
	device("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0", "usb", "rndis_host");
	network("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0", "usb0", "7", "1");
	link = read_link("usb0", 7, ARPHRD_ETHER);
	ck_assert_int_eq(link.kind, NET_KIND_USB);
	ck_assert_str_eq(link.path, "pci-0000:00:14.0-usb-0:2:1.0");
	ck_assert_str_eq(link.driver, "rndis_host");
}
END_TEST

START_TEST(board)
{
	struct net_link link;

	device("/sys/devices/platform/fe300000.ethernet", "platform", "dwmac");
	network("/sys/devices/platform/fe300000.ethernet", "end0", "2", "1");
	link = read_link("end0", 2, ARPHRD_ETHER);
	ck_assert_int_eq(link.kind, NET_KIND_ETHERNET);
	ck_assert_str_eq(link.path, "platform-fe300000.ethernet");
}
END_TEST

START_TEST(radio)
{
	device(CARD, "pci", "iwlwifi");
	network(CARD, "wlp0", "3", "1");
	attribute("/sys/class/net/wlp0", "uevent", "DEVTYPE=wlan\nINTERFACE=wlp0");
	ck_assert_int_eq(read_link("wlp0", 3, ARPHRD_ETHER).kind, NET_KIND_WIFI);
	attribute("/sys/class/net/wlp0", "uevent", "INTERFACE=wlp0\nIFINDEX=3");
	ck_assert_int_eq(read_link("wlp0", 3, ARPHRD_ETHER).kind, NET_KIND_ETHERNET);
	attribute("/sys/class/net/wlp0/phy80211", "name", "phy0");
	ck_assert_int_eq(read_link("wlp0", 3, ARPHRD_ETHER).kind, NET_KIND_WIFI);
}
END_TEST

START_TEST(what_cannot_be_believed)
{
	struct net_link link = { .index = 9, .arphrd = ARPHRD_ETHER, .name = "eno1" };

	ck_assert_int_eq(net_sysfs_read(root, &link), -ENODEV);
	ck_assert_int_eq(link.flaw, NET_FLAW_UNREADABLE);
	device(CARD, "pci", "e1000e");
	network(CARD, "eno1", "2", "1");
	ck_assert_int_eq(read_link("eno1", 9, ARPHRD_ETHER).flaw, NET_FLAW_MISMATCH);
	ck_assert_int_eq(read_link("eno1", 2, ARPHRD_NONE).flaw, NET_FLAW_MISMATCH);
	ck_assert_int_eq(read_link("eno1", 2, ARPHRD_NONE).kind, NET_KIND_UNKNOWN);
	strcpy(link.name, "../net/eno1");
	ck_assert_int_eq(net_sysfs_read(root, &link), -ENODEV);
	strcpy(link.name, "..");
	ck_assert_int_eq(net_sysfs_read(root, &link), -ENODEV);
}
END_TEST

START_TEST(path_too_long)
{
	char folder[300], real[PATH_MAX], sysfs[PATH_MAX], path[NET_PATH_SIZE];
	uint32_t on;

	snprintf(folder, sizeof(folder), "/sys/devices/platform/%0200d", 1);
	device(folder, "platform", NULL);
	snprintf(real, sizeof(real), "%s%s", root, folder);
	snprintf(sysfs, sizeof(sysfs), "%s/sys", root);
	ck_assert_int_eq(net_sysfs_path(sysfs, real, &on, path), -EOVERFLOW);
	network(folder, "end0", "2", "1");
	ck_assert_int_eq(read_link("end0", 2, ARPHRD_ETHER).flaw, NET_FLAW_UNREADABLE);
}
END_TEST

/* The kernel under this test. */
START_TEST(real_loopback)
{
	struct net_link link = {
		.index = 1, .arphrd = ARPHRD_LOOPBACK, .flags = IFF_LOOPBACK, .name = "lo"
	};

	ck_assert_int_eq(net_sysfs_read("/", &link), 0);
	ck_assert_int_eq(link.flaw, NET_SOUND);
	ck_assert_int_eq(link.kind, NET_KIND_LOOPBACK);
	ck_assert_str_eq(link.path, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("net_sysfs");
	TCase *cases = tcase_create("net_sysfs");

	tcase_add_checked_fixture(cases, setup, NULL);
	tcase_add_test(cases, card_on_pci);
	tcase_add_test(cases, card_behind_a_bridge_with_virtio);
	tcase_add_test(cases, phone);
	tcase_add_test(cases, board);
	tcase_add_test(cases, radio);
	tcase_add_test(cases, what_cannot_be_believed);
	tcase_add_test(cases, path_too_long);
	tcase_add_test(cases, real_loopback);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
