// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/ruleset/ruleset_text.h"

#include <errno.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/ruleset/net_log.h"
#include "agent/lib/ruleset/ruleset_rule.h"
#include "agent/lib/ruleset/ruleset_set.h"

/* Before conntrack, so that what is refused leaves no trace there. */
#define PRIORITY "-310"
/* At egress after all others: what they make of a frame is judged, not what it was. */
#define PRIORITY_LAST "2147483647"
/* ifindex of lo in every namespace: LOOPBACK_IFINDEX of the kernel's net_namespace.h */
#define LO "1"
/* Links that are permitted at once on most machines. */
#define FEW 4

#define TEXT_(x) #x
#define TEXT(x)	 TEXT_(x)
#define LOG(prefix)                                                                                \
	"log prefix \"" prefix                                                                     \
	"\" group " TEXT(NET_LOG_GROUP) " snaplen " TEXT(NET_LOG_SNAPLEN) " queue-threshold 1\n"
#define NOBODY "limit rate 5/second burst 20 packets "

/*
 * Who is known has a meter of his own. Someone new becomes known at a limited rate for each 65,536
 * user ids: a user who has a range of them cannot fill the sets, behind which others would hide. What
 * has no socket has no user, and the first line does not go on: its set has room for every range that
 * there is, so that it cannot be filled. No user id stands here by value: nft would ask who that is,
 * by all that nsswitch.conf names.
 */
#define NOTES(prefix)                                                                              \
	"\tset ag_range { type uid; size 65536; flags dynamic,timeout; timeout 1h; }\n"            \
	"\tset ag_known { type uid; size 65536; flags dynamic,timeout; timeout 1m; }\n"            \
	"\tset ag_meter { type uid; size 65536; flags dynamic,timeout; timeout 1m; }\n"            \
	"\tset ag_block { type uid; size 65536; flags dynamic,timeout; timeout 1m; }\n"            \
	"\tset ag_refused { type uid; size 65536; flags dynamic,timeout; timeout 30m; }\n"         \
	"\tcounter ag_nobody { }\n"                                                                \
	"\tchain ag_note {\n"                                                                      \
	"\t\tupdate @ag_range { meta skuid >> 16 } goto ag_note_user\n"                            \
	"\t\tcounter name \"ag_nobody\"\n"                                                         \
	"\t\t" NOBODY                                                                              \
	LOG(prefix) "\t}\n"                                                                        \
		    "\tchain ag_note_user {\n"                                                     \
		    "\t\tmeta skuid @ag_known goto ag_note_known\n"                                \
		    "\t\tupdate @ag_block { meta skuid >> 16 limit rate 20/second burst 100 "      \
		    "packets } "                                                                   \
		    "add @ag_known { meta skuid } goto ag_note_known\n"                            \
		    "\t\tcounter name \"ag_nobody\"\n"                                             \
		    "\t}\n"                                                                        \
		    "\tchain ag_note_known {\n"                                                    \
		    "\t\tupdate @ag_refused { meta skuid counter }\n"                              \
		    "\t\tupdate @ag_meter { meta skuid limit rate 10/second burst 40 packets "     \
		    "} " LOG(prefix) "\t}\n"

static const char inet_begin[] =
	NOTES(NET_LOG_OUTPUT) "\tcounter ag_passing { }\n"
			      "\tcounter ag_arriving { }\n"
			      "\tchain ag_forward {\n"
			      "\t\ttype filter hook forward priority " PRIORITY "; policy drop;\n"
			      "\t\tcounter name \"ag_passing\"\n"
			      "\t\t" NOBODY LOG(NET_LOG_FORWARD) "\t\tdrop\n"
								 "\t}\n";

static const char inet_refuse[] = "\t\tmeta l4proto 6 reject with tcp reset\n"
				  "\t\treject with icmpx type admin-prohibited\n";

static const char netdev_begin[] = NOTES(NET_LOG_EGRESS);

/* ARP belongs to no socket. */
static const char arp_begin[] = "\tcounter ag_nobody { }\n"
				"\tchain ag_note {\n"
				"\t\tcounter name \"ag_nobody\"\n"
				"\t\t" NOBODY LOG(NET_LOG_ARP) "\t}\n";

