/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where things are on a registered medium (DESIGN section 6, airgap-media(5)).
 *
 *	GPT			protective MBR, two partitions, backup header at the end
 *	partition "airgap"	1 MiB, raw, of a type of its own
 *	    0			slot 0: registration record, then zeroes; 32 KiB are read
 *	    256 KiB		slot 1: counter, then zeroes; 4 KiB are read
 *	    512 KiB		slot 2: counter, likewise
 *	    768 KiB		zero
 *	data partition		the rest: vfat, exfat or ext4
 *
 * The slots lie far apart because flash is erased in large pieces: a cut while one is written must
 * not take another with it.
 */
#ifndef AIRGAP_LIB_MEDIA_LAYOUT_H
#define AIRGAP_LIB_MEDIA_LAYOUT_H

#define MEDIA_RAW_NAME "airgap"
/* Drawn once for this purpose; no other software uses it. */
#define MEDIA_RAW_TYPE "E17695D1-FFA0-4DF0-BA64-5FD81456FD66"
/* Windows' "basic data", for what it can read; Linux's for the rest. */
#define MEDIA_BASIC_TYPE "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"
#define MEDIA_LINUX_TYPE "0FC63DAF-8483-4772-8E79-3D69D8477DE4"

#define MEDIA_RAW_SIZE	   (1024u * 1024)
#define MEDIA_SLOTS	   3
#define MEDIA_SLOT_STRIDE  (256u * 1024)
#define MEDIA_RECORD_SIZE  (32u * 1024)
#define MEDIA_COUNTER_SIZE 4096u
/* Partitions begin at multiples of it. */
#define MEDIA_ALIGN (1024u * 1024)
/* Less is no medium for anything: partition table, raw partition and the smallest file system. */
#define MEDIA_SIZE_MIN (16u * 1024 * 1024)

#endif
