/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spellings of days and times. Private to policy/lang; scalar_read() is everyone else's. */
#ifndef AIRGAP_POLICY_SCALAR_TIME_H
#define AIRGAP_POLICY_SCALAR_TIME_H

#include "policy/lang/value.h"

/* Each sets the content of @value; false when the text is none of its type. */
bool scalar_read_date(const char *text, struct value *value);
bool scalar_read_time(const char *text, struct value *value);
bool scalar_read_hours(const char *text, struct value *value);

#endif
