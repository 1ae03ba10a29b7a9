/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounded texts for reasons. A text too long for its buffer is cut between characters. */
#ifndef AIRGAP_SIGN_TEXT_H
#define AIRGAP_SIGN_TEXT_H

#include <stdarg.h>
#include <stddef.h>

/* text_put - replace what @buffer holds */
void text_put(char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* text_vput - the same with a list of arguments */
void text_vput(char *buffer, size_t size, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

/* text_add - append to what @buffer holds */
void text_add(char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
