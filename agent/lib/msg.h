/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages that the agent's programs exchange.
 *
 * A message is one SOCK_SEQPACKET packet: struct msg_header, then a body of exactly the size that
 * the table in msg.c gives for its type. The table also names the only program that may send it.
 * Numbers are in this machine's order, texts are NUL-terminated and zero-padded: both ends run on
 * one machine and come from one build, which msg_hello makes sure of.
 */
#ifndef AIRGAP_LIB_MSG_H
#define AIRGAP_LIB_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/lib/msg_media.h"
#include "agent/lib/msg_net.h"
#include "agent/lib/msg_record.h"
#include "agent/lib/msg_status.h"
#include "agent/lib/msg_transfer.h"
#include "policy/decide/facts.h"

/* Raised whenever a struct below or in facts.h changes; both ends must agree. */
#define MSG_PROTOCOL 15
#define MSG_BODY_MAX 8192

enum msg_type {
	MSG_HELLO = 1, /* every program, first on every connection */
	/* monitor to core */
	MSG_EVENT_SOCKET, /* carries the event socket, for the core to enlarge its buffer */
	MSG_SCAN_BEGIN,
	MSG_USB_FACTS,
	MSG_SCAN_END,
	MSG_USB_GONE,
	MSG_USB_CHANGED, /* its interfaces appeared, or a driver took one: look again */
	MSG_EVENT_LOSS,
	/* core to monitor */
	MSG_SCAN_REQUEST,
	MSG_PING,
	/* monitor to core */
	MSG_PONG,
	/* core to journal */
	MSG_RECORD_USB,
	MSG_RECORD_POLICY,
	MSG_RECORD_NOTE,
	/* journal to core */
	MSG_RECORDED,
	MSG_JOURNAL_STATUS,
	/* core to door */
	MSG_AGENT_STATUS,
	MSG_DEVICES_BEGIN,
	MSG_USB_OUTCOME,
	MSG_CONTROL_REPLY,
	/* door to core */
	MSG_CONTROL,
	/* core to monitor */
	MSG_NET_SOCKET, /* carries the socket */
	MSG_NET_SCAN_REQUEST,
	/* monitor to core */
	MSG_NET_SCAN_BEGIN,
	MSG_NET_LINK,
	MSG_NET_ADDRESS,
	MSG_NET_ROUTE,
	MSG_NET_SIGHT,
	MSG_NET_SCAN_END,
	MSG_NET_LINK_GONE,
	MSG_NET_PACKET,
	/* core to journal */
	MSG_RECORD_LINK,
	MSG_RECORD_NET,
	/* core to attribution, and back */
	MSG_ATTRIBUTE,
	MSG_ATTRIBUTED,
	/* core to door */
	MSG_NET_BEGIN, /* all that follows replaces what was shown of the network */
	MSG_NET_OUTCOME,
	MSG_NET_PEER,
	MSG_NET_VIOLATION,
	/* core to notice */
	MSG_NOTICE,
	/* core to journal */
	MSG_TERMINAL,
	MSG_BEARING,
	/* reporter to journal, and back */
	MSG_RECEIPT,
	MSG_RECEIPT_TAKEN,
	MSG_OFFICE_NOTE,
	MSG_OFFICE_NOTE_TAKEN,
	/* reporter to core, and back */
	MSG_DOCUMENT, /* carries the file */
	MSG_DOCUMENT_TAKEN,
	MSG_OFFICE,
	/* monitor to core */
	MSG_BLOCK,
	MSG_BLOCK_GONE,
	/* core to mount helper, and back */
	MSG_MOUNT,
	MSG_MOUNT_DONE, /* carries a descriptor, but for release and errors */
	/* core to transfer, and back */
	MSG_MEDIUM_READ, /* carries the disk */
	MSG_MEDIUM_READING,
	MSG_MEDIUM_COUNT, /* carries the raw partition */
	MSG_MEDIUM_COUNTED,
	MSG_MEDIUM, /* carries the root folder, where it may be used */
	MSG_MEDIUM_GONE,
	MSG_TRANSFER_SETTINGS,
	MSG_TRANSFER_RECIPIENT,
	MSG_TRANSFER_PERSON,
	MSG_TRANSFER_SETTINGS_END,
	/* transfer to core, and back */
	MSG_TRANSFER_ASK,
	MSG_TRANSFER_VERDICT,
	MSG_TRANSFER_APPROVAL, /* carries the signed text */
	MSG_TRANSFER_APPROVED,
	MSG_TRANSFER_EVENT,
	MSG_TRANSFER_RECORDED,
	MSG_TRANSFER_SIGN,
	MSG_TRANSFER_SIGNED,
	MSG_TERMINAL_KEY_ASK,
	MSG_TERMINAL_KEY,
	/* core to journal, and back */
	MSG_RECORD_MEDIUM,
	MSG_RECORD_TRANSFER,
	MSG_SLIP_SIGN,
	MSG_SLIP_SIGNED,
	MSG_JOURNAL_PING,
	MSG_JOURNAL_PONG,
	/* monitor to core, and back: the machine may sleep */
	MSG_SLEEP,
	MSG_SLEEP_READY,
	/* door to core */
	MSG_INSPECTION, /* answered by CONTROL_REPLY */
	MSG_TYPE_COUNT,
};

