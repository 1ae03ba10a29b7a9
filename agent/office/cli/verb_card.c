// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office card: made for other units' offices; shown, so that its fingerprint can be compared. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/lib/age/age_key.h"
#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/office/office.h"
#include "policy/transfer/card.h"

#define FILE_MAX (CARD_TEXT_MAX + 16384u)
#define DAY	 86400

/* "2026-12-01": its first second, UTC */
static bool read_day(const char *text, int64_t *second)
{
	struct tm tm = { 0 };
	const char *end = strptime(text, "%Y-%m-%d", &tm);

	if (!end || *end || strlen(text) != 10)
		return false;
	*second = timegm(&tm);
	return true;
}

static bool read_number(const char *text, uint64_t most, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	return errno == 0 && *end == 0 && *text >= '0' && *text <= '9' && *number > 0 &&
	       *number <= most;
}

static int add_recipient(struct card *card, char **words)
{
	struct card_recipient *to = &card->recipients[card->recipient_count++];
	struct age_recipient key;
	uint64_t epoch;

	if (age_recipient_parse(&key, words[0], strlen(words[0])) < 0) {
		log_error("'%s' is no age recipient: write what age-keygen -y prints", words[0]);
		return -EINVAL;
	}
	if (!read_number(words[2], UINT32_MAX, &epoch) || strlen(words[1]) >= sizeof(to->level)) {
		log_error("'%s %s' is no level and epoch", words[1], words[2]);
		return -EINVAL;
	}
	snprintf(to->recipient, sizeof(to->recipient), "%s", words[0]);
	snprintf(to->level, sizeof(to->level), "%s", words[1]);
	to->epoch = (uint32_t)epoch;
	return 0;
}

static int read_words(struct card *card, int argc, char **argv)
{
	int r = 0;

	if (strlen(argv[1]) >= sizeof(card->unit) ||
	    !read_number(argv[2], UINT32_MAX, &card->number) || !read_day(argv[3], &card->from) ||
	    !read_day(argv[4], &card->until)) {
		log_error("write: UNIT NUMBER FIRST LAST, such as 7.2.14 3 2026-12-01 2027-05-31");
		return -EINVAL;
	}
	snprintf(card->unit, sizeof(card->unit), "%s", argv[1]);
	card->until += DAY - 1;
	for (int i = 5; r == 0 && i < argc; i += 3)
		r = card->recipient_count < TRANSFER_RECIPIENTS_MAX ? add_recipient(card, argv + i)
								    : -E2BIG;
	return r;
}

static void print_fingerprint(FILE *out, const struct card *card)
{
	char text[CARD_FINGERPRINT_SIZE];

	card_fingerprint(card, text);
	fprintf(out, "fingerprint %s\n", text);
}

static int make(struct card *card, int argc, char **argv)
{
	char text[CARD_TEXT_MAX];
	long length;
	int r;

	if (argc < 8 || (argc - 5) % 3 != 0)
		return office_usage("card");
	r = read_words(card, argc, argv);
	if (r < 0)
		return 1;
	length = card_print(card, text);
	if (length < 0) {
		log_error("this makes no card: %s",
			  length == -EINVAL ? "its first day is after its last, or a name has "
					      "characters that cannot be written"
					    : strerror((int)-length));
		return 1;
	}
	fputs(text, stdout);
	/* For reading out; the text alone goes into the file. */
	print_fingerprint(stderr, card);
	return 0;
}

static void print_day(int64_t second)
{
	time_t at = (time_t)second;
	char text[16];
	struct tm tm;

	strftime(text, sizeof(text), "%Y-%m-%d", gmtime_r(&at, &tm));
	fputs(text, stdout);
}

static int show(struct card *card, int argc, char **argv)
{
	uint8_t *bytes = NULL;
	size_t length = 0;
	int r;

	if (argc != 2)
		return office_usage("card");
	r = file_read(argv[1], FILE_MAX, &bytes, &length);
	if (r < 0)
		log_error("cannot read %s: %s", argv[1], strerror(-r));
	else
		r = card_parse((const char *)bytes, length, NULL, card);
	if (r == -EINVAL)
		log_error("%s is no card: 'airgap-policy check' tells where", argv[1]);
	free(bytes);
	if (r < 0)
		return 1;
	printf("unit %s, number %" PRIu64 ", ", card->unit, card->number);
	print_day(card->from);
	fputs(" .. ", stdout);
	print_day(card->until);
	putchar('\n');
	for (uint32_t i = 0; i < card->recipient_count; i++)
		printf("%s  level %s  epoch %u\n", card->recipients[i].recipient,
		       card->recipients[i].level, card->recipients[i].epoch);
	print_fingerprint(stdout, card);
	return 0;
}

int verb_card(const struct office_call *call)
{
	struct card *card = calloc(1, sizeof(*card));
	int status = 2;

	if (!card)
		return 1;
	if (call->argc > 1 && strcmp(call->argv[1], "make") == 0)
		status = make(card, call->argc - 1, call->argv + 1);
	else if (call->argc > 1 && strcmp(call->argv[1], "show") == 0)
		status = show(card, call->argc - 1, call->argv + 1);
	else
		office_usage("card");
	free(card);
	return status;
}
