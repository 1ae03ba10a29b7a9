// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/net_classify.h"

#include <linux/if.h>
#include <linux/if_arp.h>
#include <stddef.h>
#include <string.h>

struct named {
	const char *name;
	uint32_t value;
};

static const struct named devtypes[] = {
	{ "wlan", NET_KIND_WIFI },	     { "wwan", NET_KIND_WWAN },
	{ "bluetooth", NET_KIND_BLUETOOTH }, { "6lowpan", NET_KIND_BLUETOOTH },
	{ "gadget", NET_KIND_USB },	     { NULL, 0 },
};

/* Of drivers/net/usb, wwan and thunderbolt; the bus says the same, unless it was not readable. */
static const struct named drivers[] = {
	{ "qmi_wwan", NET_KIND_WWAN },
	{ "cdc_mbim", NET_KIND_WWAN },
	{ "huawei_cdc_ncm", NET_KIND_WWAN },
	{ "sierra_net", NET_KIND_WWAN },
	{ "hso", NET_KIND_WWAN },
	{ "cdc-phonet", NET_KIND_WWAN },
	{ "iosm", NET_KIND_WWAN },
	{ "mtk_t7xx", NET_KIND_WWAN },
	{ "mhi_net", NET_KIND_WWAN },
	{ "mhi_wwan_mbim", NET_KIND_WWAN },
	{ "bnep", NET_KIND_BLUETOOTH },
	{ "cdc_ether", NET_KIND_USB },
	{ "rndis_host", NET_KIND_USB },
	{ "rndis_wlan", NET_KIND_WIFI },
	{ "cdc_ncm", NET_KIND_USB },
	{ "cdc_eem", NET_KIND_USB },
	{ "cdc_subset", NET_KIND_USB },
	{ "ipheth", NET_KIND_USB },
	{ "thunderbolt-net", NET_KIND_THUNDERBOLT },
	{ NULL, 0 },
};

/* INFO_KIND of the radios first: they count before the bus does. */
static const struct named radio_kinds[] = {
	{ "wwan", NET_KIND_WWAN },
	{ "rmnet", NET_KIND_WWAN },
	{ "lowpan", NET_KIND_BLUETOOTH },
	{ "virt_wifi", NET_KIND_WIFI },
	{ NULL, 0 },
};

static const struct named kinds[] = {
	{ "bridge", NET_KIND_BRIDGE },
	{ "openvswitch", NET_KIND_BRIDGE },
	{ "bond", NET_KIND_BOND },
	{ "team", NET_KIND_BOND },
	{ "vlan", NET_KIND_VLAN },
	{ "tun", NET_KIND_TUNNEL },
	{ "gre", NET_KIND_TUNNEL },
	{ "gretap", NET_KIND_TUNNEL },
	{ "erspan", NET_KIND_TUNNEL },
	{ "ip6gre", NET_KIND_TUNNEL },
	{ "ip6gretap", NET_KIND_TUNNEL },
	{ "ip6erspan", NET_KIND_TUNNEL },
	{ "ipip", NET_KIND_TUNNEL },
	{ "sit", NET_KIND_TUNNEL },
	{ "ip6tnl", NET_KIND_TUNNEL },
	{ "vti", NET_KIND_TUNNEL },
	{ "vti6", NET_KIND_TUNNEL },
	{ "xfrm", NET_KIND_TUNNEL },
	{ "wireguard", NET_KIND_TUNNEL },
	{ "ovpn", NET_KIND_TUNNEL },
	{ "ovpn-dco", NET_KIND_TUNNEL },
	{ "vxlan", NET_KIND_TUNNEL },
	{ "geneve", NET_KIND_TUNNEL },
	{ "bareudp", NET_KIND_TUNNEL },
	{ "gtp", NET_KIND_TUNNEL },
	{ "pfcp", NET_KIND_TUNNEL },
	{ "ppp", NET_KIND_TUNNEL },
	{ "amt", NET_KIND_TUNNEL },
	{ "macsec", NET_KIND_TUNNEL },
	{ "batadv", NET_KIND_TUNNEL },
	{ "veth", NET_KIND_VIRTUAL },
	{ "macvlan", NET_KIND_VIRTUAL },
	{ "macvtap", NET_KIND_VIRTUAL },
	{ "ipvlan", NET_KIND_VIRTUAL },
	{ "ipvtap", NET_KIND_VIRTUAL },
	{ "dummy", NET_KIND_VIRTUAL },
	{ "ifb", NET_KIND_VIRTUAL },
	{ "netkit", NET_KIND_VIRTUAL },
	{ "nlmon", NET_KIND_VIRTUAL },
	{ "vsockmon", NET_KIND_VIRTUAL },
	{ "vrf", NET_KIND_VIRTUAL },
	{ "netdevsim", NET_KIND_VIRTUAL },
	{ "vcan", NET_KIND_VIRTUAL },
	{ "vxcan", NET_KIND_VIRTUAL },
	{ NULL, 0 },
};

