/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts in the reader's language, by gettext. The catalogs are packaging/po/LANGUAGE.po; what has no
 * translation is shown in English.
 */
#ifndef AIRGAP_LIB_I18N_H
#define AIRGAP_LIB_I18N_H

#include <libintl.h>

#define I18N_DOMAIN "airgapd"

/* _ - the translation of a text; N_ - marks one that is translated where it is used */
#define _(text)	 gettext(text)
#define N_(text) (text)

/**
 * i18n_init - take the language from the environment
 * @folder: of the catalogs; NULL: where the package puts them, or AIRGAP_LOCALE_DIR for tests
 *
 * A language whose locale is not installed is still spoken: texts are UTF-8 in any case. Call it
 * before a sandbox is entered and before threads are made: catalogs are read at the first text.
 */
void i18n_init(const char *folder);

/* i18n_use - speak @language ("zh_CN", "en") from here on; of the whole process */
void i18n_use(const char *language);

#endif
