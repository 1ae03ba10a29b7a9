// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgapctl media prepare DEVICE RECORD: partition table, file system, and the text that two officers
 * sign. Nothing on the medium is overwritten before its serial number was typed.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent/ctl/ctl_media.h"
#include "agent/ctl/ctl_output.h"
#include "agent/lib/media/media_label.h"
#include "agent/lib/media/media_system.h"
#include "agent/lib/printable.h"

#define DAY 86400

static int refuse(const char *path, const char *why)
{
	ctl_error("%s cannot become a registered medium: %s", path, why);
	return CTL_BAD;
}

/* Why a device is not one that may be overwritten, or NULL. */
static const char *unfit(const struct ctl_medium *medium, char said[static 1024])
{
	const struct media_device *device = &medium->device;
	const struct medium_facts *facts = &medium->reading.facts;

	if (device->mounted[0]) {
		snprintf(said, 1024, "it is mounted at %s: unmount it, if it is the right one",
			 device->mounted);
		return said;
	}
	if (device->partition)
		return "it is a partition: name the whole disk";
	if (!facts->serial[0] && !medium->image.block)
		return "an image has to be told with --usb-id and --serial which device it is for";
	if (!facts->serial[0])
		return device->usb ? "it has no serial number, and could not be told from others: "
				     "use another"
				   : "it is no USB disk";
	if (device->disks > 1)
		return "its device has several disks, like a card reader: use one with one disk";
	if (medium->image.size < MEDIA_SIZE_MIN)
		return "it has less than 16 MiB";
	return NULL;
}

/* A text that is read back from a record, so it must be one that a record can hold. */
static bool serial_fits(const struct medium_facts *facts)
{
	return printable_is_text(facts->serial);
}

static void show_loss(const struct ctl_medium *medium)
{
	const struct media_reading *reading = &medium->reading;
	char size[32];

	ctl_medium_size(medium->image.size, size);
	fprintf(stderr, "All that is on this medium will be lost:\n\n    %s  %s", medium->path,
		size);
	if (medium->device.name[0])
		fprintf(stderr, "  %s", medium->device.name);
	fprintf(stderr, "\n    %04x:%04x  serial number %s\n", reading->facts.vendor,
		reading->facts.product, reading->facts.serial);
	if (reading->record_length)
		fprintf(stderr, "    it is enrolled already: its record and its counter, too\n");
	fprintf(stderr,
		"\nWhat was stored on it before can be found in its free space by whoever has the "
		"means:\ntake a new one for classified data.\n");
}

static int confirm(const struct ctl *ctl, const struct ctl_medium *medium)
{
	char typed[USB_STRING_SIZE + 2];

	show_loss(medium);
	if (ctl_option(ctl, "yes"))
		return 0;
	if (!isatty(STDIN_FILENO))
		return ctl_usage(ctl, "there is nobody to ask: say --yes when it is the right one");
	fprintf(stderr, "\nType the serial number to go on: ");
	if (!fgets(typed, sizeof(typed), stdin))
		typed[0] = '\0';
	typed[strcspn(typed, "\n")] = '\0';
	if (strcmp(typed, medium->reading.facts.serial) == 0)
		return 0;
	ctl_error("that is not its serial number; nothing was changed");
	return CTL_BAD;
}

static int format(struct ctl_medium *medium, enum medium_filesystem filesystem)
{
	char reason[MEDIA_SYSTEM_REASON];
	int r = ctl_medium_claim(medium);

	if (r != 0)
		return r;
	r = media_label_create(&medium->image, medium->path, filesystem);
	if (r < 0) {
		ctl_error("cannot write a partition table to %s: %s", medium->path, strerror(-r));
		return CTL_UNREACHABLE;
	}
	r = ctl_medium_read(medium);
	if (r != 0)
		return r;
	/* mkfs wants the partition for itself. */
	ctl_medium_close(medium);
	r = media_system_make(medium->path, medium->image.device, filesystem,
			      medium->reading.data_at, medium->reading.data_size, reason);
	if (r < 0) {
		ctl_error("%s", reason);
		return CTL_UNREACHABLE;
	}
	r = ctl_medium_claim(medium);
	return r == 0 ? ctl_medium_read(medium) : r;
}

static int describe(const struct medium_facts *facts, char text[static MEDIUM_RECORD_TEXT_MAX],
		    struct medium_record *record)
{
	long length;

