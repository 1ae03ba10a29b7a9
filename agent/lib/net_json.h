/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links, verdicts and violations as JSON: one form for the journal, the doors and airgapctl.
 *
 *	link	 {"index":2,"namespace":null,"name":"eth0","kind":"ethernet","flaw":null,
 *		  "mac":"52:54:00:12:34:56","permanent":"52:54:00:12:34:56","driver":"virtio_net",
 *		  "path":"pci-0000:00:03.0","info_kind":"","arphrd":1,"flags":["up","carrier"],
 *		  "parent":0,"master":0,"mtu":1500}	namespace: its number; null: the agent's own
 *	verdict	 {"result":"permit","cause":"allow","rule":"lan","because":"...","line":27,"column":5}
 *	outcome	 {"link":{},"verdict":{},"state":"open","error":null,"plug":3,"seen_us":1,
 *		  "settled_us":2}
 *	address	 {"address":"10.20.0.7/24","peer":null,"link":2,"scope":0,"protocol":0}
 *	route	 {"to":"0.0.0.0/0","gateway":"10.20.0.1","source":null,"link":2,"table":254,
 *		  "metric":100,"protocol":16,"scope":0,"type":1}
 *	flow	 {"to":"203.0.113.9","port":443,"protocol":"tcp","number":6,"from":"10.20.0.7",
 *		  "from_port":40112,"link":2,"ethertype":null}
 *	actor	 {"uid":1000,"gid":1000,"login":"alice","pid":812,"program":"/usr/bin/curl",
 *		  "unit":"session-2.scope","confidence":"sockdiag"}
 *	violation{"violation":"egress_blocked","evidence":"confirmed","remedy":"dropped","error":null,
 *		  "count":1,"first_us":1,"last_us":1,"link":{},"address":null,"route":null,"flow":{},
 *		  "actor":{},"verdict":{},"text":"..."}	what does not apply is null
 *
 * Members come in this order. Numbers of scope, protocol and type are the kernel's
 * (linux/rtnetlink.h). Texts that are not UTF-8 have their bad bytes written as \xNN.
 */
#ifndef AIRGAP_LIB_NET_JSON_H
#define AIRGAP_LIB_NET_JSON_H

#include <jansson.h>

#include "policy/decide/net_facts.h"

/* An IPv6 address with its length, and the NUL. */
#define NET_JSON_PREFIX_SIZE 52

/* net_json_link, ... - a new reference, or NULL when memory is short */
json_t *net_json_link(const struct net_link *link);
json_t *net_json_verdict(const struct net_verdict *verdict);
json_t *net_json_outcome(const struct net_outcome *outcome);
json_t *net_json_violation(const struct net_violation *violation);

/**
 * net_json_read_link - the reverse of net_json_link()
 *
 * Which flaw a link had is not kept: any is NET_FLAW_MISMATCH. Returns 0, or -EINVAL when a member is
 * missing or makes no sense.
 */
int net_json_read_link(const json_t *object, struct net_link *link);

/* net_json_mark - NET_LINK_... of a word among a link's flags; 0: none of that name */
uint32_t net_json_mark(const char *name);

/**
 * net_json_prefix - "10.20.0.0/24"; a whole address without its length; "" of family NONE
 *
 * Returns @out.
 */
char *net_json_prefix(char out[static NET_JSON_PREFIX_SIZE], const struct net_prefix *prefix);

/* net_json_mac - "52:54:00:12:34:56"; "" when length is 0. Returns @out. */
char *net_json_mac(char out[static 3 * NET_LLADDR_MAX], const uint8_t *mac, uint8_t length);

#endif
