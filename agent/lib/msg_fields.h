/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AIRGAP_LIB_MSG_FIELDS_H
#define AIRGAP_LIB_MSG_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

/* msg_fields_hold - every text in the body is terminated, every enumeration and count in range */
bool msg_fields_hold(uint32_t type, const uint8_t *body);

#endif
