// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgapctl policy verify FILE: what airgapd would ask of it, as far as the files here can tell.
 *
 * Each check is a row; the first that fails ends the list, as it does in airgapd.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/ctl/ctl_context.h"
#include "agent/ctl/ctl_files.h"
#include "agent/ctl/ctl_output.h"
#include "agent/lib/enforced.h"
#include "agent/lib/file.h"
#include "agent/lib/path.h"
#include "policy/lang/document.h"

struct verify {
	const struct ctl *ctl;
	struct trust *trust;
	struct ctl_policy candidate, active;
	char detail[CTL_REASON_SIZE]; /* of the check at hand: what was found */
};

enum result {
	RESULT_PASS,
	RESULT_FAIL,
	RESULT_UNKNOWN, /* what is needed to tell could not be read */
};

static enum result say(struct verify *verify, enum result result, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static enum result say(struct verify *verify, enum result result, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(verify->detail, sizeof(verify->detail), format, args);
	va_end(args);
	return result;
}

static enum result check_list(struct verify *verify)
{
	char reason[CTL_REASON_SIZE];

	verify->trust = ctl_trust_load(verify->ctl, reason);
	if (!verify->trust)
		return say(verify, RESULT_UNKNOWN, "nobody's signature can be verified: %.900s",
			   reason);
	return say(verify, RESULT_PASS, "number %llu", (unsigned long long)verify->trust->number);
}

static enum result check_signatures(struct verify *verify)
{
	const char *path = verify->ctl->operands[0];
	char signers[CTL_REASON_SIZE];

	if (ctl_policy_load(path, path, verify->trust, &verify->candidate) < 0)
		return say(verify, RESULT_UNKNOWN, "%s", verify->candidate.reason);
	if (!verify->candidate.signed_well)
		return say(verify, RESULT_FAIL, "%s", verify->candidate.reason);
	ctl_policy_signers(&verify->candidate, signers, sizeof(signers));
	return say(verify, RESULT_PASS, "%s", signers);
}

static enum result check_text(struct verify *verify)
{
	const struct ctl_policy *candidate = &verify->candidate;

	if (!candidate->policy)
		return say(verify, RESULT_FAIL, "%s", candidate->reason);
	return say(verify, RESULT_PASS, "%s, serial %llu", policy_id(candidate->policy),
		   (unsigned long long)policy_serial(candidate->policy));
}

static enum result check_enforced(struct verify *verify)
{
	struct policy_gap gap;
	size_t count = policy_unenforced(verify->candidate.policy, ENFORCED_FEATURES, &gap, 1);

	if (!count)
		return say(verify, RESULT_PASS, "all of it");
	return say(
		verify, RESULT_FAIL,
		"this version cannot enforce '%s' (line %u)%s: remove it or install a version that "
		"can",
		gap.name, gap.line, count > 1 ? " and more" : "");
}

static enum result check_scope(struct verify *verify)
{
	const struct policy *policy = verify->candidate.policy;
	struct ctl_context tables;
	const char *number, *unit, *level;
	enum result result;

	ctl_context_load(verify->ctl, &tables);
	if (!tables.terminal) {
		ctl_context_done(&tables);
		return say(verify, RESULT_UNKNOWN, "%s cannot be read", PATH_TERMINAL);
	}
	number = document_text(tables.terminal, "terminal", "number", "number");
	unit = document_text(tables.terminal, "terminal", "unit", "unit");
	level = document_text(tables.terminal, "terminal", "level", "level");
	switch (policy_scope_match(policy, number, unit, level, tables.context.terminals)) {
	case POLICY_SCOPE_THIS:
		result = say(verify, RESULT_PASS, "terminal %s, unit %s, level %s", number, unit,
			     level);
		break;
	case POLICY_SCOPE_UNIT:
		result = say(verify, RESULT_FAIL,
			     "it is for unit %s, this terminal belongs to unit %s",
			     policy_unit(policy), unit);
		break;
	case POLICY_SCOPE_LEVEL:
		result = say(verify, RESULT_FAIL, "it is for level %s, this terminal has level %s",
			     policy_level(policy), level);
		break;
	case POLICY_SCOPE_REGISTER:
		result =
			say(verify, RESULT_UNKNOWN,
			    "it is for the registered terminals of unit %s; there is no table here "
			    "that would say whether %s is one",
			    unit, number);
		break;
	case POLICY_SCOPE_UNREGISTERED:
	case POLICY_SCOPE_WITHDRAWN:
	case POLICY_SCOPE_REGISTERED_LEVEL:
		result = say(verify, RESULT_FAIL,
			     "table terminals does not register terminal %s at level %s", number,
			     level);
		break;
	case POLICY_SCOPE_TERMINAL:
	default:
		result = say(verify, RESULT_FAIL, "its scope does not name this terminal, %s",
			     number);
	}
	ctl_context_done(&tables);
	return result;
}

static enum result check_office(struct verify *verify)
{
	const struct policy *policy = verify->candidate.policy;
	struct policy_levels levels;
	const char *level;

	trust_levels(verify->trust, &levels);
	level = policy_office_below(policy, &levels);
	if (level)
		return say(
			verify, RESULT_PASS,
			"it has level %s, which is not level %s or above: it gets digests, which "
			"name no people and things of this terminal",
			level, policy_level(policy));
	return say(verify, RESULT_PASS, "no entry goes below level %s", policy_level(policy));
}

static enum result check_serial(struct verify *verify)
{
	uint64_t serial = policy_serial(verify->candidate.policy), now;
	int r = ctl_policy_active(verify->ctl, NULL, &verify->active);

	if (serial < verify->trust->minimum_serial)
		return say(verify, RESULT_FAIL,
			   "%llu is below %llu, the least that the signers' list accepts",
			   (unsigned long long)serial,
			   (unsigned long long)verify->trust->minimum_serial);
	if (r == -ENOENT)
		return say(verify, RESULT_PASS, "%llu; no policy is active here",
			   (unsigned long long)serial);
	if (!verify->active.policy)
		return say(verify, RESULT_UNKNOWN, "%s", verify->active.reason);
	now = policy_serial(verify->active.policy);
	if (serial < now)
		return say(verify, RESULT_FAIL,
			   "%llu is older than %llu, which is active here: a policy "
			   "never goes back",
			   (unsigned long long)serial, (unsigned long long)now);
	if (serial > now)
		return say(verify, RESULT_PASS, "%llu follows %llu", (unsigned long long)serial,
			   (unsigned long long)now);
	if (verify->active.text_length == verify->candidate.text_length &&
	    memcmp(verify->active.bytes, verify->candidate.bytes, verify->active.text_length) == 0)
		return say(verify, RESULT_PASS, "%llu: this very policy is active already",
			   (unsigned long long)serial);
	return say(verify, RESULT_FAIL,
		   "another policy with serial %llu is active here: sign this one "
		   "with a higher serial",
		   (unsigned long long)serial);
}

static enum result check_dates(struct verify *verify)
{
	int64_t from_time = policy_valid_from(verify->candidate.policy);
	int64_t until_time = policy_valid_until(verify->candidate.policy);
	char from[16], until[16];
	int64_t now = time(NULL);

	ctl_day(from_time, from);
	ctl_day(until_time, until);
	if (now < from_time)
		return say(verify, RESULT_FAIL, "it is valid from %s (UTC) on: install it then",
			   from);
	if (now > until_time)
		return say(verify, RESULT_FAIL, "it was valid until %s (UTC) and has expired",
			   until);
	return say(verify, RESULT_PASS, "%s to %s (UTC)", from, until);
}

static const struct {
	const char *name;
	enum result (*check)(struct verify *verify);
	bool needed; /* those after it cannot be asked without it */
} checks[] = {
	{ "signers' list", check_list, true }, { "signatures", check_signatures, true },
	{ "text", check_text, true },	       { "enforceable", check_enforced, false },
	{ "terminal", check_scope, false },    { "office", check_office, false },
	{ "serial", check_serial, false },     { "dates", check_dates, false },
};

static const struct {
	const char *word;
	enum ctl_style style;
	int code;
} results[] = {
	[RESULT_PASS] = { "good", CTL_FINE, CTL_GOOD },
	[RESULT_FAIL] = { "refused", CTL_ALARM, CTL_BAD },
	[RESULT_UNKNOWN] = { "unknown", CTL_WARN, CTL_UNREACHABLE },
};

static void report(struct verify *verify, const char *name, enum result result, json_t *json)
{
	const struct ctl *ctl = verify->ctl;

	if (json) {
		json_array_append_new(json,
				      json_pack("{s:s, s:s, s:s}", "check", name, "result",
						results[result].word, "text", verify->detail));
		return;
	}
	printf("%-14s %s%-8s%s ", name, ctl_on(ctl, results[result].style), results[result].word,
	       ctl_off(ctl, results[result].style));
	ctl_print_clean(verify->detail);
	putchar('\n');
	if (result == RESULT_FAIL && verify->candidate.signed_well && !verify->candidate.policy)
		diag_print(stdout, verify->candidate.name, (const char *)verify->candidate.bytes,
			   verify->candidate.text_length, &verify->candidate.diags);
}

/* A refusal outweighs what could not be found out. */
static int run_checks(struct verify *verify, json_t *json)
{
	bool failed = false, unknown = false;

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		enum result result = checks[i].check(verify);

		report(verify, checks[i].name, result, json);
		failed |= result == RESULT_FAIL;
		unknown |= result == RESULT_UNKNOWN;
		if (result != RESULT_PASS && checks[i].needed)
			break;
	}
	return failed ? CTL_BAD : unknown ? CTL_UNREACHABLE : CTL_GOOD;
}

static void conclude(int code)
{
	static const char *const words[] = {
		[CTL_GOOD] = "airgapd would accept it, as far as can be told without asking it.",
		[CTL_BAD] = "airgapd would refuse it.",
		[CTL_UNREACHABLE] = "Nothing speaks against it, but not all could be checked.",
	};

	if (code == CTL_GOOD || code == CTL_BAD || code == CTL_UNREACHABLE)
		printf("\n%s\n", words[code]);
}

int ctl_policy_verify(struct ctl *ctl)
{
	struct verify verify = { .ctl = ctl };
	json_t *json = ctl->json ? json_array() : NULL;
	int code = run_checks(&verify, json);

	if (json)
		ctl_print_json(json_pack("{s:b, s:O, s:o}", "accepted", code == CTL_GOOD, "checks",
					 json, "policy", ctl_policy_json(&verify.candidate)));
	else if (!ctl->no_legend)
		conclude(code);
	json_decref(json);
	ctl_policy_done(&verify.candidate);
	ctl_policy_done(&verify.active);
	trust_free(verify.trust);
	return code;
}
