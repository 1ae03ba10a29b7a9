// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * age v1 from the command line, for tests and benchmarks. Identities come from files only.
 *
 *	usage: age-file keygen FILE
 *	       age-file recipient IDENTITY-FILE
 *	       age-file [OPTION...] -r RECIPIENT... encrypt IN OUT
 *	       age-file [OPTION...] -i IDENTITY-FILE... decrypt IN OUT
 *	       age-file -i IDENTITY-FILE... read IN OFFSET LENGTH	to standard output
 *
 *	-c CIPHER	libsodium (usual) or libcrypto; -t N threads (0: one a processor)
 *	-s		as a stream, chunk by chunk; IN and OUT may be '-'
 *	-p		say how far it is, on standard error
 *
 * Exit: 0; 1 any other failure; 10 header failure, 11 no match, 12 HMAC failure, 13 payload failure.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/age/age_file.h"
#include "agent/lib/age/age_lock.h"
#include "agent/lib/age/age_reader.h"
#include "agent/lib/age/age_result.h"
#include "agent/lib/age/age_stream.h"

struct settings {
	struct age_recipient recipients[AGE_RECIPIENTS_MAX];
	size_t recipient_count;
	struct age_keyring *ring;
	struct age_work work;
	bool stream;
};

static int usage(void)
{
	fprintf(stderr, "usage: age-file [-s] [-p] [-c CIPHER] [-t N] [-r RECIPIENT]... "
			"[-i FILE]... keygen|recipient|encrypt|decrypt|read ...\n");
	return -EINVAL;
}

