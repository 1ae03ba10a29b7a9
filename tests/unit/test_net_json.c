// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts about the network as JSON, member by member. */
#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/net_json.h"
#include "tests/unit/unit.h"

static void expect(json_t *json, const char *wanted)
{
	char *text = json_dumps(json, JSON_COMPACT);

	ck_assert_ptr_nonnull(text);
	ck_assert_str_eq(text, wanted);
	free(text);
	json_decref(json);
}

static struct net_prefix prefix(const char *text, uint8_t bits)
{
	struct net_prefix out = { .family = strchr(text, ':') ? NET_FAMILY_IPV6 : NET_FAMILY_IPV4,
				  .bits = bits };

	ck_assert_int_eq(
		inet_pton(out.family == NET_FAMILY_IPV6 ? AF_INET6 : AF_INET, text, out.bytes), 1);
	return out;
}

START_TEST(prefixes)
{
	struct net_prefix none = { 0 }, four = prefix("10.20.0.0", 24), all = prefix("0.0.0.0", 0);
	struct net_prefix host = prefix("10.20.0.5", 32), six = prefix("fd12:7::", 48);
	struct net_prefix worst = prefix("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", 127);
	char out[NET_JSON_PREFIX_SIZE];

	ck_assert_str_eq(net_json_prefix(out, &none), "");
	ck_assert_str_eq(net_json_prefix(out, &four), "10.20.0.0/24");
	ck_assert_str_eq(net_json_prefix(out, &all), "0.0.0.0/0");
	ck_assert_str_eq(net_json_prefix(out, &host), "10.20.0.5");
	ck_assert_str_eq(net_json_prefix(out, &six), "fd12:7::/48");
	ck_assert_str_eq(net_json_prefix(out, &worst),
			 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127");
}
END_TEST

START_TEST(macs)
{
	uint8_t mac[NET_LLADDR_MAX];
	char out[3 * NET_LLADDR_MAX];

	memset(mac, 0xfe, sizeof(mac));
	ck_assert_str_eq(net_json_mac(out, mac, 0), "");
	ck_assert_str_eq(net_json_mac(out, mac, 6), "fe:fe:fe:fe:fe:fe");
	ck_assert_uint_eq(strlen(net_json_mac(out, mac, NET_LLADDR_MAX)), 3 * NET_LLADDR_MAX - 1);
}
END_TEST

START_TEST(outcomes)
{
	struct net_outcome outcome = {
		.decided.link = { .index = 2,
				  .nsid = -1,
				  .kind = NET_KIND_ETHERNET,
				  .flags = IFF_UP,
				  .marks = NET_LINK_CARRIER | NET_LINK_MAC_SET,
				  .arphrd = 1,
				  .mac_length = 6,
				  .mtu = 1500,
				  .name = "eth0",
				  .driver = "virtio_net",
				  .path = "pci-0000:00:03.0" },
		.decided.verdict = { .result = POLICY_RESULT_PERMIT,
				     .cause = POLICY_CAUSE_ALLOW,
				     .line = 27,
				     .column = 5,
				     .rule = "lan",
				     .because = "registered" },
		.state = NET_STATE_OPEN,
		.plug = 3,
		.seen_us = 1,
		.settled_us = 2,
	};

	expect(net_json_outcome(&outcome),
	       "{\"link\":{\"index\":2,\"namespace\":null,\"name\":\"eth0\",\"kind\":\"ethernet\","
	       "\"flaw\":null,\"mac\":\"00:00:00:00:00:00\",\"permanent\":\"\","
	       "\"driver\":\"virtio_net\",\"path\":\"pci-0000:00:03.0\",\"info_kind\":\"\","
	       "\"arphrd\":1,\"flags\":[\"up\",\"carrier\",\"mac-set\"],\"parent\":0,\"master\":0,"
	       "\"mtu\":1500},\"verdict\":{\"result\":\"permit\",\"cause\":\"allow\","
	       "\"rule\":\"lan\",\"because\":\"registered\",\"line\":27,\"column\":5},"
	       "\"state\":\"open\",\"error\":null,\"plug\":3,\"seen_us\":1,\"settled_us\":2}");
	outcome.decided.link.nsid = 4;
	outcome.decided.link.flaw = NET_FLAW_MISMATCH;
	expect(net_json_link(&outcome.decided.link),
	       "{\"index\":2,\"namespace\":4,\"name\":\"eth0\",\"kind\":\"ethernet\","
	       "\"flaw\":\"mismatch\",\"mac\":\"00:00:00:00:00:00\",\"permanent\":\"\","
	       "\"driver\":\"virtio_net\",\"path\":\"pci-0000:00:03.0\",\"info_kind\":\"\","
	       "\"arphrd\":1,\"flags\":[\"up\",\"carrier\",\"mac-set\"],\"parent\":0,\"master\":0,"
	       "\"mtu\":1500}");
}
END_TEST

START_TEST(what_does_not_apply_is_null)
{
	struct net_violation violation = {
		.kind = NET_VIOLATION_EVENT_LOSS,
		.remedy = NET_REMEDY_FAILED,
		.error = -EPERM,
		.count = 9,
		.actor.uid = UINT32_MAX,
		.text = "a\xff",
	};

	expect(net_json_violation(&violation),
	       "{\"violation\":\"event_loss\",\"evidence\":\"none\",\"remedy\":\"failed\","
	       "\"error\":\"EPERM\",\"maintenance\":false,\"count\":9,\"first_us\":0,\"last_us\":0,"
	       "\"link\":null,"
	       "\"address\":null,\"route\":null,\"flow\":null,\"actor\":null,\"verdict\":null,"
	       "\"text\":\"a\\\\xff\"}");
}
END_TEST

START_TEST(a_blocked_packet)
{
	struct net_violation violation = {
		.kind = NET_VIOLATION_EGRESS_BLOCKED,
		.evidence = NET_EVIDENCE_CONFIRMED,
		.remedy = NET_REMEDY_DROPPED,
		.maintenance = 1,
		.count = 1,
		.flow = { .to = prefix("203.0.113.9", 32),
			  .protocol = NET_PROTOCOL_TCP,
			  .port = 443,
			  .number = 6,
			  .index = 2 },
		.actor = { .uid = 1000,
			   .gid = 1000,
			   .pid = 812,
			   .confidence = NET_CONFIDENCE_SOCKDIAG,
			   .login = "alice",
			   .program = "/usr/bin/curl" },
	};

	expect(net_json_violation(&violation),
	       "{\"violation\":\"egress_blocked\",\"evidence\":\"confirmed\",\"remedy\":"
	       "\"dropped\","
	       "\"error\":null,\"maintenance\":true,\"count\":1,\"first_us\":0,\"last_us\":0,"
	       "\"link\":null,"
	       "\"address\":null,\"route\":null,\"flow\":{\"to\":\"203.0.113.9\",\"port\":443,"
	       "\"protocol\":\"tcp\",\"number\":6,\"from\":null,\"from_port\":null,\"link\":2,"
	       "\"ethertype\":null},\"actor\":{\"uid\":1000,\"gid\":1000,\"login\":\"alice\","
	       "\"pid\":812,\"program\":\"/usr/bin/curl\",\"unit\":null,"
	       "\"confidence\":\"sockdiag\"},\"verdict\":null,\"text\":\"\"}");
}
END_TEST

START_TEST(addresses_and_routes)
{
	struct net_violation violation = {
		.kind = NET_VIOLATION_ROUTE_ILLEGAL,
		.address = { .local = prefix("10.9.9.9", 24), .index = 2 },
		.route = { .to = prefix("0.0.0.0", 0),
			   .gateway = prefix("10.9.9.1", 32),
			   .index = 2,
			   .table = 254,
			   .metric = 100,
			   .protocol = 16,
			   .type = 1 },
		.flow = { .ethertype = 0x8863 },
		.verdict = { .because = "no rule names the gateway" },
	};
	json_t *json = net_json_violation(&violation);

	expect(json_incref(json_object_get(json, "address")),
	       "{\"address\":\"10.9.9.9/24\",\"peer\":null,\"link\":2,\"scope\":0,\"protocol\":0}");
	expect(json_incref(json_object_get(json, "route")),
	       "{\"to\":\"0.0.0.0/0\",\"gateway\":\"10.9.9.1\",\"source\":null,\"link\":2,"
	       "\"table\":254,\"metric\":100,\"protocol\":16,\"scope\":0,\"type\":1}");
	expect(json_incref(json_object_get(json, "flow")),
	       "{\"to\":null,\"port\":null,\"protocol\":\"other\",\"number\":0,\"from\":null,"
	       "\"from_port\":null,\"link\":null,\"ethertype\":\"8863\"}");
	ck_assert_str_eq(
		json_string_value(json_object_get(json_object_get(json, "verdict"), "because")),
		"no rule names the gateway");
	json_decref(json);
}
END_TEST

START_TEST(links_and_back)
{
	struct net_link link = { .index = 2,
				 .nsid = -1,
				 .kind = NET_KIND_ETHERNET,
				 .flags = IFF_UP,
				 .marks = NET_LINK_CARRIER | NET_LINK_XDP,
				 .arphrd = 1,
				 .mtu = 1500,
				 .mac_length = 6,
				 .permanent_length = 6,
				 .mac = { 0x52, 0x54, 0, 1, 2, 3 },
				 .permanent = { 0x52, 0x54, 0, 1, 2, 0xff },
				 .name = "eth0",
				 .driver = "virtio_net",
				 .path = "pci-0000:00:03.0" };
	static const char *const spoilt[] = { "index", "name", "kind", "mac", "flags", "flaw" };
	struct net_link back;
	json_t *json = net_json_link(&link);

	ck_assert_int_eq(net_json_read_link(json, &back), 0);
	ck_assert_int_eq(memcmp(&link, &back, sizeof(link)), 0);
	link.nsid = 3;
	json_decref(json);
	json = net_json_link(&link);
	ck_assert_int_eq(net_json_read_link(json, &back), 0);
	ck_assert_int_eq(back.nsid, 3);
	for (size_t i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
		json_t *copy = json_deep_copy(json);

		json_object_set_new(copy, spoilt[i], json_real(1.5));
		ck_assert(net_json_read_link(copy, &back) < 0 || back.flaw != NET_SOUND);
		json_object_set_new(copy, spoilt[i], json_string("52:54:0"));
		ck_assert(net_json_read_link(copy, &back) < 0 || back.flaw != NET_SOUND ||
			  strcmp(spoilt[i], "name") == 0);
		json_decref(copy);
	}
	json_decref(json);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { prefixes,	 macs,
				       outcomes,	 what_does_not_apply_is_null,
				       a_blocked_packet, addresses_and_routes,
				       links_and_back };
	Suite *suite = suite_create("net_json");
	TCase *tcase = tcase_create("core");

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
