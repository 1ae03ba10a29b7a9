// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/export_fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/age_fixture.h"
#include "tests/unit/unit.h"

#define LARGE 1000003u

static int folder_new(const char *base, const char *name)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", base, name);
	ck_assert(mkdir(path, 0700) == 0 || errno == EEXIST);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	return fd;
}

static void levels_new(struct marks_labels *levels)
{
	static const char *const names[][2] = {
		{ "neibu", "内部" }, { "mimi", "秘密" }, { "jimi", "机密" }, { "juemi", "绝密" }
	};

	levels->count = 4;
	for (uint32_t i = 0; i < 4; i++) {
		strcpy(levels->levels[i], names[i][0]);
		strcpy(levels->labels[i], names[i][1]);
	}
}

void world_stage(struct world *world, uint32_t number, const char *name, const char *type,
		 const void *bytes, size_t length, struct manifest_file *file)
{
	struct staging_settings settings = { 0 };
	struct staged_file staged;
	struct outcome outcome;
	int fd = age_fixture_file(bytes, length);

	ck_assert_int_eq(
		staging_add(world->staging, number, fd, name, &settings, &staged, &outcome), 0);
	close(fd);
	*file = staged.file;
	strcpy(file->type, type);
}

static void add_recipient(struct slip *slip, const struct age_keyring *ring)
{
	age_recipient_format(&ring->identities[0].recipient,
			     slip->recipients[slip->recipient_count++]);
}

void world_slip(struct world *world, const struct manifest_file *files, uint32_t count)
{
	struct manifest manifest = { .direction = TRANSFER_OUT, .created = 1795700000 };
	struct slip *slip = &world->slip;
	char *text;
	size_t length;

	slip_free(slip);
	randombytes_buf(manifest.batch, sizeof(manifest.batch));
	strcpy(manifest.terminal, "T-00417");
	strcpy(manifest.unit, "7.2.15");
	strcpy(manifest.level, "mimi");
	strcpy(manifest.term, "10 years");
	strcpy(manifest.basis, "list of 2024, item 12");
	strcpy(manifest.requester, "novak");
	for (uint32_t i = 0; i < count; i++)
		ck_assert_int_eq(manifest_add(&manifest, &files[i]), 0);
	ck_assert_int_eq(manifest_print(&manifest, &text, &length), 0);
	ck_assert_int_eq(slip_from_manifest(&manifest, slip), 0);
	strcpy(slip->from, "7.2.14");
	slip->created = 1795700100;
	memcpy(slip->medium, world->medium_id, sizeof(slip->medium));
	slip->sequence = world->sequence;
	memset(slip->counter, (int)world->sequence, sizeof(slip->counter));
	slip->entry = 4711;
	add_recipient(slip, world->receiver);
	add_recipient(slip, world->office);
	strcpy(slip->approvals[0].key, "so-7a");
	strcpy(slip->approvals[0].person, "J. Kovac");
	randombytes_buf(slip->approvals[0].nonce, sizeof(slip->approvals[0].nonce));
	slip->approval_count = 1;
	export_plan(slip);
	manifest_free(&manifest);
	free(text);
}

static void stage_all(struct world *world)
{
	uint8_t *bytes = age_fixture_bytes(LARGE);
	struct manifest_file files[WORLD_FILES];

	world_stage(world, 0, "report.txt", "txt", "a report\n", 9, &files[0]);
	world_stage(world, 1, "会议纪要/七月 (终稿).bin", "data", bytes, LARGE, &files[1]);
	world_stage(world, 2, "empty", "empty", "", 0, &files[2]);
	world_slip(world, files, WORLD_FILES);
	free(bytes);
}

void world_new(struct world *world, const char *folder)
{
	memset(world, 0, sizeof(*world));
	ck_assert_int_ge(sodium_init(), 0);
	world->medium = folder_new(folder, "medium");
	world->staging = folder_new(folder, "staging");
	world->landing = folder_new(folder, "landing");
	world->filesystem = MEDIUM_FILESYSTEM_EXT4;
	world->receiver = age_fixture_ring();
	world->office = age_fixture_ring();
	world->stranger = age_fixture_ring();
	levels_new(&world->levels);
	randombytes_buf(world->medium_id, sizeof(world->medium_id));
	world->sequence = 12;
	crypto_sign_keypair(world->key, world->secret);
	memcpy(world->table_key, world->key, sizeof(world->key));
	world->work.threads = 1;
	stage_all(world);
}

