/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a signature may be for. The namespace is part of what is signed (OpenSSH PROTOCOL.sshsig),
 * so a signature made for one kind of text never passes for another.
 */
#ifndef AIRGAP_SIGN_NAMESPACE_H
#define AIRGAP_SIGN_NAMESPACE_H

#include <stddef.h>
#include <stdint.h>

enum sign_namespace {
	SIGN_NAMESPACE_POLICY,
	SIGN_NAMESPACE_TRUST,
	SIGN_NAMESPACE_TABLE,
	SIGN_NAMESPACE_MEDIA,
	SIGN_NAMESPACE_SLIP,
	SIGN_NAMESPACE_APPROVAL,
	SIGN_NAMESPACE_ORDER,
	SIGN_NAMESPACE_LOGIN,	 /* an officer's answer to the office's challenge */
	SIGN_NAMESPACE_MOVE,	 /* what an officer does with an event of the office's */
	SIGN_NAMESPACE_CARD,	 /* to whom files for another unit are encrypted */
	SIGN_NAMESPACE_RECOVERY, /* making and using the office's recovery key: two officers */
	SIGN_NAMESPACE_COUNT,	 /* also: none of them */
};

/* The longest name and its NUL. */
#define SIGN_NAMESPACE_SIZE 32

/* namespace_name - "airgap-policy@v1", as given to `ssh-keygen -Y sign -n` */
const char *namespace_name(enum sign_namespace ns);

/* namespace_word - "airgap-policy": the word that begins a text of this kind */
const char *namespace_word(enum sign_namespace ns);

/* namespace_text_max - the largest text of this kind, in bytes */
size_t namespace_text_max(enum sign_namespace ns);

/* namespace_of_name - by its name; SIGN_NAMESPACE_COUNT when there is none */
enum sign_namespace namespace_of_name(const char *name);

/**
 * namespace_of_text - the namespace that belongs to a text, by its first word
 *
 * Blank lines and comments before the word are passed over. Returns SIGN_NAMESPACE_COUNT when the
 * text does not begin with one of our words.
 */
enum sign_namespace namespace_of_text(const uint8_t *text, size_t length);

#endif
