/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A SQLite VFS that stands before the system's and makes one chosen write, sync or truncation go
 * wrong. It becomes the default of the process that installs it.
 */
#ifndef AIRGAP_TESTS_FAULT_VFS_H
#define AIRGAP_TESTS_FAULT_VFS_H

enum fault_mode {
	FAULT_NONE, /* only count */
	FAULT_KILL, /* SIGKILL instead of the call */
	FAULT_TORN, /* half of the write, then SIGKILL */
	FAULT_EIO,
	FAULT_ENOSPC, /* of a sync: EIO */
	FAULT_SHORT,  /* half of the write, then the error of a full disk */
	FAULT_MODE_COUNT,
};

/* fault_vfs_install - the @point'th call from now, counted from 1, goes wrong in this way */
void fault_vfs_install(enum fault_mode mode, unsigned int point);

/* fault_vfs_calls - how many calls there were */
unsigned int fault_vfs_calls(void);

#endif
