/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting the signatures of one file under one list. Private to policy/sign. */
#ifndef AIRGAP_SIGN_TRUST_COUNT_H
#define AIRGAP_SIGN_TRUST_COUNT_H

#include "policy/sign/trust.h"

struct trust_tally {
	const struct trust *trust;
	const struct trust_need *need;
	bool retired_count; /* of what was signed once and is read for years */
	/* When one list follows another: the list in force, or the one to come. Else both NULL. */
	const struct trust *before;
	const struct trust *after;
};

/* trust_count - fills @account; 0 or -EKEYREJECTED. The signatures must have been verified. */
int trust_count(const struct trust_tally *tally, const struct signed_file *file,
		struct trust_account *account);

/* trust_refuse - notes why, takes the text away; returns -EKEYREJECTED. The reason is the caller's. */
int trust_refuse(struct trust_account *account, enum trust_cause cause);

#endif
