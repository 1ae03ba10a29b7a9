/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages for the administrator, on standard error.
 *
 * Under systemd each line carries its priority as sd-daemon(3) describes; elsewhere the program's
 * name. Untrusted text is made printable. Nothing secret is ever passed here.
 */
#ifndef AIRGAP_LIB_LOG_H
#define AIRGAP_LIB_LOG_H

enum log_level {
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARNING = 4,
	LOG_LEVEL_NOTICE = 5,
	LOG_LEVEL_INFO = 6,
};

/* log_init - @name is kept, not copied */
void log_init(const char *name);

void log_message(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#define log_error(...)	 log_message(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_message(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_notice(...)	 log_message(LOG_LEVEL_NOTICE, __VA_ARGS__)
#define log_info(...)	 log_message(LOG_LEVEL_INFO, __VA_ARGS__)

#endif
