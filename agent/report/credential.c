// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/report/credential.h"

#include <errno.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"

#define FILE_NAME "tls"
#define FILE_MOST 16384
#define DAY_S	  (24L * 3600)

/* The office looks at the key alone; dates are wide, because clocks of terminals are wrong. */
static X509 *make_certificate(EVP_PKEY *key)
{
	X509 *certificate = X509_new();
	X509_NAME *name = certificate ? X509_get_subject_name(certificate) : NULL;

	if (!name || !X509_set_version(certificate, 2) ||
	    !ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate),
				     randombytes_random() | 1u) ||
	    !X509_gmtime_adj(X509_getm_notBefore(certificate), -365 * DAY_S) ||
	    !X509_gmtime_adj(X509_getm_notAfter(certificate), 30 * 365 * DAY_S) ||
	    !X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
					(const unsigned char *)"airgap-terminal", -1, -1, 0) ||
	    !X509_set_issuer_name(certificate, name) || !X509_set_pubkey(certificate, key) ||
	    !X509_sign(certificate, key, EVP_sha256())) {
		X509_free(certificate);
		return NULL;
	}
	return certificate;
}

static int make(const char *folder)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = key ? make_certificate(key) : NULL;
	BIO *bio = BIO_new(BIO_s_secmem());
	char *text = NULL;
	long length = 0;
	int r = -ENOMEM;

	if (bio && certificate &&
	    PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) &&
	    PEM_write_bio_X509(bio, certificate))
		length = BIO_get_mem_data(bio, &text);
	if (length > 0)
		r = file_replace(folder, FILE_NAME, 0600, text, (size_t)length);
	BIO_free(bio);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return r;
}

/* Both from our own file; the pin is that of the very certificate that is shown. */
static int find_pin(struct credential *credential)
{
	BIO *bio = BIO_new_mem_buf(credential->pem, (int)credential->length);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
	X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	unsigned char *info = NULL;
	int length = certificate && key && X509_check_private_key(certificate, key) == 1
			     ? i2d_PUBKEY(key, &info)
			     : -1;

	if (length > 0)
		crypto_hash_sha256(credential->pin, info, (unsigned int)length);
	OPENSSL_free(info);
	X509_free(certificate);
	EVP_PKEY_free(key);
	BIO_free(bio);
	return length > 0 ? 0 : -EBADMSG;
}

int credential_open(const char *folder, struct credential *credential)
{
	char path[PATH_MAX];
	uint8_t *data = NULL;
	int r;

	*credential = (struct credential){ 0 };
	if (snprintf(path, sizeof(path), "%s/" FILE_NAME, folder) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	r = file_read(path, FILE_MOST, &data, &credential->length);
	if (r == -ENOENT) {
		r = make(folder);
		if (r == 0)
			r = file_read(path, FILE_MOST, &data, &credential->length);
	}
	credential->pem = (char *)data;
	return r == 0 ? find_pin(credential) : r;
}

void credential_done(struct credential *credential)
{
	if (credential->pem)
		sodium_memzero(credential->pem, credential->length);
	free(credential->pem);
	*credential = (struct credential){ 0 };
}
