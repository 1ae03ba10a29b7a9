// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/govern/candidate.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agent/lib/enforced.h"
#include "policy/decide/context.h"

static int refuse(struct candidate *candidate, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int refuse(struct candidate *candidate, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(candidate->reason, sizeof(candidate->reason), format, args);
	va_end(args);
	return error;
}

void candidate_signers(const struct trust_account *account, char *out, size_t size)
{
	size_t used = 0;

	out[0] = 0;
	for (uint32_t i = 0; i < account->signer_count && used < size; i++) {
		const struct trust_signer *signer = &account->signers[i];

		if (signer->mark != TRUST_MARK_COUNTED)
			continue;
		used += (size_t)snprintf(out + used, size - used, "%s%s %s", used ? ", " : "",
					 signer->id, trust_duty_name(signer->duty));
	}
}

/*
 * A change of signers does not lock a terminal: the very policy that was in force under an earlier
 * list stays, with an alarm, until it is replaced, unless the list names its digest as bad.
 */
static bool stays_in_force(const struct candidate_ground *ground, const uint8_t *bytes,
			   size_t length, struct trust_account *account)
{
	char reason[SIGNED_REASON_SIZE];
	struct signed_file file;

	if (!ground->active ||
	    (account->cause != TRUST_CAUSE_UNKNOWN && account->cause != TRUST_CAUSE_REVOKED &&
	     account->cause != TRUST_CAUSE_THRESHOLD))
		return false;
	if (signed_split(&file, bytes, length, SIGN_NAMESPACE_POLICY, reason) < 0 ||
	    signed_verify(&file, SIGN_NAMESPACE_POLICY, reason) < 0 ||
	    memcmp(file.digest, ground->state->policy_digest, sizeof(file.digest)) != 0)
		return false;
	account->text = file.text;
	account->text_length = file.text_length;
	return true;
}

static int check_signatures(const struct candidate_ground *ground, const uint8_t *bytes,
			    size_t length, struct trust_account *account,
			    struct candidate *candidate)
{
	int r;

	if (!ground->trust)
		return refuse(candidate, -ENOKEY, "nobody's signature can be verified: %s",
			      ground->missing);
	r = trust_verify(bytes, length, ground->trust, SIGN_NAMESPACE_POLICY, NULL, account);
	memcpy(candidate->digest, account->digest, sizeof(candidate->digest));
	candidate_signers(account, candidate->signers, sizeof(candidate->signers));
	if (r == -EKEYREJECTED && stays_in_force(ground, bytes, length, account)) {
		snprintf(candidate->reason, sizeof(candidate->reason), "%s", account->reason);
		return 0;
	}
	return r < 0 ? refuse(candidate, r, "%s", account->reason) : 0;
}

static int parse_text(const struct trust_account *account, struct candidate *candidate)
{
	struct diag_list diags = DIAG_LIST_INIT;
	int r;

	r = policy_parse((const char *)account->text, account->text_length, &diags,
			 &candidate->policy);
	if (r < 0)
		diag_format_first(&diags, "policy", candidate->reason, sizeof(candidate->reason));
	diag_list_free(&diags);
	if (r < 0)
		return r;
	candidate->serial = policy_serial(candidate->policy);
	snprintf(candidate->id, sizeof(candidate->id), "%s", policy_id(candidate->policy));
	return 0;
}

static int check_enforceable(struct candidate *candidate)
{
	struct policy_gap gaps[4];
	size_t count, used = 0;
	char names[512] = "";

	count = policy_unenforced(candidate->policy, ENFORCED_FEATURES, gaps,
				  sizeof(gaps) / sizeof(gaps[0]));
	if (!count)
		return 0;
	for (size_t i = 0; i < count && i < sizeof(gaps) / sizeof(gaps[0]); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s'%s' (line %u)",
					 used ? ", " : "", gaps[i].name, gaps[i].line);
	return refuse(candidate, -EOPNOTSUPP,
		      "it asks for what this version cannot enforce: %s%s; remove it or install a "
		      "version that can",
		      names, count > sizeof(gaps) / sizeof(gaps[0]) ? " and more" : "");
}

static int check_scope(const struct candidate_ground *ground, struct candidate *candidate)
{
	const struct terminal *terminal = ground->terminal;
	const struct policy *policy = candidate->policy;

	if (!terminal->number[0])
		return refuse(candidate, -ENOENT, "this terminal does not know its own number: %s",
			      ground->missing);
	switch (policy_scope_match(policy, terminal->number, terminal->unit, terminal->level,
				   ground->terminals)) {
	case POLICY_SCOPE_THIS:
		return 0;
	case POLICY_SCOPE_UNIT:
		return refuse(candidate, -EPERM,
			      "it is for unit %s, this terminal belongs to unit %s",
			      policy_unit(policy), terminal->unit);
	case POLICY_SCOPE_LEVEL:
		return refuse(candidate, -EPERM, "it is for level %s, this terminal has level %s",
			      policy_level(policy), terminal->level);
	case POLICY_SCOPE_REGISTER:
		return refuse(candidate, -ENOENT,
			      "it is for registered terminals, and there is no table of them here: "
			      "install table terminals first");
	case POLICY_SCOPE_UNREGISTERED:
	case POLICY_SCOPE_WITHDRAWN:
	case POLICY_SCOPE_REGISTERED_LEVEL:
		return refuse(candidate, -EPERM,
			      "table terminals does not register terminal %s at level %s",
			      terminal->number, terminal->level);
	case POLICY_SCOPE_TERMINAL:
	default:
		return refuse(candidate, -EPERM, "its scope does not name this terminal, %s",
			      terminal->number);
	}
}

bool candidate_is_bad(const struct trust *trust, const uint8_t digest[static SIGNED_DIGEST_SIZE])
{
	for (uint32_t i = 0; i < trust->bad_count; i++)
		if (memcmp(trust->bad[i], digest, SIGNED_DIGEST_SIZE) == 0)
			return true;
	return false;
}

/*
 * Whoever had the keys for one policy could give it the highest serial there is, and no other would
 * ever follow. A list that names that policy as bad takes its serial out of the count, too.
 */
static uint64_t serial_floor(const struct candidate_ground *ground)
{
	return candidate_is_bad(ground->trust, ground->state->policy_digest)
		       ? 0
		       : ground->state->policy_serial;
}

static int check_serial(const struct candidate_ground *ground, struct candidate *candidate)
{
	const struct state *state = ground->state;
	uint64_t floor = serial_floor(ground);
	bool same = memcmp(candidate->digest, state->policy_digest, sizeof(candidate->digest)) == 0;

	if (candidate->serial < ground->trust->minimum_serial)
		return refuse(candidate, -ESTALE,
			      "its serial %" PRIu64 " is below %" PRIu64
			      ", the least that the signers' list accepts",
			      candidate->serial, ground->trust->minimum_serial);
	if (candidate->serial < floor)
		return refuse(
			candidate, -ESTALE,
			"its serial %" PRIu64 " is older than %" PRIu64
			", which was in force here already: a policy never goes back; sign it "
			"with a higher serial",
			candidate->serial, floor);
	if (candidate->serial == floor && !same)
		return refuse(candidate, -ESTALE,
			      "another policy with serial %" PRIu64
			      " is in force here already; sign this one with a higher serial",
			      candidate->serial);
	if (candidate->serial == floor && !ground->active)
		return refuse(candidate, -EALREADY, "this very policy is in force already");
	return 0;
}

static int check_dates(const struct candidate_ground *ground, struct candidate *candidate)
{
	char day[16];
	struct tm tm;
	int64_t from = policy_valid_from(candidate->policy);
	int64_t until = policy_valid_until(candidate->policy);
	const int64_t bound = ground->now > until ? until : from;

	/* How the copy in force stands to its dates is a matter of mode, not of admission. */
	if (ground->active || (ground->now >= from && ground->now <= until))
		return 0;
	gmtime_r(&(time_t){ bound }, &tm);
	strftime(day, sizeof(day), "%Y-%m-%d", &tm);
	if (ground->now > until)
		return refuse(candidate, -EKEYEXPIRED,
			      "it was valid until %s (UTC) and has expired", day);
	return refuse(candidate, -EAGAIN, "it is valid from %s (UTC) on: install it then", day);
}

int candidate_judge(const struct candidate_ground *ground, const uint8_t *bytes, size_t length,
		    struct candidate *candidate)
{
	struct trust_account account = { 0 };
	int r;

	*candidate = (struct candidate){ 0 };
	r = check_signatures(ground, bytes, length, &account, candidate);
	if (r == 0)
		r = parse_text(&account, candidate);
	if (r == 0)
		r = check_enforceable(candidate);
	if (r == 0)
		r = check_scope(ground, candidate);
	if (r == 0)
		r = check_serial(ground, candidate);
	if (r == 0)
		r = check_dates(ground, candidate);
	if (r < 0)
		candidate_done(candidate);
	return r;
}

void candidate_done(struct candidate *candidate)
{
	policy_free(candidate->policy);
	candidate->policy = NULL;
}
