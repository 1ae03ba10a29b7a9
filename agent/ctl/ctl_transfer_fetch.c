// SPDX-License-Identifier: GPL-2.0-or-later
/* Files from the inbox into a folder of the person that they are for. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/ctl/ctl_transfer.h"
#include "policy/transfer/batch.h"

struct fetch {
	const struct ctl *ctl;
	struct ctl_desk *desk;
	const char *id;
	const char *where; /* the folder's name */
	int folder;
};

static int open_in(int folder, const char *name, uint64_t flags, uint64_t mode)
{
	struct open_how how = { .flags = flags | O_CLOEXEC | O_NOFOLLOW,
				.mode = mode,
				.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };
	long fd = syscall(SYS_openat2, folder, name, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/* The folders that a name goes through. */
static int make_folders(int folder, const char *name)
{
	char path[TRANSFER_NAME_SIZE];

	for (const char *at = strchr(name, '/'); at; at = strchr(at + 1, '/')) {
		int n = snprintf(path, sizeof(path), "%.*s", (int)(at - name), name), fd;

		if (n >= (int)sizeof(path))
			return -ENAMETOOLONG;
		/* Each is opened without following links before the next is made in it. */
		if (mkdirat(folder, path, 0777) < 0 && errno != EEXIST)
			return -errno;
		fd = open_in(folder, path, O_RDONLY | O_DIRECTORY, 0);
		if (fd < 0)
			return fd;
		close(fd);
	}
	return 0;
}

/* Reads @from to its end; writes what it reads unless @to is -1. */
static int copy(int from, int to, char digest[static TRANSFER_DIGEST_TEXT])
{
	crypto_generichash_state state;
	uint8_t hash[TRANSFER_DIGEST];
	char buffer[65536];
	ssize_t n;

	crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	while ((n = read(from, buffer, sizeof(buffer))) > 0) {
		crypto_generichash_update(&state, (uint8_t *)buffer, (size_t)n);
		for (ssize_t done = 0; to >= 0 && done < n;) {
			ssize_t m = write(to, buffer + done, (size_t)(n - done));

			if (m < 0)
				return -errno;
			done += m;
		}
	}
	crypto_generichash_final(&state, hash, sizeof(hash));
	transfer_digest_format(hash, digest);
	return n < 0 ? -errno : 0;
}

/* One that is there already is good when it is the same: a fetch that was interrupted goes on. */
static int is_there(const struct fetch *fetch, const char *name, const char *wanted)
{
	char digest[TRANSFER_DIGEST_TEXT] = "";
	int fd = open_in(fetch->folder, name, O_RDONLY | O_NONBLOCK, 0), r;

	if (fd < 0)
		return -EEXIST;
	r = copy(fd, -1, digest);
	close(fd);
	return r == 0 && strcmp(digest, wanted) == 0 ? 0 : -EEXIST;
}

static int write_file(const struct fetch *fetch, int from, const char *name, const char *wanted)
{
	char digest[TRANSFER_DIGEST_TEXT];
	int to, r = make_folders(fetch->folder, name);

	if (r < 0)
		return r;
	to = open_in(fetch->folder, name, O_WRONLY | O_CREAT | O_EXCL, 0666);
	if (to < 0)
		return to == -EEXIST ? is_there(fetch, name, wanted) : to;
	r = copy(from, to, digest);
	if (r == 0 && fsync(to) < 0)
		r = -errno;
	if (r == 0 && strcmp(digest, wanted) != 0)
		r = -EBADMSG;
	close(to);
	if (r < 0)
		unlinkat(fetch->folder, name, 0);
	return r;
}

static int fetch_file(const struct fetch *fetch, const json_t *file)
{
	const char *name = ctl_text(file, "name"), *digest = ctl_text(file, "digest");
	json_t *answer = NULL;
	int from = -1, r;
	int code = ctl_desk_ask(fetch->desk,
				json_pack("{s:s, s:s, s:I}", "verb", "fetch", "batch", fetch->id,
					  "index", ctl_number(file, "index")),
				-1, NULL, NULL, &answer, &from);

	if (code != CTL_GOOD || from < 0) {
		if (answer)
			code = ctl_desk_complain(fetch->ctl, answer);
		json_decref(answer);
		return code;
	}
	json_decref(answer);
	r = write_file(fetch, from, name, digest);
	close(from);
	if (r == 0) {
		if (fetch->ctl->json)
			ctl_transfer_line(file);
		else
			printf("%s/%s\n", fetch->where, name);
		return CTL_GOOD;
	}
	ctl_error("%s/%s: %s; the files stay in the inbox, so it can be tried again", fetch->where,
		  name, r == -EEXIST ? "another file of this name is there" : strerror(-r));
	return CTL_BAD;
}

static void keep_file(void *data, const json_t *part)
{
	if (json_object_get(part, "file"))
		json_array_append(data, json_object_get(part, "file"));
}

static int fetch_all(const struct fetch *fetch)
{
	json_t *files = json_array(), *answer = NULL;
	int code = ctl_desk_ask(fetch->desk, ctl_transfer_request("show", fetch->id), -1, keep_file,
				files, &answer, NULL);

	for (size_t i = 0; code == CTL_GOOD && i < json_array_size(files); i++)
		code = fetch_file(fetch, json_array_get(files, i));
	json_decref(files);
	if (code == CTL_GOOD) {
		json_decref(answer);
		code = ctl_desk_ask(fetch->desk, ctl_transfer_request("fetched", fetch->id), -1,
				    NULL, NULL, &answer, NULL);
		if (answer)
			code = ctl_transfer_say(fetch->ctl, answer);
	}
	json_decref(answer);
	return code;
}

int ctl_transfer_fetch(const struct ctl *ctl, struct ctl_desk *desk, const char *id,
		       const char *folder)
{
	struct fetch fetch = { .ctl = ctl, .desk = desk, .id = id, .where = folder };
	int code;

	fetch.folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fetch.folder < 0) {
		ctl_error("cannot write into %s: %s; the files stay in the inbox", folder,
			  strerror(errno));
		return CTL_BAD;
	}
	code = fetch_all(&fetch);
	close(fetch.folder);
	return code;
}
