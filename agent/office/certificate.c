// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/certificate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define YEARS_10 (10L * 366 * 24 * 3600)

static int fill(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, const char *host)
{
	uint8_t serial[16], address[16];
	time_t now = time(NULL);
	int r;

	randombytes_buf(serial, sizeof(serial));
	serial[0] &= 0x7f;
	r = gnutls_x509_crt_set_version(certificate, 3);
	if (r >= 0)
		r = gnutls_x509_crt_set_serial(certificate, serial, sizeof(serial));
	/* Clocks of terminals may be a day behind. */
	if (r >= 0)
		r = gnutls_x509_crt_set_activation_time(certificate, now - 86400);
	if (r >= 0)
		r = gnutls_x509_crt_set_expiration_time(certificate, now + YEARS_10);
	if (r >= 0)
		r = gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, host,
						  (unsigned int)strlen(host));
	if (r >= 0 && inet_pton(AF_INET, host, address) == 1)
		r = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, address,
							 4, GNUTLS_FSAN_SET);
	else if (r >= 0 && inet_pton(AF_INET6, host, address) == 1)
		r = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, address,
							 16, GNUTLS_FSAN_SET);
	else if (r >= 0)
		r = gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, host,
							 (unsigned int)strlen(host),
							 GNUTLS_FSAN_SET);
	if (r >= 0)
		r = gnutls_x509_crt_set_key(certificate, key);
	if (r >= 0)
		r = gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0);
	return r;
}

static int write_both(gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key, char **pem)
{
	gnutls_datum_t first = { 0 }, second = { 0 };
	int r = gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
						  &first);

	if (r >= 0)
		r = gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &second);
	if (r >= 0) {
		*pem = malloc((size_t)first.size + second.size + 1);
		if (*pem) {
			memcpy(*pem, first.data, first.size);
			memcpy(*pem + first.size, second.data, second.size);
			(*pem)[first.size + second.size] = 0;
		}
	}
	if (first.data)
		sodium_memzero(first.data, first.size);
	gnutls_free(first.data);
	gnutls_free(second.data);
	return r < 0 ? -EIO : *pem ? 0 : -ENOMEM;
}

int certificate_make(const char *host, char **pem)
{
	gnutls_x509_privkey_t key = NULL;
	gnutls_x509_crt_t certificate = NULL;
	int r = gnutls_x509_privkey_init(&key);

	*pem = NULL;
	if (r >= 0)
		r = gnutls_x509_crt_init(&certificate);
	if (r >= 0)
		r = gnutls_x509_privkey_generate(
			key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
	if (r >= 0)
		r = fill(certificate, key, host);
	r = r < 0 ? -EIO : write_both(certificate, key, pem);
	gnutls_x509_crt_deinit(certificate);
	gnutls_x509_privkey_deinit(key);
	return r;
}

static int pin_of(const gnutls_datum_t *data, gnutls_x509_crt_fmt_t format, uint8_t pin[static 32])
{
	gnutls_x509_crt_t certificate;
	size_t size = 32;
	int r;

	if (gnutls_x509_crt_init(&certificate) < 0)
		return -ENOMEM;
	r = gnutls_x509_crt_import(certificate, data, format);
	if (r >= 0)
		r = gnutls_x509_crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA256, pin, &size);
	gnutls_x509_crt_deinit(certificate);
	return r < 0 || size != 32 ? -EBADMSG : 0;
}

int certificate_pin(const char *pem, uint8_t pin[static 32])
{
	gnutls_datum_t data = { .size = (unsigned int)strlen(pem) };
	int r;

	data.data = malloc(data.size + 1);
	if (!data.data)
		return -ENOMEM;
	memcpy(data.data, pem, data.size + 1);
	r = pin_of(&data, GNUTLS_X509_FMT_PEM, pin);
	sodium_memzero(data.data, data.size);
	free(data.data);
	return r;
}

int certificate_pin_der(const void *der, size_t length, uint8_t pin[static 32])
{
	gnutls_datum_t data = { .size = (unsigned int)length };
	int r;

	data.data = malloc(length + 1);
	if (!data.data)
		return -ENOMEM;
	memcpy(data.data, der, length);
	r = pin_of(&data, GNUTLS_X509_FMT_DER, pin);
	free(data.data);
	return r;
}
