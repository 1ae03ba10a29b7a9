// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl_log_verify.h"

#include <inttypes.h>
#include <stdio.h>

int ctl_log_verify_show(const struct verify *verify)
{
	bool sound = json_array_size(verify->findings) == 0;
	const struct ctl *ctl = verify->ctl;
	uint64_t beyond = verify->chain.seq - verify->newest.size;
	json_t *entry;
	size_t i;

	if (ctl->json) {
		ctl_print_json(json_pack(
			"{s:b, s:s, s:I, s:I, s:I, s:b, s:b, s:O, s:O, s:I}", "sound", sound,
			"origin", verify->key.name, "first", (json_int_t)verify->tree.first,
			"entries", (json_int_t)verify->chain.seq, "signed",
			(json_int_t)verify->newest.size, "macs", !verify->chain.keyless, "older",
			verify->older_met, "findings", verify->findings, "silences",
			verify->silences, "silence_count", (json_int_t)verify->gaps));
		return sound ? CTL_GOOD : CTL_BAD;
	}
	json_array_foreach(verify->findings, i, entry)
	{
		fputs(ctl_on(ctl, CTL_ALARM), stdout);
		ctl_print_clean(json_string_value(entry));
		printf("%s\n", ctl_off(ctl, CTL_ALARM));
	}
	if (sound) {
		printf("%s%s: %" PRIu64 " entries are sound and signed%s%s\n",
		       ctl_on(ctl, CTL_FINE), verify->key.name, verify->newest.size,
		       verify->older_met ? ", and go on from the older checkpoint" : "",
		       ctl_off(ctl, CTL_FINE));
		if (verify->tree.first)
			printf("%" PRIu64 " of them were pruned: only their hashes are left\n",
			       verify->tree.first);
		if (beyond)
			printf("%" PRIu64 " more were written after the checkpoint and are not "
			       "signed yet\n",
			       beyond);
		if (verify->chain.keyless)
			puts("macs were not checked: no --initial-key");
	} else {
		puts("Keep the folder as it is and call the office.");
	}
	json_array_foreach(verify->silences, i, entry)
	{
		printf("no entry from %s to %s: %s\n",
		       json_string_value(json_object_get(entry, "from")),
		       json_string_value(json_object_get(entry, "until")),
		       json_string_value(json_object_get(entry, "what")));
	}
	if (verify->gaps > VERIFY_GAPS_LISTED)
		printf("and %" PRIu64 " more\n", verify->gaps - VERIFY_GAPS_LISTED);
	return sound ? CTL_GOOD : CTL_BAD;
}
