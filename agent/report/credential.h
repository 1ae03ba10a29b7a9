/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The key with which the terminal shows itself to the office in TLS, and the certificate that carries
 * its public half. Nobody signs it but itself: the office knows it by its pin.
 */
#ifndef AIRGAP_REPORT_CREDENTIAL_H
#define AIRGAP_REPORT_CREDENTIAL_H

#include <stddef.h>
#include <stdint.h>

struct credential {
	char *pem; /* key and certificate; secret */
	size_t length;
	uint8_t pin[32]; /* SHA-256 of the public key's info */
};

/**
 * credential_open - read it, or make it when there is none
 * @folder: of our own; the file is `tls`, which only we may read
 *
 * Returns 0; -EBADMSG: the file holds neither; -errno. credential_done() wipes and frees.
 */
int credential_open(const char *folder, struct credential *credential);
void credential_done(struct credential *credential);

#endif
