// SPDX-License-Identifier: GPL-2.0-or-later
/* The system's journal, where administrators look. */
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "agent/lib/notice_text.h"
#include "agent/notice/notice.h"

/*
 * One id a kind, drawn once (journalctl --new-id128) and never changed; packaging/airgapd.catalog
 * explains each, and a test compares the two lists.
 */
static const char *const ids[NOTICE_COUNT] = {
	[NOTICE_USB_REFUSED] = "5439a98c562d482682ac4f63772a9046",
	[NOTICE_PHONE_REFUSED] = "890cccbd5f894b8aae8c64bd4ebdc9c4",
	[NOTICE_LINK_REFUSED] = "feebd195b190450188a39bcd79acb219",
	[NOTICE_RADIO_REFUSED] = "c1296cb32e384867a7a91f6ad50425eb",
	[NOTICE_EGRESS_REFUSED] = "0c451682959d4e7689b5267675d0072b",
	[NOTICE_ADDRESS_REMOVED] = "c55af868b7f946b6a614276d5faf1128",
	[NOTICE_ROUTE_REMOVED] = "9328224e287d42098200c3415b3dca97",
	[NOTICE_MEDIUM_REFUSED] = "56cdad865b8844e89d2c9ef820136f8f",
	[NOTICE_MEDIUM_FAILED] = "a8a152d6587347e5b1cc3baaf32e092f",
	[NOTICE_TRANSFER_WAITING] = "ef12f2a28cca4bb286981d871aafcb0e",
	[NOTICE_TRANSFER_APPROVED] = "65b08727f8804855b605b6f5ab634aa9",
	[NOTICE_TRANSFER_REFUSED] = "d49550e2fc124b6f888c606ed381345e",
	[NOTICE_TRANSFER_INTERRUPTED] = "8caafbd96c864eaeabc3aa640f49cb1a",
	[NOTICE_LOCKDOWN] = "5bf2091e586c4c13bbb267d3d74e460b",
	[NOTICE_RESTRICTED] = "6c04d9f49b64420e89eedef538d391d1",
	[NOTICE_RELEASED] = "bee39f0954c1438c8f76c132b92bed59",
	[NOTICE_POLICY_ENDS] = "28fd0b710a6148a5b81c0f30eb08a108",
	[NOTICE_MAINTENANCE] = "18b972b7dbaf49ab97e0613c652e190a",
	[NOTICE_MAINTENANCE_OVER] = "01c4ce6ea0cb4aa7ba324fedca6032bf",
};

void notice_syslog_tell(const struct msg_notice *notice)
{
	struct notice_text text;
	/* journald syncs at once only what is at least critical: what was refused or closed, first in enum. */
	int priority = notice->event < NOTICE_RELEASED ? LOG_CRIT : LOG_NOTICE;

	if (notice->event >= NOTICE_COUNT)
		return;
	notice_text(notice, &text);
	sd_journal_send("MESSAGE_ID=%s", ids[notice->event], "PRIORITY=%d", priority, "MESSAGE=%s",
			text.title, "AIRGAP_EVENT=%s", notice_event_name(notice->event),
			"AIRGAP_SUBJECT=%.255s", notice->subject, "AIRGAP_BECAUSE=%.255s",
			notice->because, "AIRGAP_RULE=%.71s", notice->rule, "AIRGAP_ENTRY=%llu",
			(unsigned long long)notice->entry, "AIRGAP_UID=%d",
			notice->uid == UINT32_MAX ? -1 : (int)notice->uid, NULL);
}
