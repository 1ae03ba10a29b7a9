/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where everything is, and `--root DIR`, which moves all of it for tests.
 */
#ifndef AIRGAP_LIB_PATH_H
#define AIRGAP_LIB_PATH_H

#include <limits.h>
#include <stddef.h>

#define PATH_TRUST	     "/etc/airgap/trust"
#define PATH_TERMINAL	     "/etc/airgap/terminal"
#define PATH_TEST_NETWORK    "/etc/airgap/test-network" /* only with --root: guard this namespace */
#define PATH_PASSWD	     "/etc/passwd"
#define PATH_GROUP	     "/etc/group"
#define PATH_OFFICE	     "/etc/airgap/office"	   /* where reports go; root writes it */
#define PATH_OFFICE_IDENTITY "/etc/airgap/office-identity" /* where there is no network to ask */
#define PATH_REPORT_DIR	     "/var/lib/airgap/report"
#define PATH_STATE_DIR	     "/var/lib/airgap/state"
#define PATH_POLICY_DIR	     "/var/lib/airgap/policy"
#define PATH_POLICY_ACTIVE   "/var/lib/airgap/policy/active"
#define PATH_JOURNAL_DIR     "/var/lib/airgap/journal"
#define PATH_OFFICE_DIR	     "/var/lib/airgap-office"
#define PATH_RUN_CORE	     "/run/airgap"
/* Where the core listens for its programs. */
#define PATH_SOCKET_MONITOR	"/run/airgap/core-monitor.socket"
#define PATH_SOCKET_DOOR	"/run/airgap/core-door.socket"
#define PATH_SOCKET_ATTRIBUTION "/run/airgap/core-attribution.socket"
#define PATH_SOCKET_NOTICE	"/run/airgap/core-notice.socket"
#define PATH_SOCKET_REPORT	"/run/airgap/core-report.socket"
#define PATH_SOCKET_TRANSFER	"/run/airgap/core-transfer.socket"
#define PATH_SOCKET_MOUNT	"/run/airgap/core-mount.socket"
#define PATH_RUN_JOURNAL	"/run/airgap-journal"
#define PATH_SOCKET_JOURNAL	"/run/airgap-journal/core.socket"
#define PATH_SOCKET_RECEIPTS	"/run/airgap-journal/report.socket"
#define PATH_RUN_DOOR		"/run/airgap-door"
#define PATH_QUERY		"/run/airgap-door/query"
#define PATH_CONTROL		"/run/airgap-door/control"
#define PATH_RUN_NOTICE		"/run/airgap-notice"
#define PATH_NOTICES		"/run/airgap-notice/notices"
#define PATH_TRANSFER_DIR	"/var/lib/airgap/transfer" /* keys, staged copies, inboxes */
#define PATH_RUN_TRANSFER	"/run/airgap-transfer"
#define PATH_TRANSFER		"/run/airgap-transfer/transfer" /* everyone may ask */
#define PATH_RUN_MOUNT		"/run/airgap-mount" /* where media are mounted, for no one to see */
#define PATH_USB_DEVICES	"/sys/bus/usb/devices"
#define PATH_USBCORE_DEFAULT	"/sys/module/usbcore/parameters/authorized_default"

#define USER_MONITOR	 "airgap-monitor"
#define USER_JOURNAL	 "airgap-journal"
#define USER_DOOR	 "airgap-door"
#define USER_ATTRIBUTION "airgap-attribution"
#define USER_NOTICE	 "airgap-notice"
#define USER_REPORT	 "airgap-report"
#define USER_TRANSFER	 "airgap-transfer"
#define USER_OFFICE	 "airgap-office"
#define GROUP_PEOPLE	 "airgap" /* may ask at the query door and read the journal */

/**
 * path_join - @root and the absolute @path as one path
 * @buffer: of PATH_MAX bytes
 *
 * A root of "/" adds nothing. Returns 0 or -ENAMETOOLONG.
 */
int path_join(char buffer[static PATH_MAX], const char *root, const char *path);

#endif
