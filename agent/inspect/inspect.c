// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/inspect.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/i18n.h"

static void state(struct inspect *inspect, enum inspect_result result, const char *place,
		  const char *value, va_list args) __attribute__((format(printf, 4, 0)));

static void state(struct inspect *inspect, enum inspect_result result, const char *place,
		  const char *value, va_list args)
{
	struct inspect_finding finding = { .result = result };

	snprintf(finding.place, sizeof(finding.place), "%s", place);
	vsnprintf(finding.value, sizeof(finding.value), value, args);
	inspect->stated++;
	inspect->state(inspect->data, &finding);
}

#define STATE(name, result)                                                                        \
	void name(struct inspect *inspect, const char *place, const char *value, ...)              \
	{                                                                                          \
		va_list args;                                                                      \
                                                                                                   \
		va_start(args, value);                                                             \
		state(inspect, result, place, value, args);                                        \
		va_end(args);                                                                      \
	}

STATE(inspect_fail, INSPECT_FAIL)
STATE(inspect_warn, INSPECT_WARN)
STATE(inspect_unknown, INSPECT_UNKNOWN)
STATE(inspect_pass, INSPECT_PASS)
STATE(inspect_absent, INSPECT_NOT_APPLICABLE)

const char *inspect_result_name(uint32_t result)
{
	static const char *const names[INSPECT_RESULT_COUNT] = {
		[INSPECT_NOT_APPLICABLE] = N_("not-applicable"),
		[INSPECT_PASS] = N_("pass"),
		[INSPECT_UNKNOWN] = N_("unknown"),
		[INSPECT_WARN] = N_("warn"),
		[INSPECT_FAIL] = N_("fail"),
	};

	return result < INSPECT_RESULT_COUNT ? names[result] : "unknown";
}

const char *inspect_severity_name(uint32_t severity)
{
	static const char *const names[INSPECT_SEVERITY_COUNT] = {
		[INSPECT_MEDIUM] = N_("medium"),
		[INSPECT_HIGH] = N_("high"),
		[INSPECT_CRITICAL] = N_("critical"),
	};

	return severity < INSPECT_SEVERITY_COUNT ? names[severity] : "critical";
}

const struct inspect_check *inspect_check_named(const char *name)
{
	for (const struct inspect_check *check = inspect_checks; check->name; check++)
		if (strcmp(check->name, name) == 0)
			return check;
	return NULL;
}

void inspect_fingerprint(const struct inspect_check *check, const struct inspect_finding *finding,
			 char out[static INSPECT_FINGERPRINT_SIZE])
{
	const char *const parts[] = { check->name, finding->place,
				      inspect_result_name(finding->result) };
	unsigned char digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state hash;

	crypto_hash_sha256_init(&hash);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		crypto_hash_sha256_update(&hash, (const unsigned char *)parts[i],
					  strlen(parts[i]) + 1);
	crypto_hash_sha256_final(&hash, digest);
	sodium_bin2hex(out, INSPECT_FINGERPRINT_SIZE, digest, (INSPECT_FINGERPRINT_SIZE - 1) / 2);
}
