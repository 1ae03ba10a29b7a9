/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * airgapd called for keyboards alone, without policy, journal or monitor: at installation, and in the
 * initramfs, where the password of an encrypted disk is typed before anything of that can be read.
 */
#ifndef AIRGAP_CORE_KEYBOARDS_H
#define AIRGAP_CORE_KEYBOARDS_H

/**
 * keyboards_main - do what the command line asks for, if it asks for keyboards
 *
 * --learn-keyboards puts the keyboards that work now on the rescue list, if nothing governs here yet:
 * neither a list nor a saved state. --rescue-keyboards closes the kernel's USB defaults, and lets in
 * hubs and the keyboards of the list, as lockdown does, until it is told to stop.
 *
 * Returns -1 when neither was asked for, else the exit status.
 */
int keyboards_main(int argc, char *argv[]);

#endif