/*
 * A packet with a route of its own names the first hop as its destination, and the last one where no
 * rule looks: options of RFC 791, 3.1, the routing header of RFC 8200, 4.4. For IPv6 every user can
 * ask for one (IPV6_RTHDR, segment routing). Few packets have options or such headers at all.
 */
static const char turns[] = "\tchain ag_turns4 {\n"
			    "\t\tip option lsrr exists goto ag_refuse\n"
			    "\t\tip option ssrr exists goto ag_refuse\n"
			    "\t}\n"
			    "\tchain ag_turns6 {\n"
			    "\t\texthdr rt exists goto ag_refuse\n"
			    "\t}\n";
static const char turns4[] = "\t\tip hdrlength != 5 jump ag_turns4\n";
static const char turns6[] = "\t\tip6 nexthdr != { 6, 17, 58 } jump ag_turns6\n";

/*
 * Neighbour discovery of RFC 4861, whose hop limit of 255 no router leaves standing, and the MLD of
 * RFC 2710 and 3810 by which switches learn who listens. Router solicitations: the answer is
 * watched like any other route.
 */
static const char near_out[] =
	"\t\ticmpv6 type { 133, 135, 136 } ip6 hoplimit 255 ip6 daddr { fe80::/10, ff02::/16 } "
	"accept\n"
	"\t\ticmpv6 type { 131, 132, 143 } ip6 hoplimit 1 ip6 daddr ff02::/16 accept\n";

/* Answers: errors about what was sent, echoes, the ends of streams. */
static const char answers4[] = "\t\ticmp type { 3, 11, 12 } accept\n"
			       "\t\ticmp type != 0 goto ag_shut\n";

static const char answers6[] = "\t\ticmpv6 type { 134, 135, 136 } ip6 hoplimit 255 accept\n"
			       "\t\ticmpv6 type 130 ip6 hoplimit 1 accept\n"
			       "\t\ticmpv6 type { 1, 2, 3, 4 } accept\n"
			       "\t\ticmpv6 type != 129 goto ag_shut\n";

/* Nobody may begin a stream: asked before anything lets an answer in. */
static const char answers[] = "\t\ttcp flags & (fin | syn | rst | ack) == syn goto ag_shut\n";

struct writer {
	const struct ruleset_plan *plan;
	struct ruleset_rules (
		*rules)[2]; /* of each link, IPv4 and IPv6; empty when not permitted */
	FILE *out;
};

static bool is_lo(const struct net_link *link)
{
	return link->index == 1 || strcmp(link->name, "lo") == 0;
}

static bool has_chain(const struct ruleset_link *it)
{
	return ruleset_nameable(it->link->name) && !is_lo(it->link);
}

static bool is_open(const struct ruleset_plan *plan, const struct ruleset_link *it)
{
	return plan->policy && it->permitted && has_chain(it);
}

/* Mode monitor: what would be refused is noted, and passes. */
static bool only_notes(const struct ruleset_plan *plan)
{
	return plan->policy && plan->watch;
}

static void print_refuse(const struct writer *writer, const char *refuse)
{
	fprintf(writer->out, "\tchain ag_refuse {\n\t\tjump ag_note\n%s\t}\n",
		only_notes(writer->plan) ? "\t\taccept\n" : refuse);
}

static void print_near(FILE *out, const struct ruleset_link *it)
{
	struct ruleset_set set;

	if (ruleset_set_prefixes(&set, NET_FAMILY_IPV6, it->near, it->near_count) < 0)
		return; /* neighbours are then asked for by multicast alone */
	if (ruleset_set_extent(&set, false) == RULESET_SOME) {
		fputs("\t\ticmpv6 type { 135, 136 } ip6 hoplimit 255 ", out);
		ruleset_set_print(out, "ip6 daddr", &set, false);
		fputs("accept\n", out);
	}
	ruleset_set_clear(&set);
}

