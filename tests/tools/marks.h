/* SPDX-License-Identifier: GPL-2.0-or-later */
/* By what frame-count knows the frames of send-any: a text, or a destination. */
#ifndef AIRGAP_TESTS_MARKS_H
#define AIRGAP_TESTS_MARKS_H

#define MARK_TEXT "airgap-probe"
#define MARK_IPV4                                                                                  \
	{                                                                                          \
		203, 0, 113, 77                                                                    \
	} /* RFC 5737: for documentation */
#define MARK_IPV4_TEXT "203.0.113.77"
#define MARK_IPV6                                                                                  \
	{                                                                                          \
		0x20, 0x01, 0x0d, 0xb8, 0, 0x77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x77                   \
	}
#define MARK_IPV6_TEXT "2001:db8:77::77"
#define MARK_PORT      4747

#endif
