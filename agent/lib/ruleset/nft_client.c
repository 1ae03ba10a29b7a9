// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/ruleset/nft_client.h"

#include <errno.h>
#include <linux/netlink.h>
#include <nftables/libnftables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct nft_client {
	struct nft_ctx *context;
	char problem[1024];
};

/* Where the kernel has no nftables, libnftables ends the whole program (netlink_init_error()). */
static int probe_kernel(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

int nft_client_new(struct nft_client **client)
{
	struct nft_client *self;
	int r = probe_kernel();

	*client = NULL;
	if (r < 0)
		return r;
	self = calloc(1, sizeof(*self));
	if (!self)
		return -ENOMEM;
	self->context = nft_ctx_new(NFT_CTX_DEFAULT);
	if (!self->context || nft_ctx_buffer_output(self->context) != 0 ||
	    nft_ctx_buffer_error(self->context) != 0) {
		nft_client_free(self);
		return -ENOMEM;
	}
	*client = self;
	return 0;
}

void nft_client_free(struct nft_client *client)
{
	if (!client)
		return;
	if (client->context)
		nft_ctx_free(client->context);
	free(client);
}

/* libnftables has no numbers for its errors, only strerror()'s words at the end of a line. */
static int number_of(const char *words)
{
	static const int numbers[] = { ENOENT,	 EPERM,	 EEXIST, EBUSY,	     ENODEV, ENOMEM,
				       ENOSPC,	 EMFILE, ENXIO,	 EOPNOTSUPP, EAGAIN, ENOBUFS,
				       EMSGSIZE, EACCES, ERANGE, EINVAL };

	if (strstr(words, "syntax error"))
		return -EINVAL;
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char end[80];

		snprintf(end, sizeof(end), ": %s\n", strerror(numbers[i]));
		if (strstr(words, end))
			return -numbers[i];
	}
	return -EIO;
}

static int run(struct nft_client *client, const char *commands, unsigned flags, const char **text)
{
	const char *words;
	int r;

	client->problem[0] = 0;
	nft_ctx_output_set_flags(client->context, flags);
	r = nft_run_cmd_from_buffer(client->context, commands);
	*text = nft_ctx_get_output_buffer(client->context);
	words = nft_ctx_get_error_buffer(client->context);
	if (r == 0)
		return 0;
	snprintf(client->problem, sizeof(client->problem), "%s", words);
	return number_of(words);
}

int nft_client_run(struct nft_client *client, const char *commands)
{
	const char *text;

	return run(client, commands, 0, &text);
}

int nft_client_list(struct nft_client *client, const char *command, const char **text)
{
	return run(client, command, NFT_CTX_OUTPUT_STATELESS | NFT_CTX_OUTPUT_TERSE, text);
}

int nft_client_json(struct nft_client *client, const char *command, const char **text)
{
	return run(client, command, NFT_CTX_OUTPUT_JSON, text);
}

const char *nft_client_problem(const struct nft_client *client)
{
	return client->problem;
}
