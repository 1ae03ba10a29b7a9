// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office recovery: the key that opens every object, and the ceremonies around it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/age/age_file.h"
#include "agent/lib/age/age_result.h"
#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/lib/printable.h"
#include "agent/office/admin.h"
#include "agent/office/own_log.h"
#include "agent/office/recovery.h"
#include "agent/office/store/store_people.h"

#define SIGNED_MAX 131072

/* --- create: at the machine without network; there is no store there --- */

static int digest_path(const char *path, char text[static RECOVERY_DIGEST_TEXT], uint64_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int r = fd < 0 ? -errno : recovery_digest(fd, text, size);

	if (r < 0)
		log_error("cannot read %s: %s", path, strerror(-r));
	if (fd >= 0)
		close(fd);
	return r;
}

static int make_copies(const struct age_identity *identity, char **paths,
		       struct recovery_order *order)
{
	uint64_t size;
	int r = 0;

	for (size_t i = 0; r == 0 && i < RECOVERY_COPIES; i++) {
		fprintf(stderr, "%s: its keeper enters a passphrase now\n", paths[i]);
		r = recovery_key_write(identity, paths[i]);
		if (r == 0)
			r = digest_path(paths[i], order->copies[i], &size);
	}
	return r;
}

/* What was written must open again, before anybody relies on it. */
static int read_back(const struct age_identity *identity, char **paths)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < RECOVERY_COPIES; i++) {
		struct age_keyring *ring = age_keyring_new();

		fprintf(stderr, "%s: the same once more, to see that it opens\n", paths[i]);
		r = ring ? recovery_key_read(ring, paths[i]) : -ENOMEM;
		if (r == 0 &&
		    (ring->count != 1 || sodium_memcmp(ring->identities[0].secret, identity->secret,
						       AGE_KEY_SIZE) != 0)) {
			log_error("%s does not hold what was written to it", paths[i]);
			r = -EIO;
		}
		age_keyring_free(ring);
	}
	return r;
}

static int create(const struct office_call *call, int argc, char **argv)
{
	struct recovery_order order = { .move = RECOVERY_ENTER };
	struct age_keyring *ring;
	char *text = NULL;
	int r;

	(void)call;
	if (argc != 4)
		return office_usage("recovery");
	ring = age_keyring_new();
	r = ring ? age_keyring_generate(ring) : -ENOMEM;
	if (r == 0)
		r = make_copies(&ring->identities[0], argv + 2, &order);
	if (r == 0)
		r = read_back(&ring->identities[0], argv + 2);
	if (r == 0) {
		age_recipient_format(&ring->identities[0].recipient, order.recipient);
		r = recovery_draft(&order, argv[1], office_now_us(), &text);
	}
	age_keyring_free(ring);
	if (r == 0)
		fputs(text, stdout);
	free(text);
	return r < 0;
}

/* --- what two officers signed --- */

static int take_signed(struct admin *admin, const char *path, enum recovery_move move,
		       struct recovery_order *order, uint8_t **file, size_t *length)
{
	char reason[RECOVERY_REASON_SIZE] = "";
	int r = file_read(path, SIGNED_MAX, file, length);

	if (r < 0)
		snprintf(reason, sizeof(reason), "cannot read %s: %s", path, strerror(-r));
	else
		r = recovery_verify(admin->store, admin->keys.name, admin->now_us, *file, *length,
				    move, order, reason);
	if (r < 0)
		log_error("nothing was done: %s", reason);
	return r;
}

/* One entry of the own log, and the signed text beside it: used once. */
static int record(struct admin *admin, const struct recovery_order *order, const char *verb,
		  const char *text, const void *file, size_t length)
{
	char proof[2 * STORE_HASH_SIZE + 1];
	int64_t seq = 0;
	struct own_action action = { .verb = verb, .text = text, .proof = proof, .seq = &seq };
	int r;

	sodium_bin2hex(proof, sizeof(proof), order->digest, sizeof(order->digest));
	r = own_log_add(admin->store, &admin->keys, &action, admin->now_us);
	if (r == 0)
		r = store_signed_add(admin->store, seq, order->digest, file, length);
	if (r == -EEXIST)
		log_error("nothing was done: this very text was used before; draft it anew");
	return r;
}

static int record_alone(struct admin *admin, const struct recovery_order *order, const char *verb,
			const char *text, const void *file, size_t length)
{
	int r = admin_begin(admin);

	if (r < 0)
		return r;
	r = record(admin, order, verb, text, file, length);
	if (r == 0 && order->move == RECOVERY_ENTER)
		r = store_setting_put(admin->store, RECOVERY_SETTING, order->recipient);
	if (r == 0)
		r = store_commit(admin->store);
	else
		store_rollback(admin->store);
	return r;
}

static int enter(const struct office_call *call, int argc, char **argv)
{
	struct recovery_order order;
	struct admin admin;
	uint8_t *file = NULL;
	size_t length = 0;
	char text[512];
	int r;

	if (argc != 2)
		return office_usage("recovery");
	r = admin_open(&admin, call);
	if (r == 0)
		r = take_signed(&admin, argv[1], RECOVERY_ENTER, &order, &file, &length);
	if (r == 0) {
		snprintf(text, sizeof(text), "%s; copies %s and %s; witnesses %s and %s",
			 order.recipient, order.copies[0], order.copies[1], order.names[0],
			 order.names[1]);
		r = record_alone(&admin, &order, "recovery-enter", text, file, length);
	}
	if (r == 0)
		printf("recovery \"%s\"\n", order.recipient);
	free(file);
	admin_close(&admin);
	return r < 0;
}

