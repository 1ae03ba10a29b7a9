// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine of transfers by hand, without core and journal, for conformance tests and benchmarks.
 *
 *	transfer-engine seal IN OUT RECIPIENT...	prints both digests
 *	transfer-engine open IN OUT IDENTITY-FILE
 *	transfer-engine digest FILE
 *	transfer-engine look FILE...			type, marking
 *	transfer-engine probe SOCKET
 *	transfer-engine scan SOCKET FILE...
 *	transfer-engine export MEDIUM SEED RECIPIENT FILE...	prints batch and public key
 *	transfer-engine import MEDIUM BATCH IDENTITY-FILE KEY FOLDER [SOCKET]
 *
 * SEED is a file of 32 bytes, the terminal's key; KEY its public half in hexadecimal.
 * Exit status: 0; 1 with the reason on standard error; 2 for a mistake of the caller's.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/age/age_result.h"
#include "agent/transfer/export.h"
#include "agent/transfer/import.h"
#include "agent/transfer/object.h"

static const struct marks_labels levels = {
	.count = 4,
	.levels = { "neibu", "mimi", "jimi", "juemi" },
	.labels = { "内部", "秘密", "机密", "绝密" },
};

static int failed(const struct outcome *outcome)
{
	char text[2048];

	fprintf(stderr, "%s: %s\n", outcome_name(outcome->reason),
		outcome_describe(outcome, text, sizeof(text)));
	return 1;
}

static int must_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(2);
	}
	return fd;
}

static struct age_keyring *must_read_keys(const char *path)
{
	struct age_keyring *ring = age_keyring_new();
	int fd = must_open(path, O_RDONLY);
	size_t line;

	if (!ring || age_keyring_read(ring, fd, &line) < 0) {
		fprintf(stderr, "%s: no identities\n", path);
		exit(2);
	}
	close(fd);
	return ring;
}

static void print_digests(const struct object_digests *digests)
{
	char plain[TRANSFER_DIGEST_TEXT], sealed[TRANSFER_DIGEST_TEXT];

	transfer_digest_format(digests->plain, plain);
	transfer_digest_format(digests->sealed, sealed);
	printf("%s %s\n", plain, sealed);
}

static int do_seal(int argc, char **argv)
{
	struct age_recipient to[8];
	struct object_digests digests;
	int in = must_open(argv[0], O_RDONLY), r;
	int out = must_open(argv[1], O_RDWR | O_CREAT | O_TRUNC);
	size_t count = 0;

	for (int i = 2; i < argc && count < 8; i++)
		if (age_recipient_parse(&to[count++], argv[i], strlen(argv[i])) < 0)
			return 2;
	r = object_seal(&object_io_system, in, out, to, count, NULL, &digests);
	if (r == 0 && fsync(out) < 0)
		r = -errno;
	if (r < 0) {
		fprintf(stderr, "%s\n", age_result_text(r));
		return 1;
	}
	print_digests(&digests);
	return 0;
}

static int do_open(char **argv)
{
	struct object_digests digests;
	struct age_keyring *ring = must_read_keys(argv[2]);
	int in = must_open(argv[0], O_RDONLY);
	int out = must_open(argv[1], O_RDWR | O_CREAT | O_TRUNC);
	int r = object_open(in, out, ring, NULL, &digests);

	age_keyring_free(ring);
	if (r == 0 && fsync(out) < 0)
		r = -errno;
	if (r < 0) {
		fprintf(stderr, "%s\n", age_result_text(r));
		return 1;
	}
	print_digests(&digests);
	return 0;
}

static int do_digest(const char *path)
{
	char text[TRANSFER_DIGEST_TEXT];
	uint8_t digest[TRANSFER_DIGEST];
	int fd = must_open(path, O_RDONLY);
	uint64_t size;

	if (object_digest(fd, 1, NULL, &size, digest) < 0)
		return 1;
	transfer_digest_format(digest, text);
	printf("%s\n", text);
	return 0;
}

static struct filetype *must_look(void)
{
	const struct filetype_settings settings = { .labels = &levels };
	struct filetype *filetype;

	if (filetype_open(&settings, &filetype) < 0)
		exit(2);
	return filetype;
}

