/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How an age file can fail, beside what the system answers (-EIO, -ENOSPC, ...). The classes are
 * those of the public test vectors (C2SP/CCTV, age): each error says which step failed.
 */
#ifndef AIRGAP_AGE_RESULT_H
#define AIRGAP_AGE_RESULT_H

#include <errno.h>

/* The header is not one of age v1, or breaks a rule of it. */
#define AGE_BAD_HEADER (-EBADMSG)
/* The header is sound, and none of the identities opens it. */
#define AGE_NO_MATCH (-ENOKEY)
/* An identity opens the header, but somebody changed it. */
#define AGE_BAD_MAC (-EKEYREJECTED)
/* The content was changed, cut, or continued. */
#define AGE_BAD_PAYLOAD (-EILSEQ)

/**
 * age_result_text - what happened and what to do about it, in one sentence for people
 * @result: of any age_ function: 0, one of the above, or -errno
 */
const char *age_result_text(int result);

#endif
