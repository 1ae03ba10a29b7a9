// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/govern/install.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/core/govern/active.h"
#include "agent/core/govern/cards.h"
#include "agent/core/govern/hours.h"
#include "agent/core/govern/orders.h"
#include "agent/core/govern/signers.h"
#include "agent/core/govern/tables.h"
#include "agent/lib/file.h"

/* A table is the largest of them. */
#define INSTALL_LIMIT (32u * 1024 * 1024 + SIGNED_ARMOUR_MAX)

static int install_list(struct govern *govern, const uint8_t *bytes, size_t length, char *text,
			size_t size)
{
	int r;

	if (!govern->trust) {
		snprintf(
			text, size,
			"the first signers' list is not installed this way: the administrator puts "
			"it at /etc/airgap/trust and compares its fingerprint");
		return -EPERM;
	}
	r = signers_install(govern->root, &govern->state, govern->recorder, &govern->trust, bytes,
			    length, text, size);
	/* The names of levels are borrowed from the list in force. */
	trust_levels(govern->trust, &govern->context.levels);
	return r;
}

static const struct {
	enum sign_namespace ns;
	int (*install)(struct govern *govern, const uint8_t *bytes, size_t length, char *text,
		       size_t size);
} kinds[] = {
	{ SIGN_NAMESPACE_POLICY, active_install },
	{ SIGN_NAMESPACE_TRUST, install_list },
	{ SIGN_NAMESPACE_TABLE, tables_install },
	{ SIGN_NAMESPACE_ORDER, orders_install },
	{ SIGN_NAMESPACE_CARD, cards_install },
};

static int install_bytes(struct govern *govern, const uint8_t *bytes, size_t length, char *text,
			 size_t size)
{
	enum sign_namespace ns = namespace_of_text(bytes, length);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].ns == ns)
			return kinds[i].install(govern, bytes, length, text, size);
	snprintf(text, size,
		 "it is no policy, signers' list, table, order or card: its first word must be "
		 "airgap-policy, airgap-trust, airgap-table, airgap-order or airgap-card");
	return -EINVAL;
}

static int read_file(int fd, uint8_t **bytes, size_t *length, char *text, size_t size)
{
	struct stat st;
	int r = 0;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		r = -EINVAL;
	if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
		r = -errno;
	if (r == 0)
		r = file_read_fd(fd, INSTALL_LIMIT, bytes, length);
	if (r < 0)
		snprintf(text, size, "it cannot be read as a regular file: %s", strerror(-r));
	return r;
}

/* A sentence, and what became of what was in force before. */
static void end_refusal(const struct govern *govern, char *text, size_t size)
{
	size_t used = strlen(text);
	const char *stop = used > 0 && strchr(".!?", text[used - 1]) ? "" : ".";

	snprintf(text + used, size - used, "%s %s", stop,
		 govern->policy ? "What is in force stays." : "There is still no policy.");
}

int install_file(struct govern *govern, int fd, char *text, size_t size)
{
	uint8_t *bytes = NULL;
	size_t length = 0;
	int r;

	r = read_file(fd, &bytes, &length, text, size);
	if (r == 0) {
		hours_charge(govern);
		govern_identify(govern);
		r = install_bytes(govern, bytes, length, text, size);
	}
	free(bytes);
	if (r < 0)
		end_refusal(govern, text, size);
	else
		govern_refresh(govern);
	return r;
}
