// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/i18n.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef LOCALE_DIR
#define LOCALE_DIR "/usr/share/locale"
#endif

/* Of glibc, as the manual of gettext says in "Changing the language at runtime". */
extern int _nl_msg_cat_cntr;

/* The language that the environment asks for, as setlocale(3) searches it. */
static const char *wanted(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return "C.UTF-8";
}

/* "zh_CN.UTF-8" gives "zh_CN"; "C" and "POSIX" give nothing. */
static void keep_language(const char *locale)
{
	char language[64];

	snprintf(language, sizeof(language), "%.*s", (int)strcspn(locale, ".@"), locale);
	if (strcmp(language, "C") != 0 && strcmp(language, "POSIX") != 0)
		setenv("LANGUAGE", language, 0);
}

void i18n_init(const char *folder)
{
	const char *other = getenv("AIRGAP_LOCALE_DIR");

	/* The language counts even where its locale was never generated. */
	keep_language(wanted());
	if (!setlocale(LC_ALL, "") || strcmp(setlocale(LC_CTYPE, NULL), "C") == 0)
		setlocale(LC_ALL, "C.UTF-8");
	bindtextdomain(I18N_DOMAIN, folder ? folder : other ? other : LOCALE_DIR);
	bind_textdomain_codeset(I18N_DOMAIN, "UTF-8");
	textdomain(I18N_DOMAIN);
}

void i18n_use(const char *language)
{
	setenv("LANGUAGE", language, 1);
	_nl_msg_cat_cntr++;
}
