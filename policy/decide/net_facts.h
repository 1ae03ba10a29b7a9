/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts and verdicts about the network: links, their addresses and routes, flows, and what was found
 * wrong. The same rules hold as in facts.h: fixed size, no pointers, each embeds the one before.
 */
#ifndef AIRGAP_POLICY_NET_FACTS_H
#define AIRGAP_POLICY_NET_FACTS_H

#include <stdint.h>

#include "policy/decide/facts.h"

#define NET_NAME_SIZE	16 /* IFNAMSIZ */
#define NET_KIND_SIZE	16 /* IFLA_INFO_KIND: "veth", "ip6tnl" */
#define NET_DRIVER_SIZE 32
#define NET_PATH_SIZE	128 /* bus path: "pci-0000:00:03.0", "usb-1-2:1.0", "platform-..." */
#define NET_LLADDR_MAX	32  /* MAX_ADDR_LEN of the kernel */

/* What a link is, told by bus, driver, device type and INFO_KIND together; never by its name. */
enum net_kind {
	NET_KIND_UNKNOWN, /* none of these: never permitted by a kind that a rule names */
	NET_KIND_LOOPBACK,
	NET_KIND_ETHERNET, /* wired, on an internal bus, no INFO_KIND */
	NET_KIND_USB,	   /* any link on the USB bus that is no radio: adapters, tethered phones */
	NET_KIND_WIFI,
	NET_KIND_BLUETOOTH,
	NET_KIND_WWAN,
	NET_KIND_THUNDERBOLT,
	NET_KIND_FIREWIRE,
	NET_KIND_BRIDGE,
	NET_KIND_BOND,
	NET_KIND_VLAN,
	NET_KIND_TUNNEL,  /* tun, tap, gre, ipip, sit, wireguard, vxlan, ppp ... */
	NET_KIND_VIRTUAL, /* veth, macvlan, ipvlan, dummy, ifb ... */
	NET_KIND_COUNT,
};

/* Why the facts of a link could not be believed; anything but NET_SOUND keeps it down. */
enum net_flaw {
	NET_SOUND,
	NET_FLAW_UNREADABLE, /* the kernel's answers were short, or sysfs had none */
	NET_FLAW_MISMATCH,   /* netlink and sysfs, or two readings, disagree */
	NET_FLAW_COUNT,
};

#define NET_LINK_XDP	  (1u << 0) /* an XDP program is attached */
#define NET_LINK_INGRESS  (1u << 1) /* a clsact or ingress qdisc is attached */
#define NET_LINK_MAC_SET  (1u << 2) /* addr_assign_type 3: set by a user */
#define NET_LINK_CARRIER  (1u << 3)
#define NET_LINK_FALLBACK (1u << 4) /* a fallback device of a tunnel module (gre0, tunl0, sit0) */
#define NET_LINK_PROMISC  (1u << 5)

struct net_link {
	uint32_t index;	 /* IFLA ifindex, in its namespace */
	int32_t nsid;	 /* -1: the agent's own namespace; else the kernel's number of the other */
	uint32_t kind;	 /* enum net_kind */
	uint32_t flaw;	 /* enum net_flaw */
	uint32_t flags;	 /* IFF_UP and so on, as the kernel has them */
	uint32_t marks;	 /* NET_LINK_... */
	uint32_t parent; /* ifindex below (IFLA_LINK) when it is in this namespace; else 0 */
	uint32_t master; /* ifindex of the bridge or bond above; else 0 */
	uint16_t arphrd; /* ARPHRD_... */
	uint8_t mac_length;
	uint8_t permanent_length; /* 0: the link has no permanent address */
	uint32_t mtu;
	uint8_t mac[NET_LLADDR_MAX];
	uint8_t permanent[NET_LLADDR_MAX];
	char name[NET_NAME_SIZE];
	char info_kind[NET_KIND_SIZE];
	char driver[NET_DRIVER_SIZE];
	char path[NET_PATH_SIZE]; /* "" when it hangs on no bus */
};

