// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/age_fixture.h"

#include <check.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct age_keyring *age_fixture_ring(void)
{
	struct age_keyring *ring = age_keyring_new();

	ck_assert_ptr_nonnull(ring);
	ck_assert_int_eq(age_keyring_generate(ring), 0);
	return ring;
}

uint8_t *age_fixture_bytes(size_t size)
{
	static const uint8_t seed[randombytes_SEEDBYTES];
	uint8_t *bytes = malloc(size + 1);

	ck_assert_ptr_nonnull(bytes);
	randombytes_buf_deterministic(bytes, size, seed);
	return bytes;
}

int age_fixture_file(const uint8_t *bytes, size_t size)
{
	int fd = memfd_create("age", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	for (size_t done = 0; done < size;) {
		ssize_t n = write(fd, bytes + done, size - done);

		ck_assert_int_gt(n, 0);
		done += (size_t)n;
	}
	return fd;
}

uint8_t *age_fixture_read(int fd, size_t *size)
{
	struct stat st;
	uint8_t *bytes;

	ck_assert_int_eq(fstat(fd, &st), 0);
	*size = (size_t)st.st_size;
	bytes = malloc(*size + 1);
	ck_assert_ptr_nonnull(bytes);
	ck_assert_int_eq(pread(fd, bytes, *size, 0), (ssize_t)*size);
	return bytes;
}
