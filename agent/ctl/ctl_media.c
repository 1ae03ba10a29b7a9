// SPDX-License-Identifier: GPL-2.0-or-later
/* A medium in this machine: what it is, who is behind it, who signed for it. */
#include "agent/ctl/ctl_media.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/major.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "agent/ctl/ctl_files.h"
#include "agent/lib/file.h"
#include "agent/lib/printable.h"
#include "policy/lang/lex.h"
#include "policy/lang/scalar.h"

void ctl_medium_size(uint64_t bytes, char out[static 32])
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double value = (double)bytes / 1024;
	size_t unit = 0;

	for (; value >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
		value /= 1024;
	snprintf(out, 32, value < 100 ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

static int cannot_open(const char *path, int error)
{
	const char *help = error == -EBUSY	 ? "it is in use: unmount it first"
			   : error == -ENOMEDIUM ? "there is no card in it"
			   : error == -ENOTBLK	 ? "it is neither a disk nor an image of one"
			   : error == -EROFS	 ? "its write protection is on"
			   : error == -EACCES	 ? "only root may do this"
						 : strerror(-error);

	ctl_error("cannot open %s: %s", path, help);
	return CTL_UNREACHABLE;
}

/* An image is no device: which one it stands for has to be said. */
static int take_identity(const struct ctl *ctl, struct ctl_medium *medium)
{
	const char *id = ctl_option(ctl, "usb-id"), *serial = ctl_option(ctl, "serial");
	struct medium_facts *facts = &medium->reading.facts;
	struct value value = { 0 };

	if (!id || !serial)
		return 0;
	if (!scalar_read(VALUE_USB_ID, TOKEN_WORD, id, &value) || value.id.any_vendor ||
	    value.id.any_product)
		return ctl_usage(ctl, "'%s' is no USB id such as 0951:1666", id);
	if (!serial[0] || strlen(serial) >= sizeof(facts->serial))
		return ctl_usage(ctl, "a serial number has 1 to %zu bytes",
				 sizeof(facts->serial) - 1);
	facts->vendor = value.id.vendor;
	facts->product = value.id.product;
	snprintf(facts->serial, sizeof(facts->serial), "%s", serial);
	return 0;
}

static bool is_image(const struct ctl_medium *medium)
{
	return !medium->image.block || major(medium->image.device) == LOOP_MAJOR;
}

static int find_device(const struct ctl *ctl, struct ctl_medium *medium)
{
	struct medium_facts *facts = &medium->reading.facts;
	int r;

	if (is_image(medium))
		return take_identity(ctl, medium);
	if (ctl_option(ctl, "usb-id") || ctl_option(ctl, "serial"))
		return ctl_usage(ctl, "--usb-id and --serial are for images; a device says itself "
				      "what it is");
	r = media_device_find(ctl->root, medium->image.device, &medium->device);
	if (r < 0) {
		ctl_error("sysfs does not tell what %s is: %s", medium->path, strerror(-r));
		return CTL_UNREACHABLE;
	}
	facts->vendor = medium->device.vendor;
	facts->product = medium->device.product;
	memcpy(facts->serial, medium->device.serial, sizeof(facts->serial));
	return 0;
}

int ctl_medium_read(struct ctl_medium *medium)
{
	struct medium_facts known = medium->reading.facts;
	int r = media_read(&medium->image, &medium->reading);

	medium->reading.facts.vendor = known.vendor;
	medium->reading.facts.product = known.product;
	memcpy(medium->reading.facts.serial, known.serial, sizeof(known.serial));
	if (r == 0)
		return 0;
	ctl_error("cannot read %s: %s", medium->path, strerror(-r));
	return CTL_UNREACHABLE;
}

int ctl_medium_open(const struct ctl *ctl, const char *path, struct ctl_medium *medium)
{
	int r;

	memset(medium, 0, sizeof(*medium));
	medium->path = path;
	r = media_image_open(path, MEDIA_OPEN_READ, &medium->image);
	if (r < 0)
		return cannot_open(path, r);
	r = find_device(ctl, medium);
	return r == 0 ? ctl_medium_read(medium) : r;
}

int ctl_medium_claim(struct ctl_medium *medium)
{
	dev_t device = medium->image.device;
	int r;

	ctl_medium_close(medium);
	r = media_image_open(medium->path, MEDIA_OPEN_WRITE, &medium->image);
	if (r < 0)
		return cannot_open(medium->path, r);
	if (medium->image.device == device)
		return 0;
	ctl_error("%s is another device now; nothing was written", medium->path);
	return CTL_UNREACHABLE;
}

void ctl_medium_close(struct ctl_medium *medium)
{
	media_image_close(&medium->image);
}

struct trust *ctl_medium_trust(const struct ctl *ctl)
{
	const char *path = ctl_option(ctl, "trust");
	char reason[CTL_REASON_SIZE] = "";
	struct trust *trust =
		path ? ctl_trust_load_file(path, path, reason) : ctl_trust_load(ctl, reason);

	if (!trust)
		ctl_error("nobody's signature can be verified: %s", reason);
	return trust;
}

void ctl_medium_signers(const struct trust_account *account, char *out, size_t size)
{
	size_t used = 0;

	out[0] = 0;
	for (uint32_t i = 0; i < account->signer_count && used < size; i++) {
		const struct trust_signer *signer = &account->signers[i];

		if (signer->mark == TRUST_MARK_COUNTED)
			used += (size_t)snprintf(out + used, size - used, "%s%s (%s, %s)",
						 used ? ", " : "", signer->id, signer->person,
						 trust_duty_name(signer->duty));
	}
}

int ctl_medium_record(const struct trust *trust, const char *path, uint8_t **bytes, size_t *length,
		      struct medium_record *record, struct trust_account *account)
{
	struct diag_list diags = DIAG_LIST_INIT;
	char first[CTL_REASON_SIZE];
	int r = file_read(path, MEDIA_RECORD_SIZE - 1, bytes, length);

	if (r < 0) {
		ctl_error("cannot read %s: %s", path,
			  r == -EFBIG ? "too large for a record" : strerror(-r));
		return CTL_UNREACHABLE;
	}
	r = trust_verify(*bytes, *length, trust, SIGN_NAMESPACE_MEDIA, NULL, account);
	if (r < 0) {
		ctl_error("%s: %s", path, account->reason);
	} else {
		r = medium_record_parse((const char *)account->text, account->text_length, &diags,
					record);
		diag_format_first(&diags, path, first, sizeof(first));
		if (r < 0)
			ctl_error("%s", r == -ENOMEM ? strerror(ENOMEM) : first);
	}
	diag_list_free(&diags);
	if (r == 0)
		return 0;
	free(*bytes);
	*bytes = NULL;
	return CTL_BAD;
}

void ctl_medium_adopt(struct ctl_medium *medium, const struct medium_record *record)
{
	struct medium_facts *facts = &medium->reading.facts;

	if (!is_image(medium) || facts->serial[0])
		return;
	facts->vendor = record->vendor;
	facts->product = record->product;
	memcpy(facts->serial, record->serial, sizeof(facts->serial));
}

bool ctl_medium_fits(const struct ctl_medium *medium, const struct medium_record *record)
{
	static const enum medium_reason about[] = { MEDIUM_OTHER_HARDWARE, MEDIUM_OTHER_CAPACITY,
						    MEDIUM_OTHER_FILESYSTEM };
	struct medium_facts facts = medium->reading.facts;
	struct medium_verdict verdict;
	bool fits = true;

	facts.record_state = MEDIUM_RECORD_GOOD;
	facts.layout = MEDIUM_LAYOUT_SOUND;
	facts.record = *record;
	medium_judge(&facts, NULL, 0, NULL, &verdict);
	for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++)
		if (medium_verdict_has(&verdict, about[i])) {
			ctl_error("the record is not for %s: %s", medium->path,
				  medium_reason_text(about[i]));
			fits = false;
		}
	return fits;
}
