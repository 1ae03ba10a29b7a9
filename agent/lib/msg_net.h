/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bodies of the messages about the network; msg.h has the rest and the types. */
#ifndef AIRGAP_LIB_MSG_NET_H
#define AIRGAP_LIB_MSG_NET_H

#include "agent/lib/msg_record.h"
#include "policy/decide/net_facts.h"

/* --- core to monitor --- */

/* Sockets that need rights to open; the monitor only reads them and asks for dumps. */
enum msg_net_socket {
	MSG_NET_SOCKET_ROUTE,	/* rtnetlink of all namespaces, large buffer */
	MSG_NET_SOCKET_PACKETS, /* NFLOG: blocked packets, net_log.h */
	MSG_NET_SOCKET_RULES,	/* changes of nftables */
	MSG_NET_SOCKET_COUNT,
};

struct msg_net_socket_kind {
	uint32_t kind; /* enum msg_net_socket */
	uint32_t reserved;
};

/* --- monitor to core --- */

struct msg_net_link {
	struct net_link link;
	uint64_t seen_us; /* CLOCK_BOOTTIME */
};

struct msg_net_gone {
	uint32_t index;
	int32_t nsid;
	uint64_t seen_us;
};

struct msg_net_address {
	struct net_address address;
	uint32_t present; /* 1: it is there; 0: it was taken away */
	uint32_t reserved;
	uint64_t seen_us;
};

struct msg_net_route {
	struct net_route route;
	uint32_t present;
	uint32_t reserved;
	uint64_t seen_us;
};

/* Anything else that the monitor sees change; the core looks for itself before it acts. */
enum msg_net_sight {
	MSG_NET_SIGHT_NEIGHBOUR, /* a neighbour became reachable: prefix, index, mac */
	/* a router advertisement left its mark: index; prefix: the router, or what it announced */
	MSG_NET_SIGHT_ROUTER,
	/* a routing rule beyond the kernel's three: family; number is its priority */
	MSG_NET_SIGHT_RULE,
	/* family; index, 0 for all, UINT32_MAX for links to come; number is the value */
	MSG_NET_SIGHT_FORWARDING,
	MSG_NET_SIGHT_DNS, /* a name server in resolv.conf: prefix */
	MSG_NET_SIGHT_RADIO, /* a radio that is not blocked: number is its rfkill index, text its kind */
	/* a network namespace: number is its id, or UINT64_MAX and text its name in /run/netns */
	MSG_NET_SIGHT_NAMESPACE,
	MSG_NET_SIGHT_QDISC, /* clsact, ingress or a filter on a link: index, text its kind */
	/* nftables changed: number is the generation, 0 if unknown; text who, if known */
	MSG_NET_SIGHT_RULESET,
	MSG_NET_SIGHT_MODULE, /* a module that sends past the packet filter is loaded: text its name */
	MSG_NET_SIGHT_COUNT,
};

struct msg_net_sight_of {
	uint32_t sight; /* enum msg_net_sight */
	uint32_t index;
	int32_t nsid;
	uint32_t family; /* enum net_family, where the sight has one */
	uint64_t number;
	uint64_t seen_us;
	struct net_prefix prefix;
	uint8_t mac[NET_LLADDR_MAX];
	char text[128];
	uint32_t reserved;
};

enum msg_net_hook {
	MSG_NET_HOOK_OUTPUT,  /* inet output: a socket of this machine */
	MSG_NET_HOOK_EGRESS,  /* netdev egress: below IP */
	MSG_NET_HOOK_FORWARD, /* someone else's packet */
	MSG_NET_HOOK_INPUT,
	MSG_NET_HOOK_COUNT,
};

/* A packet that the kernel refused, as NFLOG told it. */
struct msg_net_packet {
	struct net_flow flow;
	uint32_t hook; /* enum msg_net_hook */
	uint32_t uid;  /* UINT32_MAX: the packet belongs to no socket */
	uint32_t gid;
	uint32_t length;
	uint64_t count; /* of packets of this user, hook and flow that this speaks of, at least 1 */
	uint64_t lost;	/* refused since the last message, but nothing is known of them any more */
	uint64_t seen_us; /* the first of them was sent then or a moment later, never before */
};

/* --- core to journal --- */

struct msg_record_link {
	struct record record;
	struct net_outcome outcome;
};

struct msg_record_net {
	struct record record;
	struct net_violation violation;
};

/* --- core to attribution, and back --- */

struct msg_attribute {
	uint64_t cookie;
	struct net_flow flow;
	uint32_t uid;
	uint32_t
		hook; /* enum msg_net_hook: where it was refused tells which sockets it may come from */
	uint64_t seen_us;
};

struct msg_attributed {
	uint64_t cookie;
	struct net_actor actor;
};

/* --- core to door --- */

/* What a permitted link may reach: one message a rule, for people. */
struct msg_net_peer {
	uint32_t index;
	uint32_t reserved;
	char rule[POLICY_NAME_SIZE + 7];
	char text[MSG_TEXT_SIZE]; /* "tcp to 10.20.0.5 port 8443" */
};

/* --- core to notice --- */

/*
 * What a person at the terminal is told: what was refused, why, what to do, whom to call; never a grade.
 * The texts are chosen by @event in the reader's language; @subject and @because fill them.
 */
enum notice_event {
	NOTICE_USB_REFUSED,
	NOTICE_PHONE_REFUSED, /* a tethered phone, a USB network adapter, a modem */
	NOTICE_LINK_REFUSED,
	NOTICE_RADIO_REFUSED,
	NOTICE_EGRESS_REFUSED,
	NOTICE_ADDRESS_REMOVED,
	NOTICE_ROUTE_REMOVED,
	NOTICE_MEDIUM_REFUSED,
	NOTICE_MEDIUM_FAILED,	  /* could not be read, counted or mounted */
	NOTICE_TRANSFER_WAITING,  /* to an officer: a batch waits for his approval */
	NOTICE_TRANSFER_APPROVED, /* to its requester, as what follows */
	NOTICE_TRANSFER_REFUSED,
	NOTICE_TRANSFER_INTERRUPTED,
	NOTICE_LOCKDOWN,
	NOTICE_RESTRICTED,
	NOTICE_RELEASED,    /* lockdown or restriction ended */
	NOTICE_POLICY_ENDS, /* in so many days: number */
	NOTICE_MAINTENANCE, /* has begun, for so many minutes: number */
	NOTICE_MAINTENANCE_OVER,
	NOTICE_COUNT,
};

struct msg_notice {
	uint32_t event;	   /* enum notice_event */
	uint32_t uid;	   /* whom it concerns; UINT32_MAX: everyone at the terminal */
	uint64_t number;   /* of days, of minutes; of a refusal 1: the last told for a while */
	uint64_t entry;	   /* seq in the journal; 0: not known */
	char subject[256]; /* "SanDisk Ultra (0781:5581)", "203.0.113.9 port 443" */
	char because[POLICY_BECAUSE_SIZE];
	char rule[POLICY_NAME_SIZE + 7];
	char call[128]; /* whom to call, from the policy's people; "" when it names nobody */
};

#endif
