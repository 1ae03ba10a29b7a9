// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgapctl log show: one entry and its leaf. Where the office gets digests, digest.h, an officer compares
 * that leaf with the one on his page, and knows that he reads the entry which was reported.
 */
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/ctl/ctl_entry.h"
#include "agent/ctl/ctl_output.h"
#include "agent/lib/journal_tree.h"
#include "agent/lib/path.h"

struct show {
	uint64_t seq;
	struct journal_tree tree;
	struct tlog_hash leaf;
	const char *line; /* NULL: it was pruned */
	size_t length;
};

static int read_entry(struct show *show, const char *folder)
{
	struct tlog_source source;
	int r = journal_tree_open(&show->tree, folder, show->seq + 1);

	if (r < 0)
		return r;
	r = journal_tree_line(&show->tree, show->seq, &show->line, &show->length);
	if (r == 0) {
		tlog_hash_leaf(&show->leaf, show->line, show->length);
		return 0;
	}
	show->line = NULL;
	/* Of what was pruned the hashes stay. */
	if (r != -ENODATA || show->seq >= show->tree.first)
		return r;
	source = journal_tree_source(&show->tree);
	return source.node(source.data, 0, show->seq, &show->leaf);
}

static int print_json(const struct show *show, const char *hex, const char *base64)
{
	json_t *entry = show->line ? json_loadb(show->line, show->length, 0, NULL) : json_null();

	return ctl_print_json(json_pack("{s:I, s:s, s:s, s:o?}", "seq", (json_int_t)show->seq,
					"leaf", hex, "leaf_base64", base64, "entry", entry)) < 0
		       ? CTL_UNREACHABLE
		       : CTL_GOOD;
}

static int print(const struct ctl *ctl, const struct show *show)
{
	char hex[2 * TLOG_HASH_SIZE + 1], base64[64];
	struct journal_head head;

	sodium_bin2hex(hex, sizeof(hex), show->leaf.bytes, sizeof(show->leaf.bytes));
	sodium_bin2base64(base64, sizeof(base64), show->leaf.bytes, sizeof(show->leaf.bytes),
			  sodium_base64_VARIANT_ORIGINAL);
	if (ctl->json)
		return print_json(show, hex, base64);
	if (!show->line)
		printf("Entry %" PRIu64 " was pruned: the office had confirmed it.\n", show->seq);
	else if (journal_head_parse(show->line, show->length, &head) == 0)
		ctl_entry_print(ctl, &head);
	else
		ctl_entry_print_foreign(ctl, show->line, show->length);
	printf("leaf %s\n     %s\n", hex, base64);
	if (show->line)
		printf("%.*s\n", (int)show->length, show->line);
	return CTL_GOOD;
}

int ctl_log_show(struct ctl *ctl)
{
	const char *text = ctl->operands[0];
	char folder[PATH_MAX], *end;
	struct show show = { 0 };
	int r;

	errno = 0;
	show.seq = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || show.seq >= INT64_MAX)
		return ctl_usage(ctl, "N is the number of an entry, from 0 on");
	r = path_join(folder, ctl->root, PATH_JOURNAL_DIR);
	if (r == 0)
		r = read_entry(&show, folder);
	if (r == 0)
		r = print(ctl, &show);
	else if (r == -ENODATA || r == -ENOENT)
		ctl_error("the journal has no entry %" PRIu64, show.seq);
	else
		ctl_error("%s: %s", folder,
			  r == -EACCES ? "you may not read the journal: ask as root"
				       : strerror(-r));
	journal_tree_close(&show.tree);
	return r < 0 ? CTL_UNREACHABLE : r;
}
