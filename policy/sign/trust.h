/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The signers' list: whose signature counts for what, and how many are needed.
 *
 * People are told apart by name (case and spaces do not make another person), keys by their point.
 * A signature counts for the one duty of its key. A threshold is met by that many different people
 * with that many different keys.
 *
 * What is not on the list refuses the file: a signature by an unknown key says that the list or the
 * file is not the one that it is taken for, and nobody should learn to overlook that. The same holds
 * for a revoked key. Signatures of retired keys, second signatures of one person, and duties that
 * the threshold does not ask for, are reported and do not count. The records of media are signed once
 * and read for years: there the signatures of retired keys count, if the list tells their duty. Whether
 * a medium is in use still stands in the table, which those who left cannot sign.
 */
#ifndef AIRGAP_SIGN_TRUST_H
#define AIRGAP_SIGN_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/decide/context.h"
#include "policy/decide/facts.h"
#include "policy/lang/policy.h"
#include "policy/sign/signed.h"
#include "policy/sign/sshkey.h"

#define TRUST_KEYS_MAX	  256 /* active, retired and revoked together */
#define TRUST_LEVELS_MAX  16
#define TRUST_BAD_MAX	  256
#define TRUST_PERSON_SIZE 129 /* 128 bytes of UTF-8 and the NUL */
#define TRUST_LABEL_SIZE  65

enum trust_duty {
	TRUST_DUTY_ROOT,
	TRUST_DUTY_SECURITY,
	TRUST_DUTY_APPROVAL,
	TRUST_DUTY_AUDIT,
	TRUST_DUTY_COUNT,
};

enum trust_standing {
	TRUST_STANDING_ACTIVE,
	TRUST_STANDING_RETIRED, /* left the job: counts for nothing new */
	TRUST_STANDING_REVOKED, /* compromised: nothing it signed counts */
};

/* How many signatures of each duty something needs; all zero is never satisfied. */
struct trust_need {
	uint32_t duty[TRUST_DUTY_COUNT];
};

struct trust_key {
	char id[POLICY_NAME_SIZE];
	char person[TRUST_PERSON_SIZE]; /* "" for a retired or revoked key that names none */
	uint32_t duty;			/* enum trust_duty; TRUST_DUTY_COUNT where it names none */
	uint32_t standing;		/* enum trust_standing */
	uint32_t line;			/* in the list */
	struct sshkey key;
};

struct trust_level {
	char name[POLICY_NAME_SIZE];
	char label[TRUST_LABEL_SIZE];
};

struct trust {
	uint64_t number;
	uint64_t minimum_serial; /* policies with a lower serial are refused */
	struct trust_need root;	 /* for the next list */
	struct trust_need policy;
	uint8_t digest[SIGNED_DIGEST_SIZE]; /* SHA-256 of its text */
	uint32_t level_count;		    /* lowest first */
	uint32_t key_count;
	uint32_t bad_count;
	struct trust_level levels[TRUST_LEVELS_MAX];
	struct trust_key keys[TRUST_KEYS_MAX];
	uint8_t bad[TRUST_BAD_MAX][SIGNED_DIGEST_SIZE]; /* texts that must not be used */
};

/* What became of one signature. */
enum trust_mark {
	TRUST_MARK_COUNTED,
	TRUST_MARK_AGAIN,   /* this person, or this key, has already been counted */
	TRUST_MARK_RETIRED, /* reported; does not count */
	TRUST_MARK_UNASKED, /* a duty that the threshold does not ask for */
	TRUST_MARK_OTHER,   /* has its say under the other of two lists */
	TRUST_MARK_UNKNOWN, /* refuses the file */
	TRUST_MARK_REVOKED, /* refuses the file */
	TRUST_MARK_COUNT,
};

struct trust_signer {
	char id[POLICY_NAME_SIZE]; /* "" when unknown */
	char person[TRUST_PERSON_SIZE];
	char fingerprint[SSHKEY_FINGERPRINT_SIZE];
	uint32_t duty; /* enum trust_duty, or TRUST_DUTY_COUNT */
	uint32_t mark; /* enum trust_mark */
	uint32_t line; /* of the signature in the file */
};

/* What kind of answer it is: a damaged file, or a sound one that is not authorised. */
enum trust_cause {
	TRUST_CAUSE_GOOD,
	TRUST_CAUSE_MALFORMED, /* -EBADMSG, -EFBIG */
	TRUST_CAUSE_UNSIGNED,  /* -ENOKEY: no signature at all */
	TRUST_CAUSE_SIGNATURE, /* -EKEYREJECTED, like all that follow */
	TRUST_CAUSE_UNKNOWN,
	TRUST_CAUSE_REVOKED,
	TRUST_CAUSE_THRESHOLD, /* sound signatures, too few of them */
	TRUST_CAUSE_BAD,       /* the list names this text as bad */
	TRUST_CAUSE_NUMBER,    /* a list that is not the next one */
	TRUST_CAUSE_DIGEST,    /* not the list whose digest is known */
	TRUST_CAUSE_TEXT,      /* -EINVAL: authentic, but wrong */
	TRUST_CAUSE_COUNT,
};

/* Who signed, what counted, and in words why it was not enough. Fixed size, no pointers but @text. */
struct trust_account {
	const uint8_t *text; /* borrowed from the file; NULL unless the answer was 0 */
	size_t text_length;
	uint8_t digest[SIGNED_DIGEST_SIZE]; /* SHA-256 of the text, when it could be found */
	uint32_t cause;			    /* enum trust_cause */
	uint32_t signer_count;
	struct trust_signer signers[SIGNED_BLOCKS_MAX];
	struct trust_need need;
	struct trust_need have;
	char reason[SIGNED_REASON_SIZE]; /* "" when good */
};

