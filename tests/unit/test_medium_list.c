// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/msg.h"
#include "agent/transfer/medium_list.h"
#include "tests/unit/unit.h"

static unsigned int came, going, pulled;

static void on_came(void *data, const struct medium_use *use)
{
	(void)data;
	(void)use;
	came++;
}

static void on_going(void *data, const struct medium_use *use, const struct msg_medium_gone *gone)
{
	(void)data;
	/* What is open on it can still be closed in good order. */
	ck_assert(use->root < 0 || fcntl(use->root, F_GETFD) >= 0);
	going++;
	pulled += gone->pulled;
}

static struct medium_list *list(void)
{
	const struct medium_watcher watcher = { .came = on_came, .going = on_going };

	came = going = pulled = 0;
	return medium_list_new(&watcher);
}

static int take(struct medium_list *media, uint64_t cookie, uint32_t right, int fd)
{
	struct msg_medium said = { .cookie = cookie,
				   .kind = MEDIA_KIND_REGISTERED,
				   .right = right };
	struct msg msg = { .type = MSG_MEDIUM, .body = &said, .length = sizeof(said), .fd = fd };
	int r;

	said.id[0] = (uint8_t)cookie;
	r = medium_list_take(media, &msg);
	if (msg.fd >= 0)
		close(msg.fd);
	return r;
}

START_TEST(come_and_go)
{
	struct medium_list *media = list();
	struct msg_medium_gone gone = { .cookie = 1, .pulled = 1 };
	const uint8_t id[MEDIUM_ID_SIZE] = { 2 };
	int root = open(".", O_RDONLY | O_DIRECTORY);

	ck_assert_int_eq(take(media, 1, MEDIA_RIGHT_WRITE, root), 0);
	ck_assert_int_eq(take(media, 2, MEDIA_RIGHT_NONE, -1), 0);
	ck_assert_uint_eq(came, 2);
	ck_assert_int_eq(medium_list_find(media, 1)->root, root);
	ck_assert_int_eq(medium_list_find_id(media, id)->root, -1);
	ck_assert_ptr_eq(medium_list_at(media, 1), medium_list_find(media, 2));
	ck_assert_ptr_null(medium_list_at(media, 2));
	ck_assert_ptr_null(medium_list_find(media, 0));
	ck_assert_int_eq(medium_list_gone(media, &gone), 0);
	ck_assert_int_eq(medium_list_gone(media, &gone), 0);
	ck_assert_uint_eq(going, 1);
	ck_assert_uint_eq(pulled, 1);
	ck_assert_ptr_null(medium_list_find(media, 1));
	/* Nothing holds the file system any more. */
	ck_assert(fcntl(root, F_GETFD) < 0 && errno == EBADF);
	medium_list_clear(media);
	ck_assert_uint_eq(going, 2);
	ck_assert_ptr_null(medium_list_at(media, 0));
	medium_list_free(media);
	medium_list_free(NULL);
}
END_TEST

START_TEST(what_the_core_never_says)
{
	struct medium_list *media = list();

	ck_assert_int_eq(take(media, 1, MEDIA_RIGHT_READ, -1), -EPROTO);
	ck_assert_int_eq(take(media, 1, MEDIA_RIGHT_NONE, open("/dev/null", O_RDONLY)), -EPROTO);
	ck_assert_int_eq(take(media, 0, MEDIA_RIGHT_NONE, -1), -EPROTO);
	ck_assert_int_eq(take(media, 1, MEDIA_RIGHT_NONE, -1), 0);
	ck_assert_int_eq(take(media, 1, MEDIA_RIGHT_NONE, -1), -EPROTO);
	ck_assert_uint_eq(came, 1);
	medium_list_free(media);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("medium_list");
	TCase *tc = tcase_create("medium_list");

	tcase_add_test(tc, come_and_go);
	tcase_add_test(tc, what_the_core_never_says);
	suite_add_tcase(suite, tc);
	return unit_run(suite);
}