static const struct named buses[] = {
	{ "pci", NET_BUS_INTERNAL },
	{ "virtio", NET_BUS_INTERNAL },
	{ "platform", NET_BUS_INTERNAL },
	{ "acpi", NET_BUS_INTERNAL },
	{ "amba", NET_BUS_INTERNAL },
	{ "vmbus", NET_BUS_INTERNAL },
	{ "xen", NET_BUS_INTERNAL },
	{ "ccwgroup", NET_BUS_INTERNAL },
	{ "ssb", NET_BUS_INTERNAL },
	{ "bcma", NET_BUS_INTERNAL },
	{ "vio", NET_BUS_INTERNAL },
	{ "fsl-mc", NET_BUS_INTERNAL },
	{ "auxiliary", NET_BUS_INTERNAL },
	{ "usb", NET_BUS_USB },
	{ "thunderbolt", NET_BUS_THUNDERBOLT },
	{ "firewire", NET_BUS_FIREWIRE },
	{ "bluetooth", NET_BUS_BLUETOOTH },
	{ "wwan", NET_BUS_WWAN },
	{ "pcmcia", NET_BUS_REMOVABLE },
	{ NULL, 0 },
};

/* The radios that frame in their own way; see linux/if_arp.h. */
static const struct {
	uint16_t arphrd;
	enum net_kind kind;
} frames[] = {
	{ ARPHRD_IEEE80211, NET_KIND_WIFI },
	{ ARPHRD_IEEE80211_PRISM, NET_KIND_WIFI },
	{ ARPHRD_IEEE80211_RADIOTAP, NET_KIND_WIFI },
	{ ARPHRD_PHONET, NET_KIND_WWAN },
	{ ARPHRD_PHONET_PIPE, NET_KIND_WWAN },
	{ ARPHRD_6LOWPAN, NET_KIND_BLUETOOTH },
	{ ARPHRD_IEEE1394, NET_KIND_FIREWIRE },
	{ ARPHRD_NONE, NET_KIND_TUNNEL },
	{ ARPHRD_PPP, NET_KIND_TUNNEL },
	{ ARPHRD_SLIP, NET_KIND_TUNNEL },
	{ ARPHRD_CSLIP, NET_KIND_TUNNEL },
	{ ARPHRD_SLIP6, NET_KIND_TUNNEL },
	{ ARPHRD_CSLIP6, NET_KIND_TUNNEL },
	{ ARPHRD_TUNNEL, NET_KIND_TUNNEL },
	{ ARPHRD_TUNNEL6, NET_KIND_TUNNEL },
	{ ARPHRD_SIT, NET_KIND_TUNNEL },
	{ ARPHRD_IPGRE, NET_KIND_TUNNEL },
	{ ARPHRD_IP6GRE, NET_KIND_TUNNEL },
};

