/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What the kernel module `airgap` and the agent say to each other over /dev/airgap.
 *
 * The module gates, the agent decides. All structures are of fixed size and have no holes; fields
 * named `reserved` and bits of `flags` that are not defined must be zero (EINVAL). The device is
 * mode 0600 and has one opener at a time (EBUSY); its session ends, and the module locks, when the
 * process that said AIRGAP_IOC_HELLO closes it by whatever means, also when a descriptor leaked into
 * another process.
 *
 *	BOOT ──▶ ARMED ◀──▶ LOCKED ──▶ PARKED
 *
 * BOOT	  nothing was ever permitted: no new USB device is usable, only lo comes up
 * ARMED  what was permitted is usable, while heartbeats come
 * LOCKED no new permit takes effect, every link but lo is closed, nothing leaves but by lo. USB devices
 *	  that were permitted stay as they are
 * PARKED somebody forced the module out (rmmod -f): as LOCKED, until the machine is started anew
 *
 * A session begins with HELLO and changes no state by itself. Before its UNLOCK a permit only confirms
 * what an earlier session permitted (EAGAIN for anything more). UNLOCK takes back every permit that
 * was not confirmed since HELLO, and arms. Everything else that is said under a session carries its
 * number; ESTALE says that it ended: by a lock, or because another one began.
 */
#ifndef AIRGAP_UAPI_H
#define AIRGAP_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define AIRGAP_DEVICE "/dev/airgap"
#define AIRGAP_ABI    1

enum airgap_state {
	AIRGAP_STATE_BOOT = 0,
	AIRGAP_STATE_ARMED = 1,
	AIRGAP_STATE_LOCKED = 2,
	AIRGAP_STATE_PARKED = 3,
};

/* Why the module locked. */
enum airgap_lock_cause {
	AIRGAP_LOCK_NONE = 0,
	AIRGAP_LOCK_SILENT = 1,	 /* no heartbeat in time */
	AIRGAP_LOCK_CLOSED = 2,	 /* the owner closed the device, or died */
	AIRGAP_LOCK_ASKED = 3,	 /* AIRGAP_IOC_LOCK */
	AIRGAP_LOCK_GOODBYE = 4, /* AIRGAP_IOC_GOODBYE: no alarm */
	AIRGAP_LOCK_GRACE = 5,	 /* after a goodbye no new session was unlocked in time */
	AIRGAP_LOCK_UNLOAD = 6,	 /* the module was forced out */
};

#define AIRGAP_TIMEOUT_MIN_MS 100
#define AIRGAP_TIMEOUT_MAX_MS 60000
#define AIRGAP_GRACE_MAX_MS   30000

/* A new session; ends the one before. */
struct airgap_hello {
	__u32 abi;	  /* AIRGAP_ABI; EPROTO when the module speaks another */
	__u32 timeout_ms; /* longest silence between heartbeats */
	__u64 session;	  /* out: its number, never 0 */
	__u32 state;	  /* out: enum airgap_state */
	__u32 cause;	  /* out: enum airgap_lock_cause of the last lock */
};

/* AIRGAP_IOC_HEARTBEAT, _LOCK, _UNLOCK, _GOODBYE */
struct airgap_session {
	__u64 session;
	__u32 grace_ms; /* GOODBYE: stay armed that long for a successor, without new permits; else 0 */
	__u32 reserved;
};

#define AIRGAP_USB_PERMITTED 0x1 /* out: a permit is in force */
#define AIRGAP_USB_KEPT	     0x2 /* out: a keyboard that was in use when the module came */
#define AIRGAP_USB_ROOT_HUB  0x4 /* out: a controller's own, never gated */

/*
 * USB_FIND turns bus and device number into the number of this plug-in, which no other ever gets
 * (ENODEV). ALLOW and DENY go by that number (ESTALE once it is unplugged). ALLOW lets drivers, and
 * usbfs, have the interfaces whose bits are set, and no others; it authorises nothing, that is done
 * through sysfs. DENY takes the device out of every driver's hands and unconfigures it, a moment later.
 */
struct airgap_usb {
	__u64 session;
	__u64 plug;
	__u32 bus;
	__u32 device;
	__u64 interfaces[4]; /* bit bInterfaceNumber */
	__u32 flags;
	__u32 reserved;
};

#define AIRGAP_NET_EAPOL  0x1 /* in: IEEE 802.1X is used on the link */
#define AIRGAP_NET_CLOSED 0x2 /* out: the link was up until the module closed it; told once */

/*
 * NET_ALLOW lets a link come up and send to the table's addresses; NET_DENY closes it. With link 0 the
 * link is looked up by namespace and index (ENODEV), and its number comes back; otherwise it is the
 * very one of that number (ESTALE when it is gone). A permit ends with the link, or when it leaves its
 * namespace.
 */
struct airgap_net {
	__u64 session;
	__u64 link;
	__s32 netns; /* descriptor of a namespace; -1: the caller's */
	__u32 ifindex;
	__u32 flags;
	__u32 reserved;
};

struct airgap_cidr {
	__u8 family; /* 4 or 6 */
	__u8 bits;
	__u8 reserved[6];
	__u8 address[16]; /* network order, bits beyond `bits` zero; IPv4 in the first four */
};

#define AIRGAP_CIDRS_MAX 4096
#define AIRGAP_CIDR_ALL	 0x1 /* no table: permitted links may send everything */

