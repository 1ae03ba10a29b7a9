// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgapctl report export: a bundle for the office, from the journal's files alone. It is encrypted to the
 * office, so it tells whoever carries it nothing, and whoever may read the journal may make one.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/ctl/ctl_output.h"
#include "agent/ctl/ctl_report.h"
#include "agent/lib/age/age_stream.h"
#include "agent/lib/file.h"
#include "agent/lib/journal_tree.h"
#include "agent/lib/office_note.h"
#include "agent/lib/path.h"
#include "agent/lib/section.h"
#include "agent/lib/upload.h"

#define NOTE_MAX 4096
/* What the office takes in one file. */
#define BUNDLE_MAX ((uint64_t)500 << 20)

struct export
{
	const struct ctl *ctl;
	char journal[PATH_MAX], report[PATH_MAX];
	struct tlog_key office;
	struct age_recipient recipient;
	struct upload_head head;
	uint64_t old;
	char path[PATH_MAX], temporary[PATH_MAX];
	int fd;
	struct age_writer *writer;
	uint64_t written;
};

int ctl_report_write(const char *path, const void *data, size_t length)
{
	char *copy = strdup(path), *base = strdup(path);
	int r = copy && base ? file_replace(dirname(copy), basename(base), 0644, data, length)
			     : -ENOMEM;

	if (r < 0)
		ctl_error("cannot write %s: %s", path, strerror(-r));
	free(copy);
	free(base);
	return r;
}

static int read_text(const char *folder, const char *name, char **text, size_t *length)
{
	char path[PATH_MAX];
	uint8_t *data = NULL;
	int r = snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path)
			? -ENAMETOOLONG
			: file_read(path, NOTE_MAX, &data, length);

	*text = (char *)data;
	if (r < 0)
		ctl_error("%s: %s%s", path, strerror(-r),
			  r == -ENOENT	 ? ": this terminal knows no office; 'airgapctl report "
					   "enrol' or 'report request' names one"
			  : r == -EACCES ? "; are you in group airgap?"
					 : "");
	return r;
}

/* The key is root's word, the note the office's own: whom the bundle is encrypted to. */
static int find_office(struct export *export)
{
	struct office_identity identity;
	char *key = NULL, *note = NULL;
	size_t length = 0;
	int r = read_text(export->journal, JOURNAL_FILE_OFFICE_KEY, &key, &length);

	if (r == 0) {
		key[strcspn(key, "\n")] = 0;
		r = tlog_key_parse(key, &export->office);
	}
	if (r == 0)
		r = read_text(export->report, "identity", &note, &length);
	if (r == 0) {
		r = office_note_identity(note, length, &export->office, &identity);
		if (r == 0)
			r = age_recipient_parse(&export->recipient, identity.recipient,
						strlen(identity.recipient));
		if (r < 0)
			ctl_error("what is kept as the office's identity is not signed with its "
				  "key: register anew");
	}
	free(key);
	free(note);
	return r;
}

static int find_start(struct export *export)
{
	struct journal_tree tree;
	uint64_t time;
	int r = upload_head(export->journal, &export->head);

	if (r < 0) {
		ctl_error("the journal's checkpoint cannot be used: %s%s", strerror(-r),
			  r == -ENOENT ? ": nothing is recorded yet" : "");
		return r;
	}
	/* What was pruned the office has. */
	r = journal_tree_open(&tree, export->journal, export->head.checkpoint.size);
	if (r == 0 && ctl_option(export->ctl, "all"))
		export->old = tree.first;
	else if (r == 0)
		r = upload_confirmed(export->journal, &export->head.log, &export->office,
				     &export->old, &time);
	if (r == 0 && export->old < tree.first)
		export->old = tree.first;
	if (r == 0 && export->old > export->head.checkpoint.size) {
		ctl_error("the journal has %" PRIu64 " entries, and the office confirmed %" PRIu64
			  ": it was cut or set back; keep it as it is and call the office",
			  export->head.checkpoint.size, export->old);
		r = -ESTALE;
		journal_tree_close(&tree);
		return r;
	}
	journal_tree_close(&tree);
	if (r < 0)
		ctl_error("%s: %s", export->journal, strerror(-r));
	return r;
}