static int open_in(const char *path)
{
	int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int open_out(const char *path)
{
	int fd = strcmp(path, "-") == 0 ? dup(STDOUT_FILENO)
					: open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	return fd < 0 ? -errno : fd;
}

static void show_progress(void *context, uint64_t done, uint64_t total)
{
	(void)context;
	fprintf(stderr, "%" PRIu64 "/%" PRIu64 "\n", done, total);
}

static int add_recipient(struct settings *settings, const char *text)
{
	if (settings->recipient_count == AGE_RECIPIENTS_MAX)
		return -ENOSPC;
	return age_recipient_parse(&settings->recipients[settings->recipient_count++], text,
				   strlen(text));
}

static int add_identities(struct settings *settings, const char *path)
{
	size_t line = 0;
	int fd = open_in(path), r;

	if (fd < 0)
		return fd;
	r = age_keyring_read(settings->ring, fd, &line);
	if (line)
		fprintf(stderr, "age-file: %s:%zu: no identity\n", path, line);
	close(fd);
	return r;
}

static int print_recipients(const struct age_keyring *ring)
{
	char text[AGE_RECIPIENT_TEXT];

	for (size_t i = 0; i < ring->count; i++) {
		age_recipient_format(&ring->identities[i].recipient, text);
		puts(text);
	}
	return 0;
}

static int keygen(struct settings *settings, const char *path)
{
	char *text = sodium_malloc(AGE_IDENTITY_TEXT);
	int fd = open_out(path), r = fd < 0 ? fd : -ENOMEM;

	if (fd < 0 || !text)
		goto out;
	r = age_keyring_generate(settings->ring);
	if (r < 0)
		goto out;
	age_identity_format(&settings->ring->identities[0], text);
	r = -EIO;
	if (write(fd, text, strlen(text)) == (ssize_t)strlen(text) && write(fd, "\n", 1) == 1)
		r = print_recipients(settings->ring);
out:
	sodium_free(text);
	if (fd >= 0)
		close(fd);
	return r;
}

static int encrypt(struct settings *settings, int in, int out)
{
	const struct age_source source = age_source_fd(&in);
	const struct age_sink sink = age_sink_fd(&out);

	if (settings->stream)
		return age_encrypt_stream(&source, &sink, settings->recipients,
					  settings->recipient_count);
	return age_encrypt_file(in, out, settings->recipients, settings->recipient_count,
				&settings->work);
}

static int decrypt(struct settings *settings, int in, int out)
{
	const struct age_source source = age_source_fd(&in);
	const struct age_sink sink = age_sink_fd(&out);

	if (settings->stream)
		return age_decrypt_stream(&source, &sink, settings->ring);
	return age_decrypt_file(in, out, settings->ring, &settings->work);
}

static int from_to(struct settings *settings, char **paths,
		   int (*convert)(struct settings *settings, int in, int out))
{
	int in = open_in(paths[0]), out = -1, r = in;

	if (r < 0)
		return r;
	r = out = open_out(paths[1]);
	if (r >= 0) {
		r = convert(settings, in, out);
		close(out);
	}
	close(in);
	return r;
}

static int read_some(struct settings *settings, char **arguments)
{
	uint64_t offset = strtoull(arguments[1], NULL, 10),
		 length = strtoull(arguments[2], NULL, 10);
	struct age_reader *reader = NULL;
	int fd = open_in(arguments[0]), r;
	uint8_t bytes[10000];
	ssize_t n;

	if (fd < 0)
		return fd;
	r = age_reader_open(fd, settings->ring, settings->work.cipher, &reader);
	while (r == 0 && length > 0) {
		size_t piece = length < sizeof(bytes) ? (size_t)length : sizeof(bytes);

		n = age_reader_pread(reader, bytes, piece, offset);
		if (n <= 0) {
			r = (int)n;
			break;
		}
		r = fwrite(bytes, 1, (size_t)n, stdout) == (size_t)n ? 0 : -EIO;
		offset += (uint64_t)n;
		length -= (uint64_t)n;
	}
	age_reader_close(reader);
	close(fd);
	return r;
}

static int command(struct settings *settings, char **words, int count)
{
	if (count == 2 && strcmp(words[0], "keygen") == 0)
		return keygen(settings, words[1]);
	if (count == 2 && strcmp(words[0], "recipient") == 0) {
		int r = add_identities(settings, words[1]);

		return r < 0 ? r : print_recipients(settings->ring);
	}
	if (count == 3 && strcmp(words[0], "encrypt") == 0)
		return from_to(settings, words + 1, encrypt);
	if (count == 3 && strcmp(words[0], "decrypt") == 0)
		return from_to(settings, words + 1, decrypt);
	if (count == 4 && strcmp(words[0], "read") == 0)
		return read_some(settings, words + 1);
	return usage();
}

static int options(struct settings *settings, int argc, char **argv)
{
	int option, r = 0;

	while (r == 0 && (option = getopt(argc, argv, "spc:t:r:i:")) != -1) {
		if (option == 's')
			settings->stream = true;
		else if (option == 'p')
			settings->work.progress = show_progress;
		else if (option == 't')
			settings->work.threads = (unsigned int)strtoul(optarg, NULL, 10);
		else if (option == 'r')
			r = add_recipient(settings, optarg);
		else if (option == 'i')
			r = add_identities(settings, optarg);
		else if (option == 'c' && strcmp(optarg, "libcrypto") == 0)
			settings->work.cipher = &age_cipher_libcrypto;
		else if (option != 'c' || strcmp(optarg, "libsodium") != 0)
			r = usage();
	}
	return r;
}

static int exit_status(int result)
{
	switch (result) {
	case AGE_BAD_HEADER:
		return 10;
	case AGE_NO_MATCH:
		return 11;
	case AGE_BAD_MAC:
		return 12;
	case AGE_BAD_PAYLOAD:
		return 13;
	default:
		return result < 0;
	}
}

int main(int argc, char **argv)
{
	static struct settings settings;
	int r = -ENOMEM;

	if (sodium_init() < 0)
		return 1;
	settings.ring = age_keyring_new();
	if (settings.ring)
		r = options(&settings, argc, argv);
	if (r == 0)
		r = command(&settings, argv + optind, argc - optind);
	age_keyring_free(settings.ring);
	if (r < 0)
		fprintf(stderr, "age-file: %s\n", age_result_text(r));
	return exit_status(r);
}
