/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of the table of checks, each in the file of its family. */
#ifndef AIRGAP_INSPECT_CHECKS_H
#define AIRGAP_INSPECT_CHECKS_H

#include "agent/inspect/inspect.h"

/* family_network.c: how the machine is connected now */
void check_public_route(struct inspect *inspect);
void check_public_connections(struct inspect *inspect);
void check_registered_links(struct inspect *inspect);
void check_forwarding(struct inspect *inspect);
void check_listening(struct inspect *inspect);

/* family_radio.c: hardware that could reach another network without a cable */
void check_wifi(struct inspect *inspect);
void check_bluetooth(struct inspect *inspect);
void check_cellular(struct inspect *inspect);
void check_wifi_history(struct inspect *inspect);

/* family_accounts.c */
void check_accounts(struct inspect *inspect);
void check_passwords(struct inspect *inspect);
void check_lockout(struct inspect *inspect);

/* family_browser.c */
void check_browsing(struct inspect *inspect);
void check_deleted_browsing(struct inspect *inspect);

/* family_usb.c */
void check_usb_adapters(struct inspect *inspect);
void check_usb_default(struct inspect *inspect);
void check_other_buses(struct inspect *inspect);
void check_usb_history(struct inspect *inspect);

/* family_traces.c: names, addresses, time */
void check_names_proxies(struct inspect *inspect);
void check_dhcp_history(struct inspect *inspect);
void check_time_servers(struct inspect *inspect);

/* family_downloads.c */
void check_downloads(struct inspect *inspect);

/* family_services.c */
void check_remote_control(struct inspect *inspect);
void check_shares(struct inspect *inspect);
void check_antivirus(struct inspect *inspect);
void check_patches(struct inspect *inspect);
void check_printers(struct inspect *inspect);

/* family_boot.c */
void check_boot(struct inspect *inspect);
void check_other_systems(struct inspect *inspect);
void check_disk_encryption(struct inspect *inspect);

/* family_devices.c */
void check_wireless_input(struct inspect *inspect);
void check_camera_microphone(struct inspect *inspect);
void check_burners(struct inspect *inspect);
void check_media_now(struct inspect *inspect);

/* family_agent.c */
void check_enforcement(struct inspect *inspect);
void check_audit(struct inspect *inspect);
void check_clock(struct inspect *inspect);
void check_ledger(struct inspect *inspect);
void check_separation(struct inspect *inspect);

/* family_software.c */
void check_software(struct inspect *inspect);
void check_integrity(struct inspect *inspect);

/* family_session.c */
void check_screen_lock(struct inspect *inspect);
void check_automount(struct inspect *inspect);
void check_mount_history(struct inspect *inspect);

/* family_marks.c */
void check_marks(struct inspect *inspect);
void prepare_marks(void);

#endif