enum net_family {
	NET_FAMILY_NONE,
	NET_FAMILY_IPV4,
	NET_FAMILY_IPV6,
	NET_FAMILY_COUNT,
};

/* An address or a network, in network order; IPv4 in the first four bytes, the rest zero. */
struct net_prefix {
	uint8_t bytes[16];
	uint8_t family; /* enum net_family */
	uint8_t bits;	/* 0 to 32 or 128 */
	uint8_t reserved[2];
};

/* An address that a link has. */
struct net_address {
	struct net_prefix local; /* the address; bits: of its on-link network */
	struct net_prefix peer;	 /* of a point-to-point link; else family NONE */
	uint32_t index;		 /* its link */
	uint32_t flags;		 /* IFA_F_... */
	uint8_t scope;		 /* RT_SCOPE_... */
	uint8_t protocol;	 /* IFAPROT_...; 0 where the kernel does not say */
	uint8_t reserved[2];
};

struct net_route {
	struct net_prefix to;	   /* bits 0: a default route */
	struct net_prefix gateway; /* family NONE: on link */
	struct net_prefix source;  /* preferred source; family NONE: none */
	uint32_t index;		   /* outgoing link; of a multipath route, one fact a hop */
	uint32_t table;
	uint32_t metric;
	uint8_t protocol; /* RTPROT_... */
	uint8_t scope;
	uint8_t type; /* RTN_... */
	uint8_t reserved;
};

enum net_protocol {
	NET_PROTOCOL_OTHER,
	NET_PROTOCOL_TCP,
	NET_PROTOCOL_UDP,
	NET_PROTOCOL_ICMP, /* and ICMPv6 */
	NET_PROTOCOL_COUNT,
};

/* What someone sends: to where, by which protocol. */
struct net_flow {
	struct net_prefix to;	/* a whole address; family NONE: not IP */
	struct net_prefix from; /* local address; family NONE: not known */
	uint32_t protocol;	/* enum net_protocol */
	uint16_t port;		/* destination; 0: has none */
	uint16_t from_port;
	uint16_t ethertype; /* host order; of what is not IP */
	uint8_t number;	    /* IP protocol number */
	uint8_t reserved;
	uint32_t index; /* outgoing link; 0: not known */
};

/* Of a link, address, route or flow: as struct policy_verdict, without interfaces. */
struct net_verdict {
	uint32_t result; /* enum policy_result */
	uint32_t cause;	 /* enum policy_cause */
	uint32_t line;
	uint32_t column;
	char rule[POLICY_NAME_SIZE + 7];
	char because[POLICY_BECAUSE_SIZE];
};

/* What was found wrong (reference names in the comments are those of journal and policy). */
enum net_violation_kind {
	NET_VIOLATION_IFACE_UNKNOWN,	       /* iface_unknown */
	NET_VIOLATION_IFACE_IDENTITY_MISMATCH, /* iface_identity_mismatch */
	NET_VIOLATION_IFACE_RENAMED,	       /* iface_renamed */
	NET_VIOLATION_IFACE_NETNS_MOVED,       /* iface_netns_moved */
	NET_VIOLATION_ADDR_ILLEGAL,	       /* addr_illegal */
	NET_VIOLATION_ROUTE_ILLEGAL,	       /* route_illegal */
	NET_VIOLATION_DNS_ILLEGAL,	       /* dns_illegal */
	NET_VIOLATION_NEIGHBOUR_ON_UNKNOWN,    /* neighbour_on_unknown */
	NET_VIOLATION_EGRESS_BLOCKED,	       /* egress_blocked */
	NET_VIOLATION_L2_EGRESS_BLOCKED,       /* l2_egress_blocked */
	NET_VIOLATION_FORWARD_BLOCKED,	       /* forward_blocked */
	NET_VIOLATION_FORWARDING_ENABLED,      /* forwarding_enabled */
	NET_VIOLATION_SOCKET_FAMILY_DENIED,    /* socket_family_denied */
	NET_VIOLATION_RFKILL_UNBLOCKED,	       /* rfkill_unblocked */
	NET_VIOLATION_RULESET_TAMPERED,	       /* ruleset_tampered */
	NET_VIOLATION_TC_OR_XDP_ATTACHED,      /* tc_or_xdp_attached */
	NET_VIOLATION_NETNS_SEEN,	       /* netns_seen */
	NET_VIOLATION_EVENT_LOSS,	       /* event_loss */
	NET_VIOLATION_COUNT,
};

