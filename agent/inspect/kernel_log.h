/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel said, as far back as anything on this disk remembers. */
#ifndef AIRGAP_INSPECT_KERNEL_LOG_H
#define AIRGAP_INSPECT_KERNEL_LOG_H

#include "agent/inspect/inspect.h"

/**
 * kernel_log_each - call @visit for each of the kernel's lines in systemd's journal and in log files
 * @visit: gets the message without time and host
 *
 * Log files are /var/log/kern.log, syslog and messages with their rotations, packed ones too. Returns how
 * many lines there were. A source that could not be read has been stated as unknown.
 */
unsigned int kernel_log_each(struct inspect *inspect,
			     void (*visit)(struct inspect *inspect, const char *line, void *data),
			     void *data);

/* kernel_log_of - the same of lines that a service wrote, such as "udisksd" */
unsigned int kernel_log_of(struct inspect *inspect, const char *program,
			   void (*visit)(struct inspect *inspect, const char *line, void *data),
			   void *data);

#endif