/* The chains of one family; 4 or 6 stands in their names. */
static void print_out(FILE *out, const struct ruleset_link *it, const struct ruleset_rules *rules,
		      bool six, bool egress)
{
	unsigned index = it->link->index, digit = six ? 6u : 4u;

	fprintf(out, "\tchain ag_from%u_%u {\n%s\t\tgoto ag_refuse\n\t}\n", digit, index,
		rules->part[RULESET_FROM]);
	/* In inet those of IPv4 stand before the families part. */
	fprintf(out, "\tchain ag_out%u_%u {\n%s%s", digit, index,
		six || egress ? rules->part[RULESET_POINTS] : "", six ? turns6 : turns4);
	if (six) {
		fputs(near_out, out);
		print_near(out, it);
	}
	fprintf(out, "%s\t\tjump ag_from%u_%u\n%s%s\t\tgoto ag_refuse\n\t}\n",
		rules->part[RULESET_FORBID], digit, index, rules->part[RULESET_ALLOW],
		egress ? rules->part[RULESET_FRAGMENT] : "");
}

static void print_in(FILE *out, const struct ruleset_link *it, const struct ruleset_rules *rules,
		     bool six)
{
	fprintf(out, "\tchain ag_in%u_%u {\n%s%s%s%s\t\tgoto ag_shut\n\t}\n", six ? 6u : 4u,
		it->link->index, six ? rules->part[RULESET_IN_POINTS] : "",
		six ? answers6 : answers4, rules->part[RULESET_IN_FORBID],
		rules->part[RULESET_IN_ALLOW]);
}

static void print_link(FILE *out, const struct ruleset_link *it, struct ruleset_rules rules[2])
{
	unsigned index = it->link->index;

	for (unsigned six = 0; six < 2; six++) {
		print_out(out, it, &rules[six], six, false);
		print_in(out, it, &rules[six], six);
	}
	fprintf(out,
		"\tchain ag_out_%u {\n%s"
		"\t\tmeta nfproto ipv4 goto ag_out4_%u\n"
		"\t\tgoto ag_out6_%u\n"
		"\t}\n"
		"\tchain ag_in_%u {\n%s%s"
		"\t\tmeta nfproto ipv4 goto ag_in4_%u\n"
		"\t\tgoto ag_in6_%u\n"
		"\t}\n",
		index, rules[0].part[RULESET_POINTS], index, index, index, answers,
		rules[0].part[RULESET_IN_POINTS], index, index);
}

static void print_lo(FILE *out, const char *direction)
{
	fprintf(out, "\t\t%sif " LO " %sifname \"lo\" accept\n", direction, direction);
}

/*
 * Index and name together: a name can be taken over, and a name of digits be read as an index. Links
 * are asked for before lo where they are few, so that neither pays much for the other.
 */
static void print_ways(const struct writer *writer, const char *direction, const char *verdict)
{
	size_t open = 0;

	for (size_t i = 0; i < writer->plan->count; i++)
		open += is_open(writer->plan, &writer->plan->links[i]);
	if (open > FEW)
		print_lo(writer->out, direction);
	for (size_t i = 0; i < writer->plan->count; i++) {
		const struct ruleset_link *it = &writer->plan->links[i];

		if (is_open(writer->plan, it))
			fprintf(writer->out, "\t\t%sif %u %sifname \"%s\" goto %s_%u\n", direction,
				it->link->index, direction, it->link->name, verdict,
				it->link->index);
	}
	if (open <= FEW)
		print_lo(writer->out, direction);
}

static void print_inet(const struct writer *writer)
{
	FILE *out = writer->out;

	fputs(inet_begin, out);
	print_refuse(writer, inet_refuse);
	fputs(turns, out);
	fprintf(out, "\tchain ag_shut {\n\t\tcounter name \"ag_arriving\" %s\n\t}\n",
		only_notes(writer->plan) ? "accept" : "drop");
	for (size_t i = 0; i < writer->plan->count; i++) {
		if (is_open(writer->plan, &writer->plan->links[i]))
			print_link(out, &writer->plan->links[i], writer->rules[i]);
	}
	fputs("\tchain ag_output {\n"
	      "\t\ttype filter hook output priority " PRIORITY "; policy drop;\n",
	      out);
	print_ways(writer, "o", "ag_out");
	fputs("\t\tgoto ag_refuse\n\t}\n"
	      "\tchain ag_input {\n"
	      "\t\ttype filter hook input priority " PRIORITY "; policy drop;\n",
	      out);
	print_ways(writer, "i", "ag_in");
	fputs("\t\tgoto ag_shut\n\t}\n", out);
}

