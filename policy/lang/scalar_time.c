// SPDX-License-Identifier: GPL-2.0-or-later
/* Days, times and hours of the week. */
#include "policy/lang/scalar_time.h"

#include <string.h>

#include "policy/lang/scalar.h"

/* Days since 1970-01-01 in the Gregorian calendar. */
static int64_t days_from_civil(int64_t year, unsigned int month, unsigned int day)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	int64_t past = year - 1;
	int64_t days = 365 * (year - 1970) + (past / 4 - past / 100 + past / 400) - 477;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days + before[month - 1] + (leap && month > 2) + (int64_t)day - 1;
}

static int days_in_month(int64_t year, unsigned int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool digits_number(const char *text, int digits, unsigned int *number)
{
	*number = 0;
	for (int i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*number = *number * 10 + (unsigned int)(text[i] - '0');
	}
	return true;
}

bool scalar_date(const char *text, int64_t *first_second)
{
	unsigned int year, month, day;

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
	    !digits_number(text, 4, &year) || !digits_number(text + 5, 2, &month) ||
	    !digits_number(text + 8, 2, &day))
		return false;
	if (year < 1970 || month < 1 || month > 12 || day < 1 ||
	    day > (unsigned int)days_in_month(year, month))
		return false;
	*first_second = days_from_civil(year, month, day) * 86400;
	return true;
}

bool scalar_read_date(const char *text, struct value *value)
{
	if (!scalar_date(text, &value->dates.from))
		return false;
	value->dates.to = value->dates.from + 86399;
	return true;
}

/* No leap seconds: UNIX time has none. */
bool scalar_read_time(const char *text, struct value *value)
{
	unsigned int hour, minute, second;
	char day[11];

	if (strlen(text) != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
	    text[19] != 'Z')
		return false;
	memcpy(day, text, 10);
	day[10] = '\0';
	if (!scalar_date(day, &value->dates.from) || !digits_number(text + 11, 2, &hour) ||
	    !digits_number(text + 14, 2, &minute) || !digits_number(text + 17, 2, &second))
		return false;
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	value->dates.from += (int64_t)hour * 3600 + (int64_t)minute * 60 + second;
	value->dates.to = value->dates.from;
	return true;
}

/* Mon ... Sun; 7: it is no day */
static uint8_t read_day(const char *text)
{
	static const char names[] = "MonTueWedThuFriSatSun";
	uint8_t day;

	for (day = 0; day < 7; day++)
		if (strncmp(text, names + (size_t)3 * day, 3) == 0)
			break;
	return day;
}

/* "Mon", or "Mon-Fri"; returns what follows, or NULL. */
static const char *read_days(const char *text, uint8_t *days)
{
	uint8_t first = read_day(text), last = first;

	*days = 0;
	if (first == 7)
		return NULL;
	text += 3;
	if (*text == '-') {
		last = read_day(text + 1);
		text += 4;
	}
	if (last == 7 || last < first)
		return NULL;
	for (uint8_t day = first; day <= last; day++)
		*days |= (uint8_t)(1U << day);
	return text;
}

/* HH:MM, up to 24:00; returns what follows, or NULL. */
static const char *read_minutes(const char *text, uint16_t *minutes)
{
	unsigned int hour, minute;

	if (!digits_number(text, 2, &hour) || text[2] != ':' ||
	    !digits_number(text + 3, 2, &minute) || minute > 59 || hour * 60 + minute > 24 * 60)
		return NULL;
	*minutes = (uint16_t)(hour * 60 + minute);
	return text + 5;
}

bool scalar_read_hours(const char *text, struct value *value)
{
	struct week_hours *hours = &value->hours;

	text = read_days(text, &hours->days);
	if (!text || *text != ' ')
		return false;
	text = read_minutes(text + 1, &hours->from);
	if (!text || *text != '-')
		return false;
	text = read_minutes(text + 1, &hours->to);
	return text && *text == '\0' && hours->from < hours->to;
}