/* --- open --- */

static int draft(const struct office_call *call, int argc, char **argv)
{
	struct recovery_order order = { .move = RECOVERY_OPEN };
	struct admin admin;
	char *text = NULL;
	int r;

	if (argc != 3 || !argv[2][0] || strlen(argv[2]) >= sizeof(order.why) ||
	    !printable_is_text(argv[2]))
		return office_usage("recovery");
	snprintf(order.why, sizeof(order.why), "%s", argv[2]);
	r = digest_path(argv[1], order.object, &order.size);
	if (r < 0)
		return 1;
	r = admin_open(&admin, call);
	if (r == 0)
		r = recovery_draft(&order, admin.keys.name, admin.now_us, &text);
	if (r == 0)
		fputs(text, stdout);
	free(text);
	admin_close(&admin);
	return r < 0;
}

struct opening {
	struct admin admin;
	struct recovery_order order;
	struct age_keyring *ring;
	uint8_t *file;
	size_t length;
	int in, out;
};

static int check_object(struct opening *o, const char *path)
{
	char digest[RECOVERY_DIGEST_TEXT];
	uint64_t size;
	int r;

	o->in = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	r = o->in < 0 ? -errno : recovery_digest(o->in, digest, &size);
	if (r < 0) {
		log_error("cannot read %s: %s", path, strerror(-r));
		return r;
	}
	if (strcmp(digest, o->order.object) == 0)
		return 0;
	log_error("%s is not the object that the officers signed for: its digest is %s", path,
		  digest);
	return -EACCES;
}

static int decrypt(struct opening *o, const char *path)
{
	char digest[RECOVERY_DIGEST_TEXT], text[512];
	struct recovery_order done = o->order;
	uint64_t size = 0;
	int r;

	o->out = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (o->out < 0) {
		r = -errno;
		log_error("cannot make %s: %s", path, strerror(-r));
		return r;
	}
	r = age_decrypt_file(o->in, o->out, o->ring, NULL);
	if (r == 0)
		r = recovery_digest(o->out, digest, &size);
	if (r == 0 && fsync(o->out) < 0)
		r = -errno;
	if (r < 0) {
		log_error("%s", age_result_text(r));
		unlink(path);
		snprintf(text, sizeof(text), "object %s was not opened: %s", done.object,
			 age_result_text(r));
	} else {
		snprintf(text, sizeof(text), "object %s was opened: %" PRIu64 " bytes, %s",
			 done.object, size, digest);
	}
	if (admin_begin(&o->admin) == 0 &&
	    admin_commit(&o->admin, 0, r < 0 ? "recovery-failed" : "recovery-opened", "%s", text) <
		    0)
		r = r < 0 ? r : -EIO;
	if (r == 0)
		printf("%s  %s\n", digest, path);
	return r;
}

/* IDENTITY OBJECT OUTPUT SIGNED */
static int open_object(const struct office_call *call, int argc, char **argv)
{
	struct opening o = { .in = -1, .out = -1 };
	char text[1024];
	int r;

	if (argc != 5)
		return office_usage("recovery");
	o.ring = age_keyring_new();
	r = o.ring ? admin_open(&o.admin, call) : -ENOMEM;
	if (r == 0)
		r = take_signed(&o.admin, argv[4], RECOVERY_OPEN, &o.order, &o.file, &o.length);
	if (r == 0)
		r = check_object(&o, argv[2]);
	if (r == 0)
		r = recovery_key_entered(o.admin.store, o.ring, argv[1]);
	/* On record before a byte is in clear: nobody opens something and tells nobody. */
	if (r == 0) {
		snprintf(text, sizeof(text), "object %s, by %s and %s: %s", o.order.object,
			 o.order.names[0], o.order.names[1], o.order.why);
		r = record_alone(&o.admin, &o.order, "recovery-open", text, o.file, o.length);
	}
	if (r == 0)
		r = decrypt(&o, argv[3]);
	if (o.in >= 0)
		close(o.in);
	if (o.out >= 0)
		close(o.out);
	free(o.file);
	age_keyring_free(o.ring);
	admin_close(&o.admin);
	return r < 0;
}

static int show(const struct office_call *call, int argc, char **argv)
{
	struct admin admin;
	char *recipient = NULL;
	int r;

	(void)argv;
	if (argc != 1)
		return office_usage("recovery");
	r = admin_open(&admin, call);
	if (r == 0)
		r = store_setting_get(admin.store, RECOVERY_SETTING, &recipient);
	if (r == 0)
		printf("recovery \"%s\"\n", recipient);
	else if (r == -ENOENT)
		log_error("no recovery key was entered yet");
	free(recipient);
	admin_close(&admin);
	return r < 0;
}

int verb_recovery(const struct office_call *call)
{
	static const struct {
		const char *name;
		int (*run)(const struct office_call *call, int argc, char **argv);
	} parts[] = { { "create", create },
		      { "enter", enter },
		      { "draft", draft },
		      { "open", open_object },
		      { "show", show } };

	for (size_t i = 0; call->argc > 1 && i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcmp(call->argv[1], parts[i].name) == 0)
			return parts[i].run(call, call->argc - 1, call->argv + 1);
	return office_usage("recovery");
}