/*
 * What the frame says of itself, where there is a frame; elsewhere what the kernel says. A packet
 * socket can claim one protocol and send another.
 */
static void print_frames(FILE *out, const struct ruleset_link *it)
{
	const char *type = it->link->arphrd == ARPHRD_ETHER ? "ether type" : "meta protocol";

	fprintf(out, "\t\t%s ip goto ag_out4_%u\n", type, it->link->index);
	fprintf(out, "\t\t%s ip6 goto ag_out6_%u\n", type, it->link->index);
	if (it->link->arphrd == ARPHRD_ETHER)
		fprintf(out, "\t\tether type arp accept\n");
	if (it->link->arphrd == ARPHRD_ETHER && it->eapol)
		fprintf(out, "\t\tether type 0x888e accept\n");
}

static void print_netdev(const struct writer *writer)
{
	FILE *out = writer->out;

	fputs(netdev_begin, out);
	print_refuse(writer, "\t\tdrop\n");
	fputs(turns, out);
	for (size_t i = 0; i < writer->plan->count; i++) {
		const struct ruleset_link *it = &writer->plan->links[i];
		bool open = is_open(writer->plan, it);

		if (!has_chain(it))
			continue;
		for (unsigned six = 0; open && six < 2; six++)
			print_out(out, it, &writer->rules[i][six], six, true);
		fprintf(out,
			"\tchain ag_egress_%u {\n"
			"\t\ttype filter hook egress device \"%s\" priority " PRIORITY_LAST
			"; policy drop;\n",
			it->link->index, it->link->name);
		if (open)
			print_frames(out, it);
		fputs("\t\tgoto ag_refuse\n\t}\n", out);
	}
}

static void print_arp(const struct writer *writer)
{
	FILE *out = writer->out;

	fputs(arp_begin, out);
	print_refuse(writer, "\t\tdrop\n");
	fputs("\tchain ag_output {\n"
	      "\t\ttype filter hook output priority " PRIORITY "; policy drop;\n",
	      out);
	for (size_t i = 0; i < writer->plan->count; i++) {
		const struct ruleset_link *it = &writer->plan->links[i];

		if (is_open(writer->plan, it))
			fprintf(out, "\t\toif %u oifname \"%s\" accept\n", it->link->index,
				it->link->name);
	}
	fputs("\t\tgoto ag_refuse\n\t}\n", out);
}

static void print_copy(const struct writer *writer, bool own)
{
	static void (*const print[RULESET_FAMILIES])(
		const struct writer *writer) = { print_inet, print_netdev, print_arp };

	for (unsigned i = 0; i < RULESET_FAMILIES; i++) {
		fprintf(writer->out, "table %s %s {\n%s", ruleset_families[i],
			own ? RULESET_OWN : RULESET_BASE, own ? "\tflags owner;\n" : "");
		print[i](writer);
		fputs("}\n", writer->out);
	}
}

static int make_rules(struct writer *writer)
{
	const struct ruleset_plan *plan = writer->plan;
	int r = 0;

	writer->rules = calloc(plan->count ? plan->count : 1, sizeof(*writer->rules));
	if (!writer->rules)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < 2 * plan->count; i++)
		if (is_open(plan, &plan->links[i / 2]))
			r = ruleset_rules_of(&writer->rules[i / 2][i % 2], plan,
					     plan->links[i / 2].link,
					     i % 2 ? NET_FAMILY_IPV6 : NET_FAMILY_IPV4);
	return r;
}

int ruleset_text(const struct ruleset_plan *plan, bool own, char **text)
{
	struct writer writer = { .plan = plan };
	size_t length;
	int r;

	*text = NULL;
	r = make_rules(&writer);
	writer.out = r == 0 ? open_memstream(text, &length) : NULL;
	if (writer.out) {
		print_copy(&writer, false);
		if (own)
			print_copy(&writer, true);
		r = fclose(writer.out) == 0 ? 0 : -ENOMEM;
	} else if (r == 0) {
		r = -ENOMEM;
	}
	for (size_t i = 0; writer.rules && i < 2 * plan->count; i++)
		ruleset_rules_clear(&writer.rules[i / 2][i % 2]);
	free(writer.rules);
	if (r < 0) {
		free(*text);
		*text = NULL;
	}
	return r;
}