/* How strongly it speaks of a connection to a foreign network; no probe is ever sent. */
enum net_evidence {
	NET_EVIDENCE_NONE,
	NET_EVIDENCE_WEAK,
	NET_EVIDENCE_STRONG,
	NET_EVIDENCE_CONFIRMED,
	NET_EVIDENCE_COUNT,
};

/* What was done about it. */
enum net_remedy {
	NET_REMEDY_NONE,    /* recorded only */
	NET_REMEDY_DROPPED, /* the kernel refused the packets */
	NET_REMEDY_LINK_DOWN,
	NET_REMEDY_ADDRESS_REMOVED,
	NET_REMEDY_ROUTE_REMOVED,
	NET_REMEDY_RULESET_RESTORED,
	NET_REMEDY_RADIO_BLOCKED,
	NET_REMEDY_SETTING_RESTORED, /* a sysctl was written back */
	NET_REMEDY_DETACHED,	     /* an XDP program or qdisc was taken off */
	NET_REMEDY_LEFT,	     /* by a signed order: undone when that has ended */
	NET_REMEDY_FAILED,	     /* it was tried; error says why not */
	NET_REMEDY_COUNT,
};

/* How sure the named process is; the user of a blocked packet is always the kernel's own word. */
enum net_confidence {
	NET_CONFIDENCE_NONE,	 /* not even the user is known: a frame without a socket */
	NET_CONFIDENCE_UID,	 /* the user, no process */
	NET_CONFIDENCE_SOCKDIAG, /* the socket was found open, and its one process or program */
	NET_CONFIDENCE_AUDIT,
	NET_CONFIDENCE_BPF,
	NET_CONFIDENCE_COUNT,
};

struct net_actor {
	uint32_t uid; /* UINT32_MAX: not known */
	uint32_t gid;
	uint32_t pid;			  /* 0: not known */
	uint32_t confidence;		  /* enum net_confidence */
	char login[POLICY_NAME_SIZE + 7]; /* user name, "" when there is none */
	char program[256];		  /* path of the executable, "" when not known */
	char unit[128];			  /* systemd unit or cgroup, "" when not known */
};

/* Something found wrong, with what was done and who did it; what does not apply is zero. */
struct net_violation {
	uint32_t kind;	   /* enum net_violation_kind */
	uint32_t evidence; /* enum net_evidence */
	uint32_t remedy;   /* enum net_remedy */
	int32_t error;	   /* of a remedy that failed: -errno */
	uint64_t count;	   /* of packets or repeats that this speaks of, at least 1 */
	uint64_t first_us; /* CLOCK_BOOTTIME */
	uint64_t last_us;
	struct net_link link;
	struct net_address address;
	struct net_route route;
	struct net_flow flow;
	struct net_actor actor;
	struct net_verdict verdict;
	uint32_t maintenance; /* 1: found while a signed order for maintenance was running */
	uint32_t reserved;
	char text[256]; /* for people: what else is known, "net.ipv4.ip_forward was 1" */
};

/* What became of a link. */
enum net_state {
	NET_STATE_DOWN,	   /* refused: administratively down, and dropped at egress */
	NET_STATE_PENDING, /* permitted; waits for its journal entry */
	NET_STATE_OPEN,	   /* permitted: the rules for it are in the kernel, read back */
	NET_STATE_FAILED,  /* the kernel did not do as told; see error */
	NET_STATE_GONE,
	NET_STATE_COUNT,
};

struct net_decided {
	struct net_link link;
	struct net_verdict verdict;
};

struct net_outcome {
	struct net_decided decided;
	uint32_t state; /* enum net_state */
	int32_t error;
	uint64_t plug; /* number of this link since the core started */
	uint64_t seen_us;
	uint64_t settled_us;
};

#endif
