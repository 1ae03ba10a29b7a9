// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/admin.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/log.h"
#include "agent/office/own_log.h"

int admin_open(struct admin *admin, const struct office_call *call)
{
	char *name = NULL;
	int r;

	*admin = (struct admin){ .call = call, .now_us = office_now_us() };
	r = office_store(call, STORE_WRITE, &admin->store);
	if (r < 0)
		return r;
	r = store_setting_get(admin->store, "name", &name);
	if (r == 0)
		r = keys_load(&admin->keys, call->root, name);
	else
		log_error("the store has no office in it: make one by '" OFFICE_NAME " init'");
	free(name);
	return r;
}

void admin_close(struct admin *admin)
{
	store_close(admin->store);
	keys_done(&admin->keys);
}

int admin_begin(struct admin *admin)
{
	int r = store_begin(admin->store);

	if (r < 0)
		log_error("the store cannot be written: %s", store_reason(admin->store));
	return r;
}

int admin_commit(struct admin *admin, int r, const char *verb, const char *format, ...)
{
	char text[512];
	struct own_action action = { .verb = verb, .text = text };
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (r < 0) {
		store_rollback(admin->store);
		return r;
	}
	r = own_log_add(admin->store, &admin->keys, &action, admin->now_us);
	if (r == 0)
		r = store_commit(admin->store);
	else
		store_rollback(admin->store);
	if (r < 0)
		log_error("nothing was changed: %s", store_reason(admin->store));
	return r;
}
