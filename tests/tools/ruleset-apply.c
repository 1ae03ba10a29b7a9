// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plays the core's part with the packet filter: applies a policy to the links of this namespace.
 *
 * usage: ruleset-apply POLICY [LINK=ADDRESS/BITS]...
 *	POLICY: a text, unsigned; "-" for none (closed). Links are of kind virtual, and a network given for
 *	one is where its neighbours are. Then it reads commands, one a line, and answers each with
 *	"ok" or "failed NUMBER WORDS":
 *		apply [POLICY]    with the links that are there now
 *		restore           make all tables anew
 *		verify
 *		counters          prints "count HOOK UID PACKETS BYTES" lines first
 *	It ends with its input; its own tables end with it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/network/ruleset.h"
#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "policy/decide/context.h"
#include "policy/lang/policy.h"

#define LINKS 256
#define NEAR  16

static struct policy *policy;
static struct ruleset *ruleset;
static struct {
	char name[NET_NAME_SIZE];
	struct net_prefix prefix;
} near[NEAR];
static size_t near_count;

static int load(const char *path)
{
	struct policy *next = NULL;
	struct diag_list diags = { 0 };
	uint8_t *text;
	size_t length;
	int r = 0;

	if (strcmp(path, "-") != 0) {
		r = file_read(path, 1 << 20, &text, &length);
		if (r < 0)
			return r;
		r = policy_parse((const char *)text, length, &diags, &next);
		free(text);
	}
	if (r == 0) {
		policy_free(policy);
		policy = next;
	}
	return r;
}

static int add_near(const char *text)
{
	char name[NET_NAME_SIZE], address[64];
	unsigned bits;
	bool four;

	if (near_count == NEAR || sscanf(text, "%15[^=]=%63[^/]/%u", name, address, &bits) != 3)
		return -EINVAL;
	four = inet_pton(AF_INET, address, near[near_count].prefix.bytes) == 1;
	if (!four && inet_pton(AF_INET6, address, near[near_count].prefix.bytes) != 1)
		return -EINVAL;
	near[near_count].prefix.family = four ? NET_FAMILY_IPV4 : NET_FAMILY_IPV6;
	near[near_count].prefix.bits = (uint8_t)bits;
	strcpy(near[near_count++].name, name);
	return 0;
}

static void fill_link(struct net_link *link, const struct if_nameindex *it)
{
	*link = (struct net_link){
		.index = it->if_index, .nsid = -1, .kind = NET_KIND_VIRTUAL, .arphrd = ARPHRD_ETHER
	};
	snprintf(link->name, sizeof(link->name), "%s", it->if_name);
	strcpy(link->info_kind, "veth");
}

static int apply(bool anew)
{
	static struct net_link links[LINKS];
	static struct ruleset_link wanted[LINKS];
	static struct net_prefix networks[LINKS][NEAR];
	struct ruleset_plan plan = { .policy = policy, .links = wanted };
	struct if_nameindex *all = if_nameindex();

	for (struct if_nameindex *it = all; it && it->if_index && plan.count < LINKS; it++) {
		size_t n = plan.count++;
		struct net_verdict verdict = { .result = POLICY_RESULT_REFUSE };

		fill_link(&links[n], it);
		if (policy)
			policy_decide_link(policy, NULL, &links[n], &verdict);
		wanted[n] = (struct ruleset_link){ .link = &links[n], .near = networks[n] };
		wanted[n].permitted = verdict.result == POLICY_RESULT_PERMIT;
		for (size_t i = 0; i < near_count; i++)
			if (strcmp(near[i].name, links[n].name) == 0)
				networks[n][wanted[n].near_count++] = near[i].prefix;
	}
	if_freenameindex(all);
	return anew ? ruleset_restore(ruleset, &plan) : ruleset_apply(ruleset, &plan);
}

static int print_count(void *data, const struct ruleset_count *count)
{
	static const char *const hooks[] = { "output", "egress", "forward", "input" };

	(void)data;
	printf("count %s %d %llu %llu\n", hooks[count->hook], (int)count->uid,
	       (unsigned long long)count->packets, (unsigned long long)count->bytes);
	return 0;
}

static int obey(char *line)
{
	char *word = strtok(line, " \n"), *argument = strtok(NULL, " \n");
	int r = 0;

	if (word && strcmp(word, "apply") == 0) {
		if (argument)
			r = load(argument);
		return r < 0 ? r : apply(false);
	}
	if (word && strcmp(word, "restore") == 0)
		return apply(true);
	if (word && strcmp(word, "verify") == 0)
		return ruleset_verify(ruleset);
	if (word && strcmp(word, "counters") == 0)
		return ruleset_counters(ruleset, print_count, NULL);
	return -EINVAL;
}

static void answer(int r)
{
	if (r == 0)
		puts("ok");
	else
		printf("failed %d %.*s\n", -r, (int)strcspn(ruleset_problem(ruleset), "\n"),
		       ruleset_problem(ruleset));
	fflush(stdout);
}

int main(int argc, char *argv[])
{
	char line[4096];
	int r;

	log_init("ruleset-apply");
	if (argc < 2) {
		fputs("usage: ruleset-apply POLICY|- [LINK=ADDRESS/BITS]...\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++)
		if (add_near(argv[i]) < 0)
			return 2;
	r = load(argv[1]);
	if (r == 0)
		r = ruleset_new(&ruleset);
	if (r < 0) {
		fprintf(stderr, "ruleset-apply: %s: %s\n", argv[1], strerror(-r));
		return 1;
	}
	answer(apply(false));
	while (fgets(line, sizeof(line), stdin))
		answer(obey(line));
	ruleset_free(ruleset);
	policy_free(policy);
	return 0;
}