static bool find(const struct named *list, const char *name, uint32_t *value)
{
	for (; list->name; list++) {
		if (strcmp(list->name, name) == 0) {
			*value = list->value;
			return true;
		}
	}
	return false;
}

static enum net_kind kind_by_bus(uint32_t on)
{
	if (on & NET_BUS_WWAN)
		return NET_KIND_WWAN;
	if (on & NET_BUS_BLUETOOTH)
		return NET_KIND_BLUETOOTH;
	if (on & NET_BUS_USB)
		return NET_KIND_USB;
	if (on & (NET_BUS_THUNDERBOLT | NET_BUS_REMOVABLE))
		return NET_KIND_THUNDERBOLT;
	if (on & NET_BUS_FIREWIRE)
		return NET_KIND_FIREWIRE;
	return NET_KIND_UNKNOWN;
}

static enum net_kind kind_by_frame(const struct net_traits *traits)
{
	/* A modem without Ethernet frames has a device, a tunnel has none. */
	if (traits->arphrd == ARPHRD_RAWIP)
		return traits->buses ? NET_KIND_WWAN : NET_KIND_TUNNEL;
	if (traits->arphrd == ARPHRD_NONE && traits->buses)
		return NET_KIND_UNKNOWN;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++)
		if (frames[i].arphrd == traits->arphrd)
			return frames[i].kind;
	return NET_KIND_UNKNOWN;
}

static bool is_radio(enum net_kind kind)
{
	return kind == NET_KIND_WIFI || kind == NET_KIND_WWAN || kind == NET_KIND_BLUETOOTH;
}

/* Each step may settle it; what comes earlier is stronger evidence. */
enum net_kind net_classify(const struct net_traits *traits)
{
	enum net_kind frame = kind_by_frame(traits);
	uint32_t kind;

	if (traits->flags & IFF_LOOPBACK)
		return traits->arphrd == ARPHRD_LOOPBACK && !traits->buses && !traits->info_kind[0]
			       ? NET_KIND_LOOPBACK
			       : NET_KIND_UNKNOWN;
	if (traits->phy80211)
		return NET_KIND_WIFI;
	if (find(devtypes, traits->devtype, &kind) || find(radio_kinds, traits->info_kind, &kind) ||
	    find(drivers, traits->driver, &kind))
		return (enum net_kind)kind;
	if (is_radio(frame))
		return frame;
	kind = kind_by_bus(traits->buses);
	if (kind != NET_KIND_UNKNOWN || find(kinds, traits->info_kind, &kind))
		return (enum net_kind)kind;
	if (traits->info_kind[0] || frame != NET_KIND_UNKNOWN)
		return traits->info_kind[0] ? NET_KIND_UNKNOWN : frame;
	/* DEVTYPE of what is wired and physical is empty; "vlan", "dsa" and others are not. */
	if (traits->arphrd == ARPHRD_ETHER && traits->buses == NET_BUS_INTERNAL &&
	    !traits->devtype[0])
		return NET_KIND_ETHERNET;
	return NET_KIND_UNKNOWN;
}

uint32_t net_classify_bus(const char *name)
{
	uint32_t bus;

	return find(buses, name, &bus) ? bus : NET_BUS_OTHER;
}

bool net_classify_is_fallback(const struct net_link *link)
{
	static const struct {
		const char *kind;
		const char *name;
	} devices[] = {
		{ "gre", "gre0" },	 { "gretap", "gretap0" }, { "erspan", "erspan0" },
		{ "ipip", "tunl0" },	 { "sit", "sit0" },	  { "ip6tnl", "ip6tnl0" },
		{ "ip6gre", "ip6gre0" }, { "vti", "ip_vti0" },	  { "vti6", "ip6_vti0" },
	};

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (strcmp(link->info_kind, devices[i].kind) == 0 &&
		    strcmp(link->name, devices[i].name) == 0)
			return true;
	return false;
}