struct diag_list;

/**
 * trust_parse - read a list from its text
 * @text: need not be ended by NUL; signatures after it are ignored; not kept
 * @diags: receives errors and warnings; may be NULL
 * @trust: on success the caller's, to be freed with trust_free(); else NULL
 *
 * Besides grammar and types: ids and keys are all different, nobody holds two of security, approval
 * and audit, thresholds can be met, levels differ. Authenticates nothing; see trust_open().
 *
 * Returns 0 (there may be warnings); -EINVAL when there were errors; -ENOMEM.
 */
int trust_parse(const char *text, size_t length, struct diag_list *diags, struct trust **trust);

/* trust_free - accepts NULL */
void trust_free(struct trust *trust);

const char *trust_duty_name(uint32_t duty);
const char *trust_mark_text(uint32_t mark);
/* trust_mark_name, trust_cause_name - one word for programs: "counted", "threshold" */
const char *trust_mark_name(uint32_t mark);
const char *trust_cause_name(uint32_t cause);
/* trust_duty - the duty of a name; TRUST_DUTY_COUNT when there is none */
uint32_t trust_duty(const char *name);

/* trust_same_person - whether two names are one person's: ASCII case and spaces do not differ */
bool trust_same_person(const char *a, const char *b);

/* trust_find - the entry of a public key, of any standing; NULL when it is not on the list */
const struct trust_key *trust_find(const struct trust *trust, const struct sshkey *key);

/* trust_level - place of a level in the list, from 0 for the lowest; -1 when there is none */
int trust_level(const struct trust *trust, const char *name);

/* trust_levels - the levels for a policy_context; the names are borrowed from the list */
void trust_levels(const struct trust *trust, struct policy_levels *levels);

/* trust_need_of - the threshold that a policy states, for trust_verify() */
struct trust_need trust_need_of(const struct policy_need *need);

/**
 * trust_check - whether the signatures of a file are enough
 * @need: thresholds; NULL takes the list's own for a policy
 * @file: from signed_split(), and good by signed_verify()
 * @account: filled in any case
 *
 * Returns 0 or -EKEYREJECTED.
 */
int trust_check(const struct trust *trust, const struct trust_need *need,
		const struct signed_file *file, struct trust_account *account);

/**
 * trust_verify - the whole way: split, verify, look the signers up, count
 * @bytes: the file; @length of them
 * @trust: the list in force
 * @ns: what the file has to be
 * @need: thresholds; NULL takes those of @trust: for a list its root's, for a policy, an order
 *	and a medium's record those of a policy. Tables have theirs from the policy's `table` statement; an approval from
 *	whoever asks.
 * @account: filled in any case; on success its text and digest are what was signed
 *
 * For root: runs no program, opens nothing, allocates nothing; needs less than 16 KiB of stack. Parse
 * nothing of the file before it has answered 0.
 *
 * Returns 0; -EBADMSG malformed; -EFBIG too large; -ENOKEY without a signature; -EKEYREJECTED when a
 * signature is false or they are not enough. account->reason then says why and what to do.
 */
int trust_verify(const uint8_t *bytes, size_t length, const struct trust *trust,
		 enum sign_namespace ns, const struct trust_need *need,
		 struct trust_account *account);

/**
 * trust_succeeds - whether list @next may replace list @now
 * @now: the list in force
 * @next: the candidate, parsed from the text of @file
 * @file: the candidate's file, from signed_split(), and good by signed_verify()
 * @account: counts under @now; the reason names the list that is not satisfied
 *
 * The number must be one higher, and both lists' root thresholds must be met by people of duty root
 * in the respective list. A key known to either list is known. A key that @next revokes still
 * counts under @now: one compromised key must not keep the others from saying so.
 *
 * Returns 0 or -EKEYREJECTED.
 */
int trust_succeeds(const struct trust *now, const struct trust *next,
		   const struct signed_file *file, struct trust_account *account);

/**
 * trust_self_check - whether a list is signed by its own roots
 *
 * All that can be asked of number 1, which is authenticated by comparing its digest. Returns as
 * trust_verify().
 */
int trust_self_check(const struct trust *trust, const struct signed_file *file,
		     struct trust_account *account);

/**
 * trust_open - a list from its file, verified as far as a list alone can be
 * @bytes: the file; @length of them
 * @digest: SHA-256 that its text must have, from the installation or the saved state; or NULL
 * @diags: what is wrong with the text; may be NULL
 * @trust: on success the caller's, to be freed with trust_free(); else NULL
 * @account: filled in any case; for -EINVAL its reason says that the text is wrong
 *
 * Signatures and digest are checked before the text is parsed; then its own roots must have signed
 * it. Without @digest this shows only that somebody made it who holds the keys it names: compare
 * account->digest with what is known, or ask trust_succeeds().
 *
 * Returns as trust_verify(), and -EINVAL, -ENOMEM from trust_parse().
 */
int trust_open(const uint8_t *bytes, size_t length, const uint8_t *digest, struct diag_list *diags,
	       struct trust **trust, struct trust_account *account);

/**
 * trust_follow - the next list from its file: trust_open() for whoever has a list in force
 * @now: the list in force
 * @next: on success the caller's, to be freed with trust_free(); else NULL
 *
 * Signatures are verified before the text is parsed; then trust_succeeds() is asked. Returns as
 * trust_open().
 */
int trust_follow(const struct trust *now, const uint8_t *bytes, size_t length,
		 struct diag_list *diags, struct trust **next, struct trust_account *account);

#endif
