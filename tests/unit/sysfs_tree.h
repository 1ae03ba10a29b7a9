/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder that looks like sysfs, for tests of what reads and writes it. The kernel does not stand
 * behind it: what a write causes is seen in the laboratory.
 */
#ifndef AIRGAP_TESTS_UNIT_SYSFS_TREE_H
#define AIRGAP_TESTS_UNIT_SYSFS_TREE_H

#include <stddef.h>
#include <stdint.h>

/* sysfs_tree_put - write an attribute, making the folders above it */
void sysfs_tree_put(const char *root, const char *path, const void *data, size_t length);

/* sysfs_tree_text - the same with a line of text */
void sysfs_tree_text(const char *root, const char *path, const char *text);

/* sysfs_tree_get - first line of an attribute, in a static buffer */
const char *sysfs_tree_get(const char *root, const char *path);

/* sysfs_tree_bus - a controller "usbN" with open defaults */
void sysfs_tree_bus(const char *root, unsigned int bus);

/* sysfs_tree_stick - an unconfigured stick at @port: 0951:1666, serial number @serial */
void sysfs_tree_stick(const char *root, const char *port, unsigned int device, const char *serial);

/* sysfs_tree_numbers - how the kernel tells a device's numbers and ids, "951/1666/110" */
void sysfs_tree_numbers(const char *root, const char *port, unsigned int bus, unsigned int device,
			const char *product);

/* sysfs_tree_interface - an interface folder of a device with that many more, as the kernel makes it */
void sysfs_tree_interface(const char *root, const char *port, unsigned int number,
			  const char *class, const char *subclass, const char *protocol);

#endif