static int find_path(struct export *export)
{
	const char *given = export->ctl->operands[0];
	uint8_t hash[32];
	struct stat st;
	char hex[9];
	int n;

	/* A lost medium tells neither which terminal nor whose. */
	crypto_hash_sha256(hash, (const uint8_t *)export->head.log.name,
			   strlen(export->head.log.name));
	sodium_bin2hex(hex, sizeof(hex), hash, 4);
	if (stat(given, &st) == 0 && S_ISDIR(st.st_mode))
		n = snprintf(export->path, sizeof(export->path), "%s/bundle-%s-%" PRIu64 ".age",
			     given, hex, export->head.checkpoint.size);
	else
		n = snprintf(export->path, sizeof(export->path), "%s", given);
	if (n >= (int)sizeof(export->path) ||
	    snprintf(export->temporary, sizeof(export->temporary), "%s.new", export->path) >=
		    (int)sizeof(export->temporary))
		return -ENAMETOOLONG;
	return 0;
}

static int put(struct export *export, const char *name, const void *data, size_t length)
{
	char head[SECTION_HEAD_SIZE];
	int r = age_writer_write(export->writer, head, section_head(head, name, length));

	export->written += length;
	if (r == 0 && export->written > BUNDLE_MAX)
		r = -EFBIG;
	return r == 0 && length > 0 ? age_writer_write(export->writer, data, length) : r;
}

static int put_all(struct export *export)
{
	uint64_t size = export->head.checkpoint.size, next = export->old;
	uint8_t *entries = NULL;
	char *checkpoint = NULL;
	size_t length = 0;
	int r = put(export, "airgap-bundle 1", "", 0);

	if (r == 0)
		r = upload_checkpoint(export->journal, &export->head, export->old, &checkpoint,
				      &length);
	if (r == 0)
		r = put(export, "checkpoint", checkpoint, length);
	free(checkpoint);
	/* Also of no entries: the office answers with the receipt. */
	do {
		if (r == 0)
			r = upload_entries(export->journal, &export->head, next, &next, &entries,
					   &length);
		if (r == 0)
			r = put(export, "entries", entries, length);
		free(entries);
		entries = NULL;
	} while (r == 0 && next < size);
	return r == 0 ? age_writer_finish(export->writer) : r;
}

static int write_file(struct export *export)
{
	struct age_sink sink = age_sink_fd(&export->fd);
	int r;

	export->fd = open(export->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
			  0644);
	if (export->fd < 0)
		return -errno;
	r = age_writer_new(&export->recipient, 1, &sink, &export->writer);
	if (r == 0)
		r = put_all(export);
	age_writer_free(export->writer);
	if (r == 0 && fsync(export->fd) < 0)
		r = -errno;
	if (close(export->fd) < 0 && r == 0)
		r = -errno;
	if (r == 0 && rename(export->temporary, export->path) < 0)
		r = -errno;
	if (r < 0)
		unlink(export->temporary);
	return r;
}

static int show(const struct export *export)
{
	uint64_t size = export->head.checkpoint.size;

	if (export->ctl->json)
		return ctl_print_json(json_pack("{s:s, s:I, s:I, s:s}", "file", export->path,
						"from", (json_int_t) export->old, "size",
						(json_int_t)size, "office", export->office.name)) <
				       0
			       ? CTL_UNREACHABLE
			       : CTL_GOOD;
	printf("%s: entries %" PRIu64 " to %" PRIu64 " for %s, which alone can open it.\n"
	       "Carry it there, and the answer back: airgapctl report import FILE\n",
	       export->path, export->old, size, export->office.name);
	return CTL_GOOD;
}

int ctl_report_export(struct ctl *ctl)
{
	struct export *export = calloc(1, sizeof(*export));
	int r = export ? path_join(export->journal, ctl->root, PATH_JOURNAL_DIR) : -ENOMEM;

	if (r == 0)
		r = path_join(export->report, ctl->root, PATH_REPORT_DIR);
	if (r == 0) {
		export->ctl = ctl;
		r = find_office(export);
	}
	if (r == 0)
		r = find_start(export);
	if (r == 0) {
		r = find_path(export);
		if (r == 0)
			r = write_file(export);
		if (r < 0)
			ctl_error("cannot write %s: %s", export->path, strerror(-r));
	}
	r = r < 0 ? CTL_UNREACHABLE : show(export);
	free(export);
	return r;
}
