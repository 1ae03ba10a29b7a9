// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgapctl report import: the office's answer goes into airgap-reportd's folder, and from there the ways
 * that it would have gone from the network. Nothing of it is believed here.
 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/ctl/ctl_door.h"
#include "agent/ctl/ctl_output.h"
#include "agent/ctl/ctl_report.h"
#include "agent/lib/file.h"
#include "agent/lib/path.h"

/* As airgap-reportd takes it. */
#define ANSWER_MAX  ((size_t)64 << 20)
#define RESULT_MAX  ((size_t)1 << 20)
#define PATIENCE_MS 30000

static int put_answer(const struct ctl *ctl, const char *file, char digest[static 65])
{
	uint8_t *data = NULL, hash[32];
	char folder[PATH_MAX];
	size_t length = 0;
	int r = file_read(file, ANSWER_MAX, &data, &length);

	if (r < 0) {
		ctl_error("%s: %s", file,
			  r == -EFBIG	 ? "this is larger than any answer"
			  : r == -EINVAL ? "this is no regular file"
					 : strerror(-r));
		return r;
	}
	crypto_hash_sha256(hash, data, length);
	sodium_bin2hex(digest, 65, hash, sizeof(hash));
	r = path_join(folder, ctl->root, PATH_REPORT_DIR);
	if (r == 0)
		r = file_replace(folder, "answer", 0640, data, length);
	if (r < 0)
		ctl_error("cannot hand it to airgap-reportd: %s%s", strerror(-r),
			  r == -EACCES ? "; only root may do this" : "");
	free(data);
	return r;
}

/* What became of this very file, or NULL. */
static json_t *load_result(const struct ctl *ctl, const char *digest)
{
	char path[PATH_MAX];
	uint8_t *data = NULL;
	size_t length = 0;
	json_t *json = NULL;

	if (path_join(path, ctl->root, PATH_REPORT_DIR "/answer-result") == 0 &&
	    file_read(path, RESULT_MAX, &data, &length) == 0)
		json = json_loadb((char *)data, length, JSON_REJECT_DUPLICATES, NULL);
	free(data);
	if (strcmp(ctl_text(json, "digest"), digest) == 0)
		return json;
	json_decref(json);
	return NULL;
}

static void forget_result(const struct ctl *ctl)
{
	char path[PATH_MAX];

	if (path_join(path, ctl->root, PATH_REPORT_DIR "/answer-result") == 0)
		unlink(path);
}

static bool document_good(const json_t *document)
{
	json_int_t error = ctl_number(document, "error");

	return error == 0 || error == -EALREADY;
}

static bool all_good(const json_t *result)
{
	const json_t *document;
	size_t i;

	json_array_foreach(json_object_get(result, "documents"), i, document)
	{
		if (!document_good(document))
			return false;
	}
	return !ctl_text(result, "problem")[0];
}

static void show_result(const struct ctl *ctl, const json_t *result)
{
	const char *problem = ctl_text(result, "problem"), *receipt = ctl_text(result, "receipt");
	const json_t *document;
	size_t i;

	if (receipt[0]) {
		ctl_print_clean(receipt);
		putchar('\n');
	}
	json_array_foreach(json_object_get(result, "documents"), i, document)
	{
		bool good = document_good(document);
		const char *text = ctl_text(document, "text");

		printf("%s%s%s: ", ctl_on(ctl, good ? CTL_FINE : CTL_ALARM),
		       ctl_text(document, "kind"), ctl_off(ctl, good ? CTL_FINE : CTL_ALARM));
		ctl_print_clean(text[0] ? text : good ? "in force" : "refused");
		putchar('\n');
	}
	if (problem[0])
		ctl_error("%s: refused: %s", ctl->operands[0], problem);
}

int ctl_report_import(struct ctl *ctl)
{
	json_t *result = NULL;
	char digest[65];
	bool good;

	forget_result(ctl);
	if (put_answer(ctl, ctl->operands[0], digest) < 0)
		return CTL_UNREACHABLE;
	for (int waited = 0; waited < PATIENCE_MS && !result; waited += 50) {
		usleep(50000);
		result = load_result(ctl, digest);
	}
	if (!result) {
		ctl_error("airgap-reportd has it and is not through with it: it needs "
			  "airgap-journald for the receipt and airgapd for documents, and goes on "
			  "when they run");
		return CTL_UNREACHABLE;
	}
	good = all_good(result);
	if (ctl->json) {
		ctl_print_json(result);
	} else {
		show_result(ctl, result);
		json_decref(result);
	}
	return good ? CTL_GOOD : CTL_BAD;
}