struct msg_header {
	uint32_t type;	   /* enum msg_type */
	uint32_t length;   /* of the body, bytes */
	uint64_t sequence; /* 1, 2, 3 … in each direction of a connection */
};

/* Which parts of its sandbox a program runs under. */
#define MSG_SANDBOX_SECCOMP  (1u << 0)
#define MSG_SANDBOX_LANDLOCK (1u << 1)

struct msg_hello {
	uint32_t protocol; /* MSG_PROTOCOL */
	uint32_t sandbox;  /* MSG_SANDBOX_… */
	char version[32];
};

/* Why the monitor reads everything anew. */
enum msg_scan_cause {
	MSG_SCAN_CAUSE_START,	  /* the monitor or the core has just started */
	MSG_SCAN_CAUSE_REQUEST,	  /* the core asked */
	MSG_SCAN_CAUSE_OVERRUN,	  /* the kernel dropped events: ENOBUFS */
	MSG_SCAN_CAUSE_GAP,	  /* a hole in the kernel's event numbers */
	MSG_SCAN_CAUSE_RESUME,	  /* the machine slept */
	MSG_SCAN_CAUSE_CONGESTED, /* the core did not take facts fast enough */
	MSG_SCAN_CAUSE_SETTLED,	  /* network: some time after events, a look at all that is */
	MSG_SCAN_CAUSE_COUNT,
};

struct msg_scan {
	uint32_t cause; /* enum msg_scan_cause */
	uint32_t count; /* of SCAN_END: facts stated since SCAN_BEGIN */
};

struct msg_usb_facts {
	struct usb_facts facts;
	uint64_t seen_us; /* CLOCK_BOOTTIME when the event was received or the folder was read */
};

/* Of USB_GONE and USB_CHANGED. USB_GONE cannot always tell the number; then device is 0. */
struct msg_usb_device {
	uint32_t bus;
	uint32_t device;
	char port[USB_PORT_SIZE];
};

struct msg_event_loss {
	uint32_t cause; /* enum msg_scan_cause */
	uint32_t reserved;
	uint64_t count; /* events known to be missing; 0: unknown number */
};

struct msg_sleep {
	uint32_t begins; /* 1: the machine is about to sleep; 0: it is awake */
	uint32_t reserved;
};

struct msg_ping {
	uint64_t cookie;
};

struct msg_record_usb {
	struct record record;
	struct usb_outcome outcome;
};

enum policy_event {
	POLICY_EVENT_ACTIVATED, /* a candidate came into force */
	POLICY_EVENT_LOADED,	/* the active copy was read at start */
	POLICY_EVENT_REFUSED,	/* a candidate was refused; the active copy stays */
	POLICY_EVENT_MISSING,	/* no valid active copy: lockdown */
	POLICY_EVENT_EXPIRED,
	POLICY_EVENT_COUNT,
};

struct msg_record_policy {
	struct record record;
	uint32_t event; /* enum policy_event */
	int32_t error;
	uint64_t candidate_serial; /* 0: not known */
	uint8_t candidate_digest[MSG_DIGEST_SIZE];
	char id[256];
	char signers[256];	    /* "so-7a security, ap-2c approval" */
	char reason[MSG_TEXT_SIZE]; /* of a refusal, or lockdown */
};

/* Anything that is neither a device nor a policy: a name that does not change, a text for people. */
struct msg_record_note {
	struct record record;
	uint64_t count; /* of losses; else 0 */
	char event[64]; /* "core-started", "event-overrun", "peer-dropped" ... */
	char subject[256];
	char text[MSG_TEXT_SIZE];
};

/* Which terminal this is. */
struct msg_terminal {
	char number[64];
};

/* A checkpoint of the journal with the office's cosignature: a signed note of C2SP. */
#define MSG_RECEIPT_MAX 4096
struct msg_receipt {
	uint32_t length; /* of the note: below MSG_RECEIPT_MAX */
	char note[MSG_RECEIPT_MAX];
};

