// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/net_classify.h"

#include <linux/if.h>
#include <linux/if_arp.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

#define PCI NET_BUS_INTERNAL
#define USB (NET_BUS_INTERNAL | NET_BUS_USB)

struct row {
	const char *what;
	enum net_kind kind;
	uint16_t arphrd;
	uint32_t buses;
	const char *info_kind;
	const char *devtype;
	const char *driver;
	bool phy80211;
	uint32_t flags;
};

static const struct row rows[] = {
	{ "lo", NET_KIND_LOOPBACK, ARPHRD_LOOPBACK, 0, "", "", "", false, IFF_LOOPBACK },
	{ "lo of another make", NET_KIND_UNKNOWN, ARPHRD_ETHER, 0, "", "", "", false,
	  IFF_LOOPBACK },
	{ "e1000e", NET_KIND_ETHERNET, ARPHRD_ETHER, PCI, "", "", "e1000e", false, 0 },
	{ "virtio", NET_KIND_ETHERNET, ARPHRD_ETHER, PCI, "", "", "virtio_net", false, 0 },
	{ "on a bus never heard of", NET_KIND_UNKNOWN, ARPHRD_ETHER, PCI | NET_BUS_OTHER, "", "",
	  "x", false, 0 },
	{ "ethernet without a device", NET_KIND_UNKNOWN, ARPHRD_ETHER, 0, "", "", "", false, 0 },
	{ "created over a real device", NET_KIND_UNKNOWN, ARPHRD_ETHER, PCI, "ipoib", "", "", false,
	  0 },
	{ "switch port", NET_KIND_UNKNOWN, ARPHRD_ETHER, PCI, "dsa", "dsa", "", false, 0 },
	{ "ECM phone", NET_KIND_USB, ARPHRD_ETHER, USB, "", "", "cdc_ether", false, 0 },
	{ "RNDIS phone", NET_KIND_USB, ARPHRD_ETHER, USB, "", "", "rndis_host", false, 0 },
	{ "NCM", NET_KIND_USB, ARPHRD_ETHER, USB, "", "", "cdc_ncm", false, 0 },
	{ "EEM", NET_KIND_USB, ARPHRD_ETHER, USB, "", "", "cdc_eem", false, 0 },
	{ "iPhone", NET_KIND_USB, ARPHRD_ETHER, USB, "", "", "ipheth", false, 0 },
	{ "any adapter on USB", NET_KIND_USB, ARPHRD_ETHER, USB, "", "", "never-heard-of", false,
	  0 },
	{ "driver when the bus is not told", NET_KIND_USB, ARPHRD_ETHER, PCI, "", "", "cdc_ether",
	  false, 0 },
	{ "this machine as a gadget", NET_KIND_USB, ARPHRD_ETHER, PCI, "", "gadget", "", false, 0 },
	{ "wlan by phy", NET_KIND_WIFI, ARPHRD_ETHER, PCI, "", "", "iwlwifi", true, 0 },
	{ "wlan by DEVTYPE", NET_KIND_WIFI, ARPHRD_ETHER, PCI, "", "wlan", "ath9k", false, 0 },
	{ "wlan on USB", NET_KIND_WIFI, ARPHRD_ETHER, USB, "", "wlan", "rt2800usb", true, 0 },
	{ "simulated wlan", NET_KIND_WIFI, ARPHRD_ETHER, 0, "", "wlan", "mac80211_hwsim", true, 0 },
	{ "wlan monitor", NET_KIND_WIFI, ARPHRD_IEEE80211_RADIOTAP, 0, "", "", "", false, 0 },
	{ "wlan over ethernet", NET_KIND_WIFI, ARPHRD_ETHER, 0, "virt_wifi", "", "", false, 0 },
	{ "modem by DEVTYPE", NET_KIND_WWAN, ARPHRD_ETHER, USB, "", "wwan", "cdc_mbim", false, 0 },
	{ "modem by driver", NET_KIND_WWAN, ARPHRD_ETHER, USB, "", "", "qmi_wwan", false, 0 },
	{ "modem by kind", NET_KIND_WWAN, ARPHRD_RAWIP, PCI, "wwan", "wwan", "iosm", false, 0 },
	{ "modem by frames", NET_KIND_WWAN, ARPHRD_RAWIP, PCI, "", "", "", false, 0 },
	{ "phonet", NET_KIND_WWAN, ARPHRD_PHONET, USB, "", "", "cdc-phonet", false, 0 },
	{ "bnep by DEVTYPE", NET_KIND_BLUETOOTH, ARPHRD_ETHER, USB, "", "bluetooth", "", false, 0 },
	{ "bnep by bus", NET_KIND_BLUETOOTH, ARPHRD_ETHER, USB | NET_BUS_BLUETOOTH, "", "", "",
	  false, 0 },
	{ "6lowpan", NET_KIND_BLUETOOTH, ARPHRD_6LOWPAN, 0, "", "", "", false, 0 },
	{ "cable between two machines", NET_KIND_THUNDERBOLT, ARPHRD_ETHER,
	  PCI | NET_BUS_THUNDERBOLT, "", "", "thunderbolt-net", false, 0 },
	{ "card in a dock", NET_KIND_THUNDERBOLT, ARPHRD_ETHER, PCI | NET_BUS_REMOVABLE, "", "",
	  "igb", false, 0 },
	{ "firewire", NET_KIND_FIREWIRE, ARPHRD_IEEE1394, PCI | NET_BUS_FIREWIRE, "", "",
	  "firewire_net", false, 0 },
	{ "bridge", NET_KIND_BRIDGE, ARPHRD_ETHER, 0, "bridge", "bridge", "", false, 0 },
	{ "bond", NET_KIND_BOND, ARPHRD_ETHER, 0, "bond", "bond", "", false, 0 },
	{ "team", NET_KIND_BOND, ARPHRD_ETHER, 0, "team", "", "", false, 0 },
	{ "vlan", NET_KIND_VLAN, ARPHRD_ETHER, 0, "vlan", "vlan", "", false, 0 },
	{ "tun", NET_KIND_TUNNEL, ARPHRD_NONE, 0, "tun", "", "", false, 0 },
	{ "tap", NET_KIND_TUNNEL, ARPHRD_ETHER, 0, "tun", "", "", false, 0 },
	{ "gre0", NET_KIND_TUNNEL, ARPHRD_IPGRE, 0, "gre", "", "", false, 0 },
	{ "tunl0", NET_KIND_TUNNEL, ARPHRD_TUNNEL, 0, "ipip", "", "", false, 0 },
	{ "sit0", NET_KIND_TUNNEL, ARPHRD_SIT, 0, "sit", "", "", false, 0 },
	{ "wireguard", NET_KIND_TUNNEL, ARPHRD_NONE, 0, "wireguard", "wireguard", "", false, 0 },
	{ "vxlan", NET_KIND_TUNNEL, ARPHRD_ETHER, 0, "vxlan", "vxlan", "", false, 0 },
	{ "ppp", NET_KIND_TUNNEL, ARPHRD_PPP, 0, "ppp", "ppp", "", false, 0 },
	{ "ppp without a kind", NET_KIND_TUNNEL, ARPHRD_PPP, 0, "", "ppp", "", false, 0 },
	{ "raw IP without a device", NET_KIND_TUNNEL, ARPHRD_RAWIP, 0, "", "", "", false, 0 },
	{ "veth", NET_KIND_VIRTUAL, ARPHRD_ETHER, 0, "veth", "", "", false, 0 },
	{ "macvlan", NET_KIND_VIRTUAL, ARPHRD_ETHER, 0, "macvlan", "macvlan", "", false, 0 },
	{ "dummy", NET_KIND_VIRTUAL, ARPHRD_ETHER, 0, "dummy", "", "", false, 0 },
	{ "created, of no kind known", NET_KIND_UNKNOWN, ARPHRD_ETHER, 0, "tomorrow", "", "", false,
	  0 },
	{ "CAN", NET_KIND_UNKNOWN, ARPHRD_CAN, PCI, "can", "", "", false, 0 },
};

