// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/media/media_label.h"

#include <errno.h>
#include <libfdisk.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/lib/media/media_layout.h"

/* libfdisk answers 0 or -errno, save for the few calls that answer 1. */
static int error_of(int r)
{
	return r > 0 ? -EIO : r;
}

static int open_label(const struct media_image *image, const char *path,
		      struct fdisk_context **context)
{
	*context = fdisk_new_context();
	if (!*context)
		return -ENOMEM;
	fdisk_disable_dialogs(*context, 1);
	return error_of(fdisk_assign_device_by_fd(*context, image->fd, path, 0));
}

static void close_label(struct fdisk_context *context)
{
	if (!context)
		return;
	/* The descriptor is the caller's; without sync, which media_image_write() and fsync do. */
	fdisk_deassign_device(context, 1);
	fdisk_unref_context(context);
}

static int add_partition(struct fdisk_context *context, const char *type, const char *name,
			 uint64_t first, uint64_t sectors)
{
	struct fdisk_parttype *kind =
		fdisk_label_parse_parttype(fdisk_get_label(context, NULL), type);
	struct fdisk_partition *part = fdisk_new_partition();
	int r = kind && part ? 0 : -ENOMEM;

	if (r == 0)
		r = fdisk_partition_set_type(part, kind);
	if (r == 0 && name)
		r = fdisk_partition_set_name(part, name);
	if (r == 0)
		r = fdisk_partition_set_start(part, first);
	if (r == 0 && sectors)
		r = fdisk_partition_set_size(part, sectors);
	if (r == 0) {
		fdisk_partition_end_follow_default(part, sectors == 0);
		fdisk_partition_partno_follow_default(part, 1);
		r = fdisk_add_partition(context, part, NULL);
	}
	fdisk_unref_parttype(kind);
	fdisk_unref_partition(part);
	return error_of(r);
}

static int lay_out(struct fdisk_context *context, const struct media_image *image,
		   enum medium_filesystem filesystem)
{
	uint64_t first = MEDIA_ALIGN / image->sector_size;
	uint64_t raw = MEDIA_RAW_SIZE / image->sector_size;
	const char *type =
		filesystem == MEDIUM_FILESYSTEM_EXT4 ? MEDIA_LINUX_TYPE : MEDIA_BASIC_TYPE;
	int r = error_of(fdisk_create_disklabel(context, "gpt"));

	if (r == 0)
		r = add_partition(context, MEDIA_RAW_TYPE, MEDIA_RAW_NAME, first, raw);
	if (r == 0)
		r = add_partition(context, type, NULL, first + raw, 0);
	return r == 0 ? error_of(fdisk_write_disklabel(context)) : r;
}

/* Old tables, file systems and records, at both ends. */
static int wipe(const struct media_image *image)
{
	size_t piece = MEDIA_ALIGN;
	uint64_t head = (uint64_t)3 * MEDIA_ALIGN + MEDIA_RAW_SIZE;
	uint64_t tail = image->size / 4096 * 4096 - MEDIA_ALIGN;
	uint8_t *zeroes = calloc(1, piece);
	int r = zeroes ? 0 : -ENOMEM;

	for (uint64_t at = 0; r == 0 && at < head; at += piece)
		r = media_image_write(image, at, zeroes, piece);
	if (r == 0)
		r = media_image_write(image, tail, zeroes, piece);
	free(zeroes);
	return r;
}

int media_label_create(const struct media_image *image, const char *path,
		       enum medium_filesystem filesystem)
{
	struct fdisk_context *context = NULL;
	int r;

	if (image->size < MEDIA_SIZE_MIN)
		return -ENOSPC;
	r = wipe(image);
	if (r == 0)
		r = open_label(image, path, &context);
	if (r == 0)
		r = lay_out(context, image, filesystem);
	if (r == 0 && fsync(image->fd) < 0)
		r = -errno;
	if (r == 0 && image->block)
		r = error_of(fdisk_reread_partition_table(context));
	close_label(context);
	return r;
}

int media_label_repair(const struct media_image *image, const char *path)
{
	struct fdisk_context *context = NULL;
	int r = open_label(image, path, &context);

	/* Without a GPT the protective MBR alone would do for a label. */
	if (r == 0 && !fdisk_is_labeltype(context, FDISK_DISKLABEL_GPT))
		r = -EBADMSG;
	if (r == 0)
		r = error_of(fdisk_write_disklabel(context));
	if (r == 0 && fsync(image->fd) < 0)
		r = -errno;
	close_label(context);
	return r;
}