static int do_look(int argc, char **argv)
{
	struct filetype *filetype = must_look();
	struct filetype_answer answer;
	struct outcome outcome;
	int status = 0;

	for (int i = 0; i < argc; i++) {
		int fd = must_open(argv[i], O_RDONLY);

		if (filetype_look(filetype, fd, &answer, &outcome) < 0)
			status = failed(&outcome);
		else
			printf("%s %s %d %s\n", answer.type, answer.mime, answer.marks.rank,
			       answer.marks.text);
		close(fd);
	}
	filetype_close(filetype);
	return status;
}

static int do_scan(int argc, char **argv)
{
	struct scan_settings settings = { .socket = argv[0], .timeout_s = 60 };
	struct outcome outcome;
	int status = 0;

	for (int i = 1; i < argc; i++) {
		int fd = must_open(argv[i], O_RDONLY);

		if (scan_file(&settings, fd, argv[i], &outcome) < 0)
			status = failed(&outcome);
		close(fd);
	}
	return status;
}

static int do_probe(const char *socket)
{
	struct scan_settings settings = { .socket = socket, .timeout_s = 60 };
	char version[SCAN_VERSION_SIZE];
	struct outcome outcome;

	if (scan_probe(&settings, version, &outcome) < 0)
		return failed(&outcome);
	printf("%s\n", version);
	return 0;
}

struct signing {
	uint8_t public[32], secret[64];
};

static int sign(void *context, const uint8_t sha512[static 64], uint8_t signature[static 64],
		uint8_t key[static 32])
{
	struct signing *signing = context;
	uint8_t data[SLIP_SIGNED_DATA];
	size_t length = slip_signed_data(sha512, data);

	memcpy(key, signing->public, 32);
	return crypto_sign_detached(signature, NULL, data, length, signing->secret);
}

static void stage(int folder, int argc, char **argv, struct manifest *manifest)
{
	struct filetype *filetype = must_look();
	struct staging_settings settings = { .filetype = filetype };
	struct staged_file staged;
	struct outcome outcome;

	for (int i = 0; i < argc; i++) {
		const char *name = strrchr(argv[i], '/');
		int fd = must_open(argv[i], O_RDONLY);

		if (staging_add(folder, (uint32_t)i, fd, name ? name + 1 : argv[i], &settings,
				&staged, &outcome) < 0)
			exit(failed(&outcome));
		if (manifest_add(manifest, &staged.file) < 0)
			exit(2);
		close(fd);
	}
	filetype_close(filetype);
}

static void fill_manifest(struct manifest *manifest)
{
	manifest->direction = TRANSFER_OUT;
	manifest->created = 1795700000;
	randombytes_buf(manifest->batch, sizeof(manifest->batch));
	strcpy(manifest->terminal, "T-00417");
	strcpy(manifest->unit, "7.2.15");
	strcpy(manifest->level, "mimi");
	strcpy(manifest->term, "10 years");
	strcpy(manifest->basis, "list of 2024, item 12");
	strcpy(manifest->requester, "novak");
}

static int must_stage_folder(char *path)
{
	strcpy(path, "/tmp/transfer-engine-XXXXXX");
	if (!mkdtemp(path))
		exit(2);
	return must_open(path, O_RDONLY | O_DIRECTORY);
}

static void make_slip(struct manifest *manifest, const char *recipient, struct slip *slip)
{
	size_t length;
	char *text;

	if (manifest_print(manifest, &text, &length) < 0 || slip_from_manifest(manifest, slip) < 0)
		exit(2);
	free(text);
	strcpy(slip->from, "7.2.14");
	slip->created = 1795700100;
	memset(slip->medium, 0x5a, sizeof(slip->medium));
	slip->sequence = 12;
	slip->entry = 4711;
	snprintf(slip->recipients[0], sizeof(slip->recipients[0]), "%s", recipient);
	slip->recipient_count = 1;
	export_plan(slip);
}

