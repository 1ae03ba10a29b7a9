// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"

/* The longest text of a policy or a list with all the signatures that a file may carry. */
#define FILE_LIMIT (256 * 1024 + SIGNED_ARMOUR_MAX)

struct trust *ctl_trust_load_file(const char *path, const char *name,
				  char reason[static CTL_REASON_SIZE])
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct trust_account account = { 0 };
	struct trust *trust = NULL;
	uint8_t *bytes = NULL;
	size_t length = 0;
	int r = file_read(path, FILE_LIMIT, &bytes, &length);

	if (r < 0) {
		snprintf(reason, CTL_REASON_SIZE, "cannot read %s: %s", name, strerror(-r));
		return NULL;
	}
	r = trust_open(bytes, length, NULL, &diags, &trust, &account);
	if (r < 0 && diags.errors)
		diag_format_first(&diags, name, reason, CTL_REASON_SIZE);
	else if (r < 0)
		snprintf(reason, CTL_REASON_SIZE, "%s: %s", name, account.reason);
	diag_list_free(&diags);
	free(bytes);
	return trust;
}

struct trust *ctl_trust_load(const struct ctl *ctl, char reason[static CTL_REASON_SIZE])
{
	char path[PATH_MAX];
	int r = path_join(path, ctl->root, PATH_TRUST);

	if (r == 0)
		return ctl_trust_load_file(path, PATH_TRUST, reason);
	snprintf(reason, CTL_REASON_SIZE, "cannot read %s: %s", PATH_TRUST, strerror(-r));
	return NULL;
}

static void verify(const struct trust *trust, struct ctl_policy *policy)
{
	int r = trust_verify(policy->bytes, policy->length, trust, SIGN_NAMESPACE_POLICY, NULL,
			     &policy->account);

	policy->signed_well = r == 0;
	snprintf(policy->reason, sizeof(policy->reason), "%s", policy->account.reason);
}

/* The digest is worth showing even of a file that nobody has signed. */
static int find_text(struct ctl_policy *policy)
{
	char reason[SIGNED_REASON_SIZE];
	int r = signed_text(policy->bytes, policy->length, &policy->text_length, reason);

	if (r < 0)
		snprintf(policy->reason, sizeof(policy->reason), "%s", reason);
	return r;
}

int ctl_policy_load(const char *path, const char *name, const struct trust *trust,
		    struct ctl_policy *policy)
{
	int r;

	*policy = (struct ctl_policy){ .name = name };
	r = file_read(path, FILE_LIMIT, &policy->bytes, &policy->length);
	if (r < 0) {
		snprintf(policy->reason, sizeof(policy->reason), "cannot read %s: %s", name,
			 r == -EFBIG ? "too large for a policy" : strerror(-r));
		return r;
	}
	if (trust)
		verify(trust, policy);
	if (find_text(policy) < 0)
		return 0;
	r = policy_parse((const char *)policy->bytes, policy->text_length, &policy->diags,
			 &policy->policy);
	if (r < 0 && (policy->signed_well || !trust))
		diag_format_first(&policy->diags, name, policy->reason, sizeof(policy->reason));
	return 0;
}

int ctl_policy_active(const struct ctl *ctl, const struct trust *trust, struct ctl_policy *policy)
{
	char path[PATH_MAX];
	int r = path_join(path, ctl->root, PATH_POLICY_ACTIVE);

	if (r < 0) {
		*policy = (struct ctl_policy){ .name = PATH_POLICY_ACTIVE };
		snprintf(policy->reason, sizeof(policy->reason), "%s", strerror(-r));
		return r;
	}
	return ctl_policy_load(path, PATH_POLICY_ACTIVE, trust, policy);
}

void ctl_policy_done(struct ctl_policy *policy)
{
	policy_free(policy->policy);
	diag_list_free(&policy->diags);
	free(policy->bytes);
	policy->policy = NULL;
	policy->bytes = NULL;
}

void ctl_day(int64_t time, char out[static 16])
{
	struct tm tm;

	if (!gmtime_r(&(time_t){ time }, &tm) || !strftime(out, 16, "%Y-%m-%d", &tm))
		snprintf(out, 16, "?");
}

void ctl_policy_signers(const struct ctl_policy *policy, char *out, size_t size)
{
	const struct trust_account *account = &policy->account;
	size_t used = 0;

	out[0] = 0;
	for (uint32_t i = 0; i < account->signer_count && used < size; i++) {
		const struct trust_signer *signer = &account->signers[i];

		if (signer->mark == TRUST_MARK_COUNTED)
			used += (size_t)snprintf(out + used, size - used, "%s%s (%s, %s)",
						 used ? ", " : "", signer->id, signer->person,
						 trust_duty_name(signer->duty));
	}
}

static json_t *signers_json(const struct trust_account *account)
{
	json_t *list = json_array();

	for (uint32_t i = 0; list && i < account->signer_count; i++) {
		const struct trust_signer *signer = &account->signers[i];

		json_array_append_new(list, json_pack("{s:s, s:s, s:s?, s:s, s:s}", "id",
						      signer->id, "person", signer->person, "duty",
						      signer->duty < TRUST_DUTY_COUNT
							      ? trust_duty_name(signer->duty)
							      : NULL,
						      "key", signer->fingerprint, "mark",
						      trust_mark_name(signer->mark)));
	}
	return list;
}

json_t *ctl_policy_json(const struct ctl_policy *policy)
{
	char digest[SIGNED_DIGEST_TEXT], from[16], until[16];
	json_t *json;

	if (!policy->policy)
		return json_null();
	ctl_day(policy_valid_from(policy->policy), from);
	ctl_day(policy_valid_until(policy->policy), until);
	json = json_pack("{s:s, s:I, s:s, s:s, s:b, s:o}", "id", policy_id(policy->policy),
			 "serial", (json_int_t)policy_serial(policy->policy), "valid_from", from,
			 "valid_until", until, "signed", policy->signed_well, "signers",
			 signers_json(&policy->account));
	if (json && policy->signed_well) {
		signed_digest_format(policy->account.digest, digest);
		json_object_set_new(json, "digest", json_string(digest));
	}
	return json;
}
