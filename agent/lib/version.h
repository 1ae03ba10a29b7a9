/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AIRGAP_LIB_VERSION_H
#define AIRGAP_LIB_VERSION_H

#define AIRGAP_VERSION "0.1"

#endif
