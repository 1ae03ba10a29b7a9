// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs: where they come from, and whether they are still what was installed. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "agent/inspect/package_index.h"

#define INFO "/var/lib/dpkg/info"

static bool is_program(const struct inspect *inspect, const char *path)
{
	struct stat status;
	char magic[4] = { 0 };
	int fd = inspect_open(inspect, path);
	bool found = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_mode & 0111 &&
	    read(fd, magic, sizeof(magic)) == sizeof(magic))
		found = memcmp(magic, "\177ELF", 4) == 0 || memcmp(magic, "#!", 2) == 0;
	close(fd);
	return found;
}

static int on_program(struct inspect *inspect, const char *path, const char *name, void *data)
{
	char target[PATH_MAX];

	(void)name;
	/* A link of update-alternatives leads to a program that is looked at where it is. */
	if (inspect_link(inspect, path, target, sizeof(target)) == 0 ||
	    package_index_has(data, path))
		return 0;
	if (is_program(inspect, path))
		inspect_fail(inspect, path, "a program that no package brought");
	return 0;
}

struct store {
	const char *folder, *what;
	const struct package_index *index;
};

static int on_application(struct inspect *inspect, const char *path, const char *name, void *data)
{
	const struct store *store = data;

	(void)name;
	if (!package_index_has(store->index, path))
		inspect_fail(inspect, path, "%s", store->what);
	return 0;
}

void check_software(struct inspect *inspect)
{
	static const char *const folders[] = { "/usr/bin", "/usr/sbin", "/usr/local/bin",
					       "/usr/local/sbin", "/usr/games" };
	struct package_index *index = package_index_new(inspect);
	struct store stores[] = {
		{ "/var/lib/flatpak/app", "an application from a store (Flatpak)", index },
		{ "/var/lib/snapd/snaps", "an application from a store (Snap)", index },
		{ "/opt", "software that no package brought", index },
	};

	if (!index) {
		inspect_unknown(inspect, INFO, "cannot be read: is this a Debian system?");
		return;
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		inspect_folder(inspect, folders[i], on_program, index);
	for (size_t i = 0; i < sizeof(stores) / sizeof(stores[0]); i++)
		inspect_folder(inspect, stores[i].folder, on_application, &stores[i]);
	package_index_free(index);
	if (inspect->stated == 0)
		inspect_pass(inspect, INFO, "every program was brought by a package");
}

static int digest_of(const struct inspect *inspect, const char *path, char out[static 33])
{
	unsigned char buffer[65536], digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	int fd = inspect_open(inspect, path), r = fd < 0 ? fd : 0;
	ssize_t n = 0;

	/* What dpkg has; against mistakes and haste it holds, not against an expert. */
	if (r == 0 && (!hash || EVP_DigestInit_ex(hash, EVP_md5(), NULL) != 1))
		r = -ENOMEM;
	while (r == 0 && (n = read(fd, buffer, sizeof(buffer))) > 0)
		EVP_DigestUpdate(hash, buffer, (size_t)n);
	if (n < 0)
		r = -errno;
	if (r == 0 && EVP_DigestFinal_ex(hash, digest, NULL) == 1)
		for (int i = 0; i < 16; i++)
			snprintf(out + 2 * i, 3, "%02x", digest[i]);
	EVP_MD_CTX_free(hash);
	if (fd >= 0)
		close(fd);
	return r;
}

static bool is_code(const char *path)
{
	static const char *const folders[] = { "usr/bin/",     "usr/sbin/",	 "bin/",
					       "sbin/",	       "lib/systemd/",	 "usr/lib/systemd/",
					       "usr/libexec/", "usr/lib/airgap/" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (strncmp(path, folders[i], strlen(folders[i])) == 0)
			return true;
	return strstr(path, ".so") != NULL;
}

struct sums {
	const struct package_index *index;
	unsigned int files;
};

/* "d41d8cd98f00b204e9800998ecf8427e  usr/bin/true" */
static int on_sum(struct inspect *inspect, const char *file, char *line, void *data)
{
	struct sums *sums = data;
	char named[PATH_MAX], digest[33] = "";
	const char *path;
	int r;

	(void)file;
	if (strlen(line) < 35 || line[32] != ' ' || !is_code(line + 34))
		return 0;
	snprintf(named, sizeof(named), "/%s", line + 34);
	path = package_index_place(sums->index, named);
	r = digest_of(inspect, path, digest);
	/* The diverting package's own file is where the other's was. */
	if (path != named && (r < 0 || strncmp(line, digest, 32) != 0)) {
		path = named;
		r = digest_of(inspect, path, digest);
	}
	sums->files++;
	if (r == -ENOENT)
		inspect_fail(inspect, path, "is missing, though its package is installed");
	else if (r < 0)
		inspect_closed(inspect, path, r);
	else if (strncmp(line, digest, 32) != 0)
		inspect_fail(inspect, path, "is not what its package brought");
	return 0;
}

static int on_sums(struct inspect *inspect, const char *path, const char *name, void *data)
{
	size_t length = strlen(name);

	if (length > 8 && strcmp(name + length - 8, ".md5sums") == 0)
		inspect_lines(inspect, path, on_sum, data);
	return 0;
}

void check_integrity(struct inspect *inspect)
{
	struct package_index *index = package_index_new(inspect);
	struct sums sums = { index, 0 };
	int r = index ? inspect_folder(inspect, INFO, on_sums, &sums) : -ENOENT;

	package_index_free(index);
	if (r < 0)
		inspect_unknown(inspect, INFO, "cannot be read: %s", strerror(-r));
	else if (sums.files == 0)
		inspect_unknown(inspect, INFO, "has no digests");
	else if (inspect->stated == 0)
		inspect_pass(inspect, INFO,
			     "%u programs and libraries are as their packages brought them",
			     sums.files);
}
