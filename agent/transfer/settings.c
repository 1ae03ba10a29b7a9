// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void settings_clear(struct settings *settings)
{
	free(settings->recipients);
	free(settings->persons);
	*settings = (struct settings){ 0 };
}

void settings_begin(struct settings *settings, const struct msg_transfer_settings *said)
{
	settings_clear(settings);
	settings->said = *said;
	if (settings->said.level_count > POLICY_LEVELS_MAX)
		settings->said.level_count = POLICY_LEVELS_MAX;
}

/* One more of @size bytes at the end of @list; NULL: no memory. */
static void *grow(void *list, size_t count, size_t size)
{
	/* The room doubles whenever it is used up. */
	if (count & (count - 1))
		return list;
	return reallocarray(list, count ? 2 * count : 1, size);
}

int settings_recipient(struct settings *settings, const struct msg_transfer_recipient *recipient)
{
	struct msg_transfer_recipient *list;

	if (settings->recipient_count == SETTINGS_RECIPIENTS_MAX)
		return -E2BIG;
	list = grow(settings->recipients, settings->recipient_count, sizeof(*list));
	if (!list)
		return -ENOMEM;
	settings->recipients = list;
	list[settings->recipient_count++] = *recipient;
	return 0;
}

int settings_person(struct settings *settings, const struct msg_transfer_person *person)
{
	struct msg_transfer_person *list;

	if (settings->person_count == SETTINGS_PERSONS_MAX)
		return -E2BIG;
	list = grow(settings->persons, settings->person_count, sizeof(*list));
	if (!list)
		return -ENOMEM;
	settings->persons = list;
	list[settings->person_count++] = *person;
	return 0;
}

void settings_end(struct settings *settings)
{
	settings->known = true;
}

const char *settings_refusal(const struct settings *settings)
{
	if (!settings->known)
		return "airgapd does not answer, and without it nothing is transferred. Ask the "
		       "system "
		       "administrator to look at 'systemctl status airgapd'";
	if (settings->said.permitted)
		return NULL;
	return settings->said.reason[0] ? settings->said.reason
					: "the policy in force permits no transfer";
}

int settings_level(const struct settings *settings, const char *level)
{
	for (uint32_t i = 0; i < settings->said.level_count; i++)
		if (strcmp(settings->said.levels[i], level) == 0)
			return (int)i;
	return -1;
}

const char *settings_label(const struct settings *settings, const char *level)
{
	int rank = settings_level(settings, level);

	return rank < 0 ? "" : settings->said.labels[rank];
}

unsigned int settings_duties(const struct settings *settings, const char *login)
{
	unsigned int duties = 0;

	for (size_t i = 0; *login && i < settings->person_count; i++)
		if (strcmp(settings->persons[i].login, login) == 0)
			duties |= 1u << settings->persons[i].duty;
	return duties;
}

size_t settings_recipients_for(const struct settings *settings, const char *unit, const char *level,
			       const char **out, size_t most)
{
	int wanted = settings_level(settings, level);
	size_t count = 0;

	for (size_t i = 0; i < settings->recipient_count; i++) {
		const struct msg_transfer_recipient *one = &settings->recipients[i];
		const char *highest = one->level[0] ? one->level : settings->said.level;

		if (strcmp(one->unit, unit) != 0 || wanted < 0 ||
		    settings_level(settings, highest) < wanted)
			continue;
		if (count < most)
			out[count] = one->recipient;
		count++;
	}
	return count;
}
