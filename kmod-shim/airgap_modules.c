// SPDX-License-Identifier: GPL-2.0
/*
 * Modules that would go past the gate are not loaded: pktgen sends without the network stack. What
 * else an installation never needs, the core adds. A module that is in already is not touched; that is
 * for the core to notice.
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/string.h>

#include "airgap.h"

static const char *const own_bans[] = { "pktgen" };

static char asked_bans[AIRGAP_MODULES_MAX][AIRGAP_MODULE_NAME];
static u32 asked_count;
static atomic64_t refused;

static bool is_banned(const char *name)
{
	bool found = false;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(own_bans); i++)
		if (strcmp(own_bans[i], name) == 0)
			return true;
	spin_lock_bh(&airgap_lock);
	for (i = 0; i < asked_count && !found; i++)
		found = strcmp(asked_bans[i], name) == 0;
	spin_unlock_bh(&airgap_lock);
	return found;
}

static int on_module(struct notifier_block *block, unsigned long event, void *data)
{
	struct airgap_record record = { .kind = AIRGAP_RECORD_MODULE_VETO };
	const struct module *module = data;

	if (event != MODULE_STATE_COMING || !is_banned(module->name))
		return NOTIFY_DONE;
	atomic64_inc(&refused);
	strscpy(record.name, module->name, sizeof(record.name));
	airgap_record(&record);
	return notifier_from_errno(-EPERM);
}

static struct notifier_block module_block = { .notifier_call = on_module };

/* Names end within their field and are padded with NULs; an empty one would ban nothing. */
static bool is_name(const char name[AIRGAP_MODULE_NAME])
{
	size_t length = strnlen(name, AIRGAP_MODULE_NAME);

	return length > 0 && length < AIRGAP_MODULE_NAME &&
	       !memchr_inv(name + length, 0, AIRGAP_MODULE_NAME - length);
}

int airgap_modules_set(const struct airgap_modules *modules)
{
	bool unlocked;
	int r;
	u32 i;

	if (modules->count > AIRGAP_MODULES_MAX || modules->reserved)
		return -EINVAL;
	for (i = 0; i < modules->count; i++)
		if (!is_name(modules->names[i]))
			return -EINVAL;
	spin_lock_bh(&airgap_lock);
	r = airgap_session_check(modules->session, &unlocked);
	if (r == 0) {
		memcpy(asked_bans, modules->names, sizeof(asked_bans));
		asked_count = modules->count;
	}
	spin_unlock_bh(&airgap_lock);
	return r;
}

void airgap_modules_status(struct airgap_status *status)
{
	status->modules_refused = (u64)atomic64_read(&refused);
}

int airgap_modules_init(void)
{
	return register_module_notifier(&module_block);
}

void airgap_modules_exit(void)
{
	unregister_module_notifier(&module_block);
}