START_TEST(every_kind)
{
	const struct row *row = &rows[_i];
	const struct net_traits traits = {
		.arphrd = row->arphrd,
		.flags = row->flags,
		.buses = row->buses,
		.phy80211 = row->phy80211,
		.info_kind = row->info_kind,
		.devtype = row->devtype,
		.driver = row->driver,
	};

	ck_assert_msg(net_classify(&traits) == row->kind, "%s: %d, not %d", row->what,
		      net_classify(&traits), row->kind);
}
END_TEST

/* Every kind that there is has a row above. */
START_TEST(no_kind_forgotten)
{
	for (unsigned int kind = 0; kind < NET_KIND_COUNT; kind++) {
		bool found = false;

		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			found |= (unsigned int)rows[i].kind == kind;
		ck_assert_msg(found, "kind %u", kind);
	}
}
END_TEST

static bool is_fallback(const char *kind, const char *name)
{
	struct net_link link = { .index = 1 };

	snprintf(link.info_kind, sizeof(link.info_kind), "%s", kind);
	snprintf(link.name, sizeof(link.name), "%s", name);
	return net_classify_is_fallback(&link);
}

START_TEST(fallback_devices)
{
	ck_assert(is_fallback("gre", "gre0"));
	ck_assert(is_fallback("sit", "sit0"));
	ck_assert(!is_fallback("gre", "gre1"));
	ck_assert(!is_fallback("sit", "gre0"));
	ck_assert(!is_fallback("", "gre0"));
}
END_TEST

START_TEST(buses)
{
	ck_assert_uint_eq(net_classify_bus("pci"), NET_BUS_INTERNAL);
	ck_assert_uint_eq(net_classify_bus("usb"), NET_BUS_USB);
	ck_assert_uint_eq(net_classify_bus("never-heard-of"), NET_BUS_OTHER);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("net_classify");
	TCase *cases = tcase_create("net_classify");

	tcase_add_loop_test(cases, every_kind, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(cases, no_kind_forgotten);
	tcase_add_test(cases, fallback_devices);
	tcase_add_test(cases, buses);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