struct msg_receipt_taken {
	uint64_t size; /* entries that the office has confirmed so far */
	int32_t error; /* 0; -errno: this receipt was refused */
	uint32_t reserved;
};

/* What the office states of itself or of our first key: office_note.h. */
enum msg_office_note_kind {
	MSG_OFFICE_NOTE_IDENTITY, /* K_0 is to be sealed to the recipient that it names */
	MSG_OFFICE_NOTE_SEALED,	  /* the office keeps K_0: ours is to be destroyed */
	MSG_OFFICE_NOTE_COUNT,
};

struct msg_office_note {
	uint32_t kind;	 /* enum msg_office_note_kind */
	uint32_t length; /* of the note: below MSG_RECEIPT_MAX */
	char note[MSG_RECEIPT_MAX];
};

struct msg_office_note_taken {
	uint32_t kind; /* of the note */
	int32_t error; /* 0: done, now or before; -errno */
};

/* What officers signed and the office delivered: verified as if a person had brought it. */
struct msg_document {
	uint64_t cookie; /* comes back in the answer */
	char what[128];	 /* as the office calls it; for people */
};

/* Where the policy in force says that the office is; an empty address: it does not say. */
struct msg_office {
	uint64_t policy;   /* its serial */
	char address[64];  /* "10.20.0.5:8443" */
	char key[448];	   /* of the office's receipts, a verifier key */
	uint32_t bundle_s; /* how often a bundle is due without network; 0: it does not say */
	uint32_t telling;  /* enum msg_telling */
};

struct msg_document_taken {
	uint64_t cookie;
	int32_t error; /* 0: in force; -errno */
	uint32_t reserved;
	char text[MSG_TEXT_SIZE];
};

struct msg_recorded {
	uint64_t request; /* header.sequence of the record */
	uint64_t entry;	  /* seq in the journal, when error is 0: it is on the disk */
	int32_t error;	  /* -errno: the entry is not durable */
	uint32_t reserved;
};

struct msg_journal_status {
	uint64_t next;	     /* seq of the next entry */
	uint64_t free_bytes; /* on its file system */
	uint64_t lost;	     /* entries that could not be written since the log began */
	int32_t error;	     /* 0, or why nothing can be written now */
	uint32_t tight;	     /* 1: little room is left below its limit */
};

enum control_verb {
	CONTROL_INSTALL, /* with the descriptor of a signed policy */
	CONTROL_RESCAN,
	CONTROL_END_MAINTENANCE,
	CONTROL_COUNT,
};

struct msg_control {
	uint32_t verb;	 /* enum control_verb */
	uint32_t uid;	 /* of the peer at the door */
	uint64_t cookie; /* comes back in the reply */
};

/* What an inspection came to (agent/inspect), as root's own program handed it in. */
struct msg_inspection {
	uint64_t cookie; /* comes back in the reply */
	uint32_t uid;	 /* of the peer at the door */
	uint32_t points; /* of 100 */
	uint32_t vetoes; /* failures of critical severity */
	uint32_t pass;
	uint32_t warn;
	uint32_t fail;
	uint32_t unknown;
	uint32_t not_applicable;
	uint8_t digest
		[MSG_DIGEST_SIZE];  /* SHA-256 of the whole result, which stays on the terminal */
	char failed[MSG_TEXT_SIZE]; /* names of the checks: "wifi, browsing" */
};

struct msg_control_reply {
	uint64_t cookie;
	int32_t error; /* 0 or -errno */
	uint32_t reserved;
	char text[4096]; /* what happened, why, what to do */
};

/* A message as it was received; body points into the link's buffer until the handler returns. */
struct msg {
	enum msg_type type;
	uint64_t sequence;
	const void *body;
	size_t length;
	int fd; /* -1, or a descriptor that the handler may take by setting it to -1 */
};

/**
 * msg_size - body size of a message type, bytes
 *
 * Returns -EPROTO for an unknown type.
 */
int msg_size(uint32_t type);

/**
 * msg_check - may this packet come from that program?
 * @data, @length: the whole packet
 * @from: role of the peer
 * @has_fd: a descriptor came with it
 * @sequence: number expected
 *
 * Checks length, type, sender, sequence, descriptor, and that every text in the body is terminated
 * and every enumeration in range. Returns 0, or -EPROTO and in @reason a constant text.
 */
int msg_check(const void *data, size_t length, enum msg_role from, bool has_fd, uint64_t sequence,
	      const char **reason);

const char *msg_type_name(uint32_t type);
const char *msg_role_name(enum msg_role role);

#endif