void world_free(struct world *world)
{
	slip_free(&world->slip);
	age_keyring_free(world->receiver);
	age_keyring_free(world->office);
	age_keyring_free(world->stranger);
	close(world->medium);
	close(world->staging);
	close(world->landing);
}

static int sign(void *context, const uint8_t sha512[static 64], uint8_t signature[static 64],
		uint8_t key[static 32])
{
	struct world *world = context;
	uint8_t data[SLIP_SIGNED_DATA];
	size_t length = slip_signed_data(sha512, data);

	world->signs++;
	if (world->sign_error < 0)
		return world->sign_error;
	memcpy(key, world->key, 32);
	return crypto_sign_detached(signature, NULL, data, length, world->secret);
}

int world_export(struct world *world, const struct object_io *io, struct export_result *result)
{
	static const char note[] = "airgapd/T-00417/1\n12\nAAAA\n\n— airgapd/T-00417/1 AAAA\n";
	static const uint8_t salt[32] = { 7 };
	struct object_store store;
	struct export_job job = {
		.store = &store,
		.staging = world->staging,
		.slip = &world->slip,
		.sign = sign,
		.context = world,
		.witness = note,
		.witness_length = sizeof(note) - 1,
		.witness_salt = salt,
		.work = &world->work,
	};
	int r;

	memset(result, 0, sizeof(*result));
	r = object_store_open(&store, world->medium, world->filesystem, true, io);
	if (r < 0)
		return outcome_set(&result->outcome, outcome_of_medium(r), r, NULL, NULL);
	r = export_run(&job, result);
	object_store_close(&store);
	return r;
}

static int find_key(void *context, const char *terminal, uint8_t key[static 32])
{
	struct world *world = context;

	ck_assert_str_eq(terminal, "T-00417");
	memcpy(key, world->table_key, 32);
	return world->table_error;
}

void world_source(struct world *world, struct object_store *store, struct import_source *source)
{
	ck_assert_int_eq(object_store_open(store, world->medium, world->filesystem, false, NULL),
			 0);
	*source = (struct import_source){
		.store = store,
		.ring = world->receiver,
		.medium = world->medium_id,
		.sequence = world->sequence,
		.unit = "7.2.15",
		.level = "jimi",
		.levels = &world->levels,
		.memory = world->memory,
		.memory_count = world->memory_count,
		.key = find_key,
		.context = world,
		.work = &world->work,
	};
}

uint32_t world_slip_check(struct world *world)
{
	struct object_store store;
	struct import_source source;
	struct import_entry entry;
	int r;

	world_source(world, &store, &source);
	r = import_slip(&source, world->slip.batch, &entry);
	ck_assert((r == 0) == (entry.outcome.reason == OUTCOME_DONE));
	slip_free(&entry.slip);
	object_store_close(&store);
	return entry.outcome.reason;
}

int world_import(struct world *world, struct import_result *result)
{
	struct object_store store;
	struct import_source source;
	struct import_entry entry;
	struct import_job job = { .source = &source,
				  .slip = &entry.slip,
				  .staging = world->landing };
	int r;

	memset(result, 0, sizeof(*result));
	ck_assert_int_eq(staging_discard(world->landing), 0);
	world_source(world, &store, &source);
	r = import_slip(&source, world->slip.batch, &entry);
	if (r < 0)
		result->outcome = entry.outcome;
	else
		r = import_run(&job, result);
	slip_free(&entry.slip);
	object_store_close(&store);
	return r;
}

static void same_file(int a, int b)
{
	size_t x_length, y_length;
	uint8_t *x, *y;

	ck_assert_int_ge(a, 0);
	ck_assert_int_ge(b, 0);
	x = age_fixture_read(a, &x_length);
	y = age_fixture_read(b, &y_length);
	ck_assert_uint_eq(x_length, y_length);
	ck_assert(memcmp(x, y, x_length) == 0);
	free(x);
	free(y);
	close(a);
	close(b);
}

void world_landed(struct world *world, const struct import_result *result)
{
	ck_assert_uint_eq(result->file_count, world->slip.file_count);
	for (uint32_t i = 0; i < result->file_count; i++) {
		same_file(staging_file(world->staging, i), staging_file(world->landing, i));
		ck_assert_str_eq(result->files[i].file.name, world->slip.files[i].file.name);
	}
}

size_t world_count(const struct world *world, const char *name)
{
	int fd = openat(world->medium, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	size_t count = 0;

	if (!dir)
		return 0;
	while ((entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count;
}

void world_empty(const struct world *world)
{
	ck_assert_uint_eq(world_count(world, "objects"), 0);
	ck_assert_uint_eq(world_count(world, "witness"), 0);
}