	memset(record, 0, sizeof(*record));
	randombytes_buf(record->id, sizeof(record->id));
	record->vendor = facts->vendor;
	record->product = facts->product;
	record->filesystem = facts->filesystem;
	record->sectors = facts->sectors;
	record->enrolled = time(NULL) / DAY * DAY;
	memcpy(record->serial, facts->serial, sizeof(record->serial));
	memcpy(record->uuid, facts->uuid, sizeof(record->uuid));
	length = medium_record_print(record, text);
	return length < 0 ? (int)length : medium_record_parse(text, (size_t)length, NULL, record);
}

/* Never over something that is there: it could be another medium's record. */
static int save(const char *path, const char *text)
{
	size_t length = strlen(text);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	int r = fd < 0 ? -errno : 0;

	if (r == 0 && write(fd, text, length) != (ssize_t)length)
		r = -EIO;
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (fd >= 0)
		close(fd);
	if (r == 0)
		return 0;
	ctl_error("cannot write %s: %s", path, strerror(-r));
	return CTL_UNREACHABLE;
}

static int show(const struct ctl *ctl, const struct ctl_medium *medium,
		const struct medium_record *record, const char *path)
{
	char id[MEDIUM_ID_TEXT];

	medium_id_format(record->id, id);
	if (ctl->json)
		return ctl_print_json(json_pack("{s:s, s:s, s:s, s:s, s:s, s:I}", "verb", "prepare",
						"media_id", id, "record", path, "filesystem",
						medium_filesystem_name(record->filesystem), "uuid",
						record->uuid, "sectors",
						(json_int_t)record->sectors)) < 0
			       ? CTL_UNREACHABLE
			       : CTL_GOOD;
	printf("Medium %s is prepared: %s, UUID %s.\n\n"
	       "Its record is in %s and tells nobody's name, unit or level. Have it signed, as "
	       "the\n"
	       "signers' list asks of a policy, by each officer in turn:\n"
	       "    airgap-policy sign --key KEY %s\n"
	       "and then, with the medium plugged in:\n"
	       "    airgapctl media enroll --level LEVEL %s %s\n",
	       id, medium_filesystem_name(record->filesystem), record->uuid, path, path,
	       medium->path, path);
	return CTL_GOOD;
}

static int prepare(const struct ctl *ctl, struct ctl_medium *medium,
		   enum medium_filesystem filesystem)
{
	char text[MEDIUM_RECORD_TEXT_MAX], said[1024], reason[MEDIA_SYSTEM_REASON];
	const char *path = ctl->operands[1], *why = unfit(medium, said);
	struct medium_record record;
	int r;

	if (why)
		return refuse(medium->path, why);
	if (!serial_fits(&medium->reading.facts))
		return refuse(medium->path,
			      "its serial number holds what cannot be shown: use another");
	if (access(path, F_OK) == 0) {
		ctl_error("%s is there already: name another file for the record", path);
		return CTL_BAD;
	}
	r = media_system_ready(medium->image.device, filesystem, reason);
	if (r < 0) {
		ctl_error("%s", reason);
		return r == -EOPNOTSUPP ? CTL_BAD : CTL_UNREACHABLE;
	}
	r = confirm(ctl, medium);
	if (r == 0)
		r = format(medium, filesystem);
	if (r != 0)
		return r;
	if (describe(&medium->reading.facts, text, &record) < 0)
		return refuse(medium->path, "what was read back makes no record");
	r = save(path, text);
	return r == 0 ? show(ctl, medium, &record, path) : r;
}

int ctl_media_prepare(struct ctl *ctl)
{
	const char *name = ctl_option(ctl, "filesystem");
	enum medium_filesystem filesystem = medium_filesystem(name ? name : "exfat");
	struct ctl_medium *medium;
	int r;

	if (filesystem == MEDIUM_FILESYSTEM_COUNT)
		return ctl_usage(ctl, "'%s' is no file system for media: vfat, exfat, ext4", name);
	medium = calloc(1, sizeof(*medium));
	if (!medium) {
		ctl_error("%s", strerror(ENOMEM));
		return CTL_UNREACHABLE;
	}
	r = ctl_medium_open(ctl, ctl->operands[0], medium);
	if (r == 0)
		r = prepare(ctl, medium, filesystem);
	ctl_medium_close(medium);
	free(medium);
	return r;
}
