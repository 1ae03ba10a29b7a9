/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificates, which here are only a carrier of public keys: nobody signs them but their own key,
 * and who knows a peer knows the SHA-256 of its public key info (RFC 7469's pin).
 */
#ifndef AIRGAP_OFFICE_CERTIFICATE_H
#define AIRGAP_OFFICE_CERTIFICATE_H

#include <stddef.h>
#include <stdint.h>

/**
 * certificate_make - a fresh P-256 key and a certificate of its own
 * @host: DNS name or address that stands in it
 * @pem: both, for the caller to wipe and free
 *
 * P-256, because browsers take no Ed25519. Returns 0 or -errno.
 */
int certificate_make(const char *host, char **pem);

/* certificate_pin - of the certificate in @pem; 0 or -EBADMSG */
int certificate_pin(const char *pem, uint8_t pin[static 32]);

/* certificate_pin_der - of one certificate as the peer sent it; 0 or -EBADMSG */
int certificate_pin_der(const void *der, size_t length, uint8_t pin[static 32]);

#endif