/* Where permitted links may send to: the whole table, replaced at once. Empty: nowhere. */
struct airgap_cidrs {
	__u64 session;
	__u64 table; /* address of `count` struct airgap_cidr */
	__u32 count;
	__u32 flags;
};

#define AIRGAP_MODULES_MAX 16
#define AIRGAP_MODULE_NAME 56

/* Modules that may not be loaded: the whole list but for those that the kernel module bans by itself. */
struct airgap_modules {
	__u64 session;
	__u32 count;
	__u32 reserved;
	char names[AIRGAP_MODULES_MAX]
		  [AIRGAP_MODULE_NAME]; /* `_`, not `-`; ended by NUL, then NULs */
};

/* Allocations that user space can cause, and their limits; and what was refused so far. */
struct airgap_status {
	__u32 state;
	__u32 cause;
	__u32 plugs, plugs_max;
	__u32 links, links_max;
	__u32 cidrs, cidrs_max;
	__u32 records, records_max;
	__u64 session;	       /* 0: none */
	__u64 records_lost;    /* for want of room, since the module was loaded */
	__u64 packets_refused; /* by the egress hooks */
	__u64 usb_refused;     /* bindings of drivers */
	__u64 links_refused;   /* attempts to let a link up */
	__u64 modules_refused;
};

enum airgap_record_kind {
	AIRGAP_RECORD_LOADED = 1, /* the module came */
	AIRGAP_RECORD_HELLO = 2,  /* a session began */
	AIRGAP_RECORD_UNLOCKED = 3,
	AIRGAP_RECORD_LOCKED = 4, /* detail: enum airgap_lock_cause */
	AIRGAP_RECORD_PARKED = 5, /* forced out */
	AIRGAP_RECORD_USB_ADD = 6,
	AIRGAP_RECORD_USB_REMOVE = 7,
	AIRGAP_RECORD_USB_VETO = 8,   /* name: driver; detail: bInterfaceNumber */
	AIRGAP_RECORD_USB_EVICT = 9,  /* a program or driver had taken it past the gate; as VETO */
	AIRGAP_RECORD_NET_VETO = 10,  /* name: link */
	AIRGAP_RECORD_NET_CLOSE = 11, /* was up, and is closed; name: link */
	AIRGAP_RECORD_NET_STRANGER = 12, /* registering was refused: a USB adapter without permit */
	AIRGAP_RECORD_MODULE_VETO = 13,	 /* name: module */
	AIRGAP_RECORD_LOST = 14,	 /* detail: records lost before this one for want of room */
};

/*
 * read() gives whole records, oldest first, beginning with the first that no AIRGAP_IOC_DONE covered,
 * also from before the session and from between sessions; EAGAIN with O_NONBLOCK when there is none.
 * One that repeats the last is counted in it, while that was not read yet.
 */
struct airgap_record {
	__u64 sequence; /* from 1, one after the other */
	__u64 time_ns;	/* CLOCK_BOOTTIME, of the first */
	__u32 kind;	/* enum airgap_record_kind */
	__u32 repeats;	/* how often it happened, at least 1 */
	__u32 detail;
	__u32 pid; /* of the process that caused it, in the first namespace; 0: the kernel */
	__u32 uid;
	__u32 reserved;
	__u64 object; /* number of the plug-in, inode of the network namespace, or session */
	__u32 bus;    /* USB; else 0 */
	__u32 device; /* USB: number on the bus; network: index */
	__u16 vendor, product; /* USB */
	char name[60];	       /* ended by NUL */
};

/* AIRGAP_IOC_DONE: records up to `sequence` are safe elsewhere, and forgotten here. */
struct airgap_done {
	__u64 session;
	__u64 sequence;
};

#define AIRGAP_IOC_HELLO     _IOWR(0xb7, 0x01, struct airgap_hello)
#define AIRGAP_IOC_HEARTBEAT _IOW(0xb7, 0x02, struct airgap_session)
#define AIRGAP_IOC_LOCK	     _IOW(0xb7, 0x03, struct airgap_session)
#define AIRGAP_IOC_UNLOCK    _IOW(0xb7, 0x04, struct airgap_session)
#define AIRGAP_IOC_GOODBYE   _IOW(0xb7, 0x05, struct airgap_session)
#define AIRGAP_IOC_STATUS    _IOR(0xb7, 0x06, struct airgap_status)
#define AIRGAP_IOC_USB_FIND  _IOWR(0xb7, 0x10, struct airgap_usb)
#define AIRGAP_IOC_USB_ALLOW _IOWR(0xb7, 0x11, struct airgap_usb)
#define AIRGAP_IOC_USB_DENY  _IOWR(0xb7, 0x12, struct airgap_usb)
#define AIRGAP_IOC_NET_ALLOW _IOWR(0xb7, 0x20, struct airgap_net)
#define AIRGAP_IOC_NET_DENY  _IOWR(0xb7, 0x21, struct airgap_net)
#define AIRGAP_IOC_CIDR_SET  _IOW(0xb7, 0x22, struct airgap_cidrs)
#define AIRGAP_IOC_MODULES   _IOW(0xb7, 0x30, struct airgap_modules)
#define AIRGAP_IOC_DONE	     _IOW(0xb7, 0x40, struct airgap_done)

#endif