static int do_export(int argc, char **argv)
{
	struct manifest manifest = { 0 };
	struct slip slip = { 0 };
	struct signing signing;
	struct object_store store;
	struct export_job job = {
		.store = &store, .slip = &slip, .sign = sign, .context = &signing
	};
	struct export_result result;
	char folder[64], id[TRANSFER_ID_TEXT], key[65];
	uint8_t seed[32];
	int medium = must_open(argv[0], O_RDONLY | O_DIRECTORY), fd = must_open(argv[1], O_RDONLY),
	    r;

	if (read(fd, seed, sizeof(seed)) != (ssize_t)sizeof(seed))
		return 2;
	crypto_sign_seed_keypair(signing.public, signing.secret, seed);
	job.staging = must_stage_folder(folder);
	fill_manifest(&manifest);
	stage(job.staging, argc - 3, argv + 3, &manifest);
	make_slip(&manifest, argv[2], &slip);
	r = object_store_open(&store, medium, MEDIUM_FILESYSTEM_VFAT, true, NULL);
	if (r < 0)
		outcome_set(&result.outcome, outcome_of_medium(r), r, argv[0], NULL);
	else
		r = export_run(&job, &result);
	object_store_close(&store);
	staging_discard(job.staging);
	rmdir(folder);
	transfer_id_format(slip.batch, id);
	sodium_bin2hex(key, sizeof(key), signing.public, 32);
	if (r == 0)
		printf("%s %s\n", id, key);
	slip_free(&slip);
	manifest_free(&manifest);
	return r == 0 ? 0 : failed(&result.outcome);
}

static int find_key(void *context, const char *terminal, uint8_t key[static 32])
{
	(void)terminal;
	return sodium_hex2bin(key, 32, context, 64, NULL, NULL, NULL) == 0 ? 0 : -ENOENT;
}

static int import_one(const struct import_source *source, const uint8_t *batch, const char *folder,
		      const struct scan_settings *scan)
{
	struct filetype *filetype = must_look();
	struct import_entry entry;
	struct import_job job = { .source = source, .slip = &entry.slip, .filetype = filetype };
	struct import_result result = { 0 };
	int r = import_slip(source, batch, &entry);

	job.staging = must_open(folder, O_RDONLY | O_DIRECTORY);
	job.scan = scan;
	result.outcome = entry.outcome;
	if (r == 0)
		r = import_run(&job, &result);
	for (uint32_t i = 0; r == 0 && i < result.file_count; i++)
		printf("%04u %s %s\n", i, result.files[i].file.type, result.files[i].file.name);
	if (r < 0)
		failed(&result.outcome);
	import_result_free(&result);
	slip_free(&entry.slip);
	filetype_close(filetype);
	close(job.staging);
	return r == 0 ? 0 : 1;
}

static int do_import(int argc, char **argv)
{
	uint8_t id[TRANSFER_ID_SIZE], medium_id[MEDIUM_ID_SIZE];
	struct object_store store;
	struct scan_settings scan = { .socket = argc > 5 ? argv[5] : NULL, .timeout_s = 60 };
	struct import_source source = {
		.store = &store,
		.ring = must_read_keys(argv[2]),
		.medium = medium_id,
		.sequence = 12,
		.unit = "7.2.15",
		.level = "jimi",
		.levels = &levels,
		.key = find_key,
		.context = argv[3],
	};
	int medium = must_open(argv[0], O_RDONLY | O_DIRECTORY);

	memset(medium_id, 0x5a, sizeof(medium_id));
	if (strlen(argv[1]) != 32 || sodium_hex2bin(id, 16, argv[1], 32, NULL, NULL, NULL) < 0 ||
	    object_store_open(&store, medium, MEDIUM_FILESYSTEM_VFAT, false, NULL) < 0)
		return 2;
	return import_one(&source, id, argv[4], argc > 5 ? &scan : NULL);
}

int main(int argc, char *argv[])
{
	const char *verb = argc > 2 ? argv[1] : "";

	if (sodium_init() < 0)
		return 2;
	argc -= 2;
	argv += 2;
	if (strcmp(verb, "seal") == 0 && argc >= 3)
		return do_seal(argc, argv);
	if (strcmp(verb, "open") == 0 && argc == 3)
		return do_open(argv);
	if (strcmp(verb, "digest") == 0)
		return do_digest(argv[0]);
	if (strcmp(verb, "look") == 0)
		return do_look(argc, argv);
	if (strcmp(verb, "probe") == 0)
		return do_probe(argv[0]);
	if (strcmp(verb, "scan") == 0 && argc >= 2)
		return do_scan(argc, argv);
	if (strcmp(verb, "export") == 0 && argc >= 4)
		return do_export(argc, argv);
	if (strcmp(verb, "import") == 0 && argc >= 5)
		return do_import(argc, argv);
	fputs("usage: see the head of tests/tools/transfer-engine.c\n", stderr);
	return 2;
}
