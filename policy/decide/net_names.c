// SPDX-License-Identifier: GPL-2.0-or-later
/* Words for what stands in net_facts.h: those of the policy, of JSON and of messages. */
#include "policy/decide/net.h"

static const char *const subject_names[NET_SUBJECT_COUNT] = {
	[NET_SUBJECT_LINK] = "link",
	[NET_SUBJECT_ADDRESS] = "address",
	[NET_SUBJECT_ROUTE] = "route",
	[NET_SUBJECT_FLOW] = "flow",
};

static const char *const kind_names[NET_KIND_COUNT] = {
	[NET_KIND_UNKNOWN] = "unknown",	  [NET_KIND_LOOPBACK] = "loopback",
	[NET_KIND_ETHERNET] = "ethernet", [NET_KIND_USB] = "usb",
	[NET_KIND_WIFI] = "wifi",	  [NET_KIND_BLUETOOTH] = "bluetooth",
	[NET_KIND_WWAN] = "wwan",	  [NET_KIND_THUNDERBOLT] = "thunderbolt",
	[NET_KIND_FIREWIRE] = "firewire", [NET_KIND_BRIDGE] = "bridge",
	[NET_KIND_BOND] = "bond",	  [NET_KIND_VLAN] = "vlan",
	[NET_KIND_TUNNEL] = "tunnel",	  [NET_KIND_VIRTUAL] = "virtual",
};

static const char *const flaw_texts[NET_FLAW_COUNT] = {
	[NET_SOUND] = "sound",
	[NET_FLAW_UNREADABLE] = "unreadable",
	[NET_FLAW_MISMATCH] = "mismatch",
};

static const char *const violation_names[NET_VIOLATION_COUNT] = {
	[NET_VIOLATION_IFACE_UNKNOWN] = "iface_unknown",
	[NET_VIOLATION_IFACE_IDENTITY_MISMATCH] = "iface_identity_mismatch",
	[NET_VIOLATION_IFACE_RENAMED] = "iface_renamed",
	[NET_VIOLATION_IFACE_NETNS_MOVED] = "iface_netns_moved",
	[NET_VIOLATION_ADDR_ILLEGAL] = "addr_illegal",
	[NET_VIOLATION_ROUTE_ILLEGAL] = "route_illegal",
	[NET_VIOLATION_DNS_ILLEGAL] = "dns_illegal",
	[NET_VIOLATION_NEIGHBOUR_ON_UNKNOWN] = "neighbour_on_unknown",
	[NET_VIOLATION_EGRESS_BLOCKED] = "egress_blocked",
	[NET_VIOLATION_L2_EGRESS_BLOCKED] = "l2_egress_blocked",
	[NET_VIOLATION_FORWARD_BLOCKED] = "forward_blocked",
	[NET_VIOLATION_FORWARDING_ENABLED] = "forwarding_enabled",
	[NET_VIOLATION_SOCKET_FAMILY_DENIED] = "socket_family_denied",
	[NET_VIOLATION_RFKILL_UNBLOCKED] = "rfkill_unblocked",
	[NET_VIOLATION_RULESET_TAMPERED] = "ruleset_tampered",
	[NET_VIOLATION_TC_OR_XDP_ATTACHED] = "tc_or_xdp_attached",
	[NET_VIOLATION_NETNS_SEEN] = "netns_seen",
	[NET_VIOLATION_EVENT_LOSS] = "event_loss",
};

static const char *const evidence_names[NET_EVIDENCE_COUNT] = {
	[NET_EVIDENCE_NONE] = "none",
	[NET_EVIDENCE_WEAK] = "weak",
	[NET_EVIDENCE_STRONG] = "strong",
	[NET_EVIDENCE_CONFIRMED] = "confirmed",
};

static const char *const remedy_names[NET_REMEDY_COUNT] = {
	[NET_REMEDY_NONE] = "none",
	[NET_REMEDY_DROPPED] = "dropped",
	[NET_REMEDY_LINK_DOWN] = "link-down",
	[NET_REMEDY_ADDRESS_REMOVED] = "address-removed",
	[NET_REMEDY_ROUTE_REMOVED] = "route-removed",
	[NET_REMEDY_RULESET_RESTORED] = "ruleset-restored",
	[NET_REMEDY_RADIO_BLOCKED] = "radio-blocked",
	[NET_REMEDY_SETTING_RESTORED] = "setting-restored",
	[NET_REMEDY_DETACHED] = "detached",
	[NET_REMEDY_LEFT] = "left",
	[NET_REMEDY_FAILED] = "failed",
};

static const char *const confidence_names[NET_CONFIDENCE_COUNT] = {
	[NET_CONFIDENCE_NONE] = "none",		[NET_CONFIDENCE_UID] = "uid",
	[NET_CONFIDENCE_SOCKDIAG] = "sockdiag", [NET_CONFIDENCE_AUDIT] = "audit",
	[NET_CONFIDENCE_BPF] = "bpf",
};

static const char *const state_names[NET_STATE_COUNT] = {
	[NET_STATE_DOWN] = "down",     [NET_STATE_PENDING] = "pending", [NET_STATE_OPEN] = "open",
	[NET_STATE_FAILED] = "failed", [NET_STATE_GONE] = "gone",
};

static const char *const protocol_names[NET_PROTOCOL_COUNT] = {
	[NET_PROTOCOL_OTHER] = "other",
	[NET_PROTOCOL_TCP] = "tcp",
	[NET_PROTOCOL_UDP] = "udp",
	[NET_PROTOCOL_ICMP] = "icmp",
};

const char *net_subject_name(uint32_t subject)
{
	return subject < NET_SUBJECT_COUNT ? subject_names[subject] : "unknown";
}

const char *net_kind_name(uint32_t kind)
{
	return kind < NET_KIND_COUNT ? kind_names[kind] : "unknown";
}

const char *net_flaw_text(uint32_t flaw)
{
	return flaw < NET_FLAW_COUNT ? flaw_texts[flaw] : "unknown";
}

const char *net_violation_name(uint32_t kind)
{
	return kind < NET_VIOLATION_COUNT ? violation_names[kind] : "unknown";
}

const char *net_evidence_name(uint32_t evidence)
{
	return evidence < NET_EVIDENCE_COUNT ? evidence_names[evidence] : "unknown";
}

const char *net_remedy_name(uint32_t remedy)
{
	return remedy < NET_REMEDY_COUNT ? remedy_names[remedy] : "unknown";
}

const char *net_confidence_name(uint32_t confidence)
{
	return confidence < NET_CONFIDENCE_COUNT ? confidence_names[confidence] : "unknown";
}

const char *net_state_name(uint32_t state)
{
	return state < NET_STATE_COUNT ? state_names[state] : "unknown";
}

const char *net_protocol_name(uint32_t protocol)
{
	return protocol < NET_PROTOCOL_COUNT ? protocol_names[protocol] : "unknown";
}
