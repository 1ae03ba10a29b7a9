// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office init: folder, keys, store. Once. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/account.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/office/keys.h"
#include "agent/office/office.h"
#include "agent/office/own_log.h"

struct options {
	const char *name, *level, *listen, *host, *per_address;
};

/* As root: the folder, given to the user that all the rest is done as. */
static int make_folder(const char *root)
{
	char folder[PATH_MAX];
	uid_t uid;
	gid_t gid;
	int r = path_join(folder, root, PATH_OFFICE_DIR);

	if (r < 0)
		return r;
	if (mkdir(folder, 0700) < 0 && errno != EEXIST) {
		r = -errno;
		log_error("cannot make the folder %s: %s", folder, strerror(-r));
		return r;
	}
	if (geteuid() == 0 && account_find(root, USER_OFFICE, &uid, &gid) == 0 &&
	    chown(folder, uid, gid) < 0)
		return -errno;
	return 0;
}

static int fill_store(struct store *store, const struct options *options, const struct keys *keys)
{
	int64_t now_us = office_now_us();
	struct own_action action = { .verb = "init", .text = options->name };
	int r = store_begin(store);

	if (r == 0)
		r = store_setting_put(store, "name", options->name);
	if (r == 0)
		r = store_setting_put(store, "level", options->level);
	if (r == 0)
		r = store_setting_put(store, "listen", options->listen);
	if (r == 0)
		r = store_setting_put(store, "per-address", options->per_address);
	if (r == 0)
		r = own_log_begin(store, keys, now_us);
	if (r == 0)
		r = own_log_add(store, keys, &action, now_us);
	if (r == 0)
		return store_commit(store);
	store_rollback(store);
	return r;
}

static int init(const struct office_call *call, const struct options *options)
{
	char key[TLOG_KEY_TEXT_SIZE], pin[65];
	struct keys keys = { 0 };
	struct store *store = NULL;
	int r = make_folder(call->root);

	if (r == 0)
		r = office_drop_root(call->root);
	if (r < 0)
		return r;
	r = keys_make(call->root, options->host);
	if (r < 0) {
		log_error(r == -EEXIST ? "there are keys already: an office is made once"
				       : "cannot make the office's keys: %s",
			  strerror(-r));
		return r;
	}
	r = keys_load(&keys, call->root, options->name);
	if (r == 0)
		r = office_store(call, STORE_CREATE, &store);
	if (r == 0)
		r = fill_store(store, options, &keys);
	if (r == 0) {
		keys_public(&keys, key);
		for (size_t i = 0; i < sizeof(keys.tls_pin); i++)
			snprintf(pin + 2 * i, 3, "%02x", keys.tls_pin[i]);
		printf("office     %s\nkey        %s\ntls        %s\nrecipient  %s\n",
		       options->name, key, pin, keys.recipient);
	}
	store_close(store);
	keys_done(&keys);
	return r;
}

int verb_init(const struct office_call *call)
{
	static const struct option known[] = {
		{ "name", required_argument, NULL, 'n' },
		{ "level", required_argument, NULL, 'l' },
		{ "listen", required_argument, NULL, 'a' },
		{ "host", required_argument, NULL, 'h' },
		{ "per-address", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	struct options options = { .listen = "0.0.0.0:8443",
				   .host = "airgap-office",
				   .per_address = "32" };
	int option;

	optind = 0;
	while ((option = getopt_long(call->argc, call->argv, "", known, NULL)) >= 0) {
		if (option == 'n')
			options.name = optarg;
		else if (option == 'l')
			options.level = optarg;
		else if (option == 'a')
			options.listen = optarg;
		else if (option == 'h')
			options.host = optarg;
		else if (option == 'p' && optarg[strspn(optarg, "0123456789")] == 0)
			options.per_address = optarg;
		else
			return office_usage("init");
	}
	if (optind < call->argc || !options.name || !options.level)
		return office_usage("init");
	if (!tlog_key_name_valid(options.name) || strlen(options.name) > 120) {
		log_error("'%s' cannot be the office's name: letters, digits and marks without "
			  "blanks and plus",
			  options.name);
		return 2;
	}
	return init(call, &options) < 0;
}
