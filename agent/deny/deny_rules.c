// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <net/if.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "agent/deny/deny.h"
#include "agent/lib/log.h"
#include "agent/lib/ruleset/nft_client.h"
#include "agent/lib/ruleset/ruleset_held.h"
#include "agent/lib/ruleset/ruleset_text.h"

/* Links come and go while a machine starts; one that goes makes the batch fail. */
#define TRIES 20

int deny_text(char **text)
{
	struct ruleset_plan plan = { 0 };
	struct if_nameindex *all = if_nameindex();
	struct ruleset_link *links;
	struct net_link *facts;
	size_t count = 0;
	int r = -ENOMEM;

	*text = NULL;
	if (!all)
		return -errno;
	while (all[count].if_index)
		count++;
	links = calloc(count + 1, sizeof(*links));
	facts = calloc(count + 1, sizeof(*facts));
	for (size_t i = 0; links && facts && i < count; i++) {
		facts[i].index = all[i].if_index;
		facts[i].nsid = -1;
		snprintf(facts[i].name, sizeof(facts[i].name), "%s", all[i].if_name);
		links[i].link = &facts[i];
		if (!ruleset_nameable(facts[i].name))
			log_warning("link %u has a name that no rule can hold; frames that go past "
				    "IP can leave by it while it is up",
				    facts[i].index);
	}
	plan.links = links;
	plan.count = count;
	if (links && facts)
		r = ruleset_text(&plan, false, text);
	free(links);
	free(facts);
	if_freenameindex(all);
	return r;
}

static int close_once(struct nft_client *client, char *problem, size_t size)
{
	char *text, *batch = NULL, *held = NULL;
	int r = deny_text(&text);

	if (r == 0 && asprintf(&batch, "%s%s", ruleset_text_wipe(false), text) < 0)
		r = -ENOMEM;
	if (r == 0) {
		r = nft_client_run(client, batch);
		snprintf(problem, size, "%s", nft_client_problem(client));
	}
	if (r == 0)
		r = ruleset_held(client, false, &held);
	if (r == 0)
		r = ruleset_held_check(text, held, problem, size);
	free(held);
	free(batch);
	free(text);
	return r;
}

/* nf_tables is a module, and nothing may have asked for it yet. The batch tells whether it is there. */
static void load_module(void)
{
	char *const arguments[] = { (char[]){ "modprobe" }, (char[]){ "-q" },
				    (char[]){ "nf_tables" }, NULL };
	char *const environment[] = { (char[]){ "PATH=/usr/sbin:/usr/bin:/sbin:/bin" }, NULL };
	pid_t pid;

	if (posix_spawn(&pid, "/sbin/modprobe", NULL, NULL, arguments, environment) == 0)
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
}

int deny_rules(void)
{
	struct nft_client *client;
	char problem[1024] = "";
	int r;

	load_module();
	r = nft_client_new(&client);
	if (r < 0)
		return r;
	r = -EAGAIN;
	for (unsigned i = 0; r < 0 && r != -EPERM && r != -ENOMEM && i < TRIES; i++)
		r = close_once(client, problem, sizeof(problem));
	nft_client_free(client);
	if (r < 0)
		log_error("the packet filter's rules cannot be loaded: %s",
			  problem[0] ? problem : strerror(-r));
	return r;
}
