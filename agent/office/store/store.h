/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the office keeps: terminals, mirrored logs, events, people, documents.
 *
 * The interface knows no database. Behind it stands SQLite (WAL, synchronous=FULL); another one can
 * follow by implementing these functions. One handle belongs to one thread; several handles on one
 * store may be open, and those that only read see only what is committed.
 *
 * Times are microseconds since 1970, 0 for "never". Functions return 0 or -errno: -ENOENT no such
 * row, -EEXIST it is there already, -ENOSPC, -EIO: the handle is of no more use, -EBADMSG: damaged,
 * -EBUSY. Rows given to callbacks, and the pointers in them, live until the callback returns; what
 * a callback returns other than 0 ends the walk and is the walk's answer.
 */
#ifndef AIRGAP_OFFICE_STORE_STORE_H
#define AIRGAP_OFFICE_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_HASH_SIZE	   32
#define STORE_NUMBER_SIZE  65
#define STORE_ORIGIN_SIZE  256
#define STORE_TEXT_SIZE	   129
#define STORE_BUNDLE_WIDTH 256 /* entries of a full bundle, hashes of a full tile */

struct store;

enum store_mode {
	STORE_READ,   /* see committed rows; write nothing */
	STORE_WRITE,  /* the store must exist; older schemas are migrated */
	STORE_CREATE, /* the same, and it is made when there is none */
};

int store_open(const char *path, enum store_mode mode, struct store **store);
void store_close(struct store *store);

/* store_reason - of the last failure, in the database's words */
const char *store_reason(const struct store *store);

/* store_begin - what follows is one transaction; store_commit() returns when it is on the disk. */
int store_begin(struct store *store);
int store_commit(struct store *store);
void store_rollback(struct store *store);

/* store_backup - a consistent copy at @path, which must not exist, while others go on working */
int store_backup(struct store *store, const char *path);

/* store_check - -EBADMSG when the database finds itself damaged */
int store_check(struct store *store);

/* --- terminals --- */

enum store_terminal_state {
	STORE_TERMINAL_PENDING, /* a request; nothing is accepted from it */
	STORE_TERMINAL_ACTIVE,
	STORE_TERMINAL_ENDED, /* a later generation took its place; its log stays */
	STORE_TERMINAL_REFUSED,
	STORE_TERMINAL_OFFICE, /* the office's own log */
	STORE_TERMINAL_STATE_COUNT,
};

enum store_contact {
	STORE_CONTACT_NEVER, /* registered, nothing heard yet */
	STORE_CONTACT_ON_TIME,
	STORE_CONTACT_LATE,
	STORE_CONTACT_SILENT,
	STORE_CONTACT_ESCALATED,
	STORE_CONTACT_OFF, /* stopped in order: nothing is promised */
	STORE_CONTACT_COUNT,
};

struct store_terminal {
	int64_t id;
	char number[STORE_NUMBER_SIZE];
	uint32_t generation; /* 1; one more for each installation that an officer approved */
	uint32_t state;	     /* enum store_terminal_state */
	char origin[STORE_ORIGIN_SIZE];
	uint8_t origin_hash[STORE_HASH_SIZE]; /* SHA-256 of the origin */
	uint8_t log_key[32];		      /* Ed25519 */
	uint8_t tls_pin[STORE_HASH_SIZE];     /* SHA-256 of its certificate's public key info */
	char recipient[STORE_TEXT_SIZE];      /* age1... */
	char unit[STORE_TEXT_SIZE];
	char level[STORE_TEXT_SIZE];
	char custodian[STORE_TEXT_SIZE];
	char room[STORE_TEXT_SIZE];
	bool standalone;      /* has no network: reports by bundles, until return_us */
	uint32_t heartbeat_s; /* promised interval; 0: not told yet */
	uint32_t contact;     /* enum store_contact */
	int64_t contact_us;   /* since when */
	int64_t seen_us;      /* last receipt */
	int64_t return_us;    /* standalone: the next bundle is due */
	int64_t registered_us;
	char boot_id[37];
	uint64_t lost;	 /* entries it says it lost */
	uint64_t size;	 /* entries receipted */
	uint64_t policy; /* serial in force, as its last entry says; 0: none */
};

/* store_terminal_add - id is filled; -EEXIST: the origin, or number and generation, are taken */
int store_terminal_add(struct store *store, struct store_terminal *terminal, const void *sealed_key,
		       size_t sealed_length);

int store_terminal_by_id(struct store *store, int64_t id, struct store_terminal *terminal);
int store_terminal_by_origin(struct store *store, const char *origin,
			     struct store_terminal *terminal);
int store_terminal_by_hash(struct store *store, const uint8_t hash[static STORE_HASH_SIZE],
			   struct store_terminal *terminal);
/* store_terminal_by_pin - only active ones */
int store_terminal_by_pin(struct store *store, const uint8_t pin[static STORE_HASH_SIZE],
			  struct store_terminal *terminal);
/* store_terminal_latest - the highest generation of a number */
int store_terminal_latest(struct store *store, const char *number, struct store_terminal *terminal);

/* store_terminal_update - writes all but id, origin, keys and size */
int store_terminal_update(struct store *store, const struct store_terminal *terminal);

/* store_terminal_sealed - K_0 as it was sealed; -ENOENT: none was; the caller frees it */
int store_terminal_sealed(struct store *store, int64_t id, uint8_t **sealed, size_t *length);

typedef int (*store_terminal_fn)(void *data, const struct store_terminal *terminal);
/* store_terminal_each - in the order of numbers, all generations and states */
int store_terminal_each(struct store *store, store_terminal_fn fn, void *data);

/**
 * store_terminal_forget - drop what was only asked for, so that it can be asked for again
 *
 * Of @origin: a request that was refused or has expired, or that waits and has the same @key. Nothing
 * was ever accepted from it. Returns 0, also when there is none, or -errno.
 */
int store_terminal_forget(struct store *store, const char *origin, const uint8_t key[static 32],
			  int64_t now_us);

/* One-time codes of registration; only their hash is kept. */
int store_code_add(struct store *store, const uint8_t hash[static STORE_HASH_SIZE],
		   const char *number, int64_t expires_us);
/* store_code_use - 0 once; -ENOENT unknown, of another number or used; -ETIME expired */
int store_code_use(struct store *store, const uint8_t hash[static STORE_HASH_SIZE],
		   const char *number, int64_t now_us);

struct store_enrolment {
	char id[33];
	int64_t terminal; /* the pending row */
	int64_t created_us;
	int64_t expires_us;
	char fingerprint[65];
};

int store_enrolment_add(struct store *store, const struct store_enrolment *enrolment);
int store_enrolment_get(struct store *store, const char *id, struct store_enrolment *enrolment);
typedef int (*store_enrolment_fn)(void *data, const struct store_enrolment *enrolment);
int store_enrolment_each(struct store *store, store_enrolment_fn fn, void *data);

/* --- mirrored logs --- */

struct store_head {
	uint64_t pending_size; /* of the checkpoint that was proved consistent */
	uint8_t pending_root[STORE_HASH_SIZE];
	uint64_t next; /* entries held; at most pending_size */
	uint64_t size; /* of the checkpoint that has a receipt */
	uint8_t root[STORE_HASH_SIZE];
	int64_t receipt_us;
};

/* store_head_get - a log without a head yet gives all zero and 0 */
int store_head_get(struct store *store, int64_t terminal, struct store_head *head);

/**
 * store_head_pending - a later checkpoint takes the place of the pending one
 * @old: size that the pending one must have, else -ESTALE and nothing changes
 * @note: the checkpoint as it was signed
 */
int store_head_pending(struct store *store, int64_t terminal, uint64_t old, uint64_t size,
		       const uint8_t root[static STORE_HASH_SIZE], const void *note, size_t length);

/* store_head_receipt - the pending checkpoint is complete; @note carries the cosignature too. */
int store_head_receipt(struct store *store, int64_t terminal, uint64_t size, int64_t receipt_us,
		       const void *note, size_t length);

/* store_head_note - the receipted (or the pending) checkpoint's text; the caller frees it */
int store_head_note(struct store *store, int64_t terminal, bool pending, char **note,
		    size_t *length);

/* store_entry_add - entry number @seq, which must be the log's next, else -ESTALE */
int store_entry_add(struct store *store, int64_t terminal, uint64_t seq, const void *line,
		    size_t length);

/**
 * store_bundle_add - entries @n * 256 and the 255 that follow, in the form of tlog-tiles
 * @data: each entry with its length before it, 16 bits, big endian
 *
 * The log's next entry must lie in the bundle, else -ESTALE; single entries of it are replaced.
 */
int store_bundle_add(struct store *store, int64_t terminal, uint64_t n, const void *data,
		     size_t length);

/* store_bundle_get - full or not, as many entries of it as are held; the caller frees @data */
int store_bundle_get(struct store *store, int64_t terminal, uint64_t n, uint8_t **data,
		     size_t *length, uint32_t *width);

/* store_tile_put, _get - hashes of a full tile: 256 * 32 bytes */
int store_tile_put(struct store *store, int64_t terminal, uint32_t level, uint64_t n,
		   const void *hashes);
int store_tile_get(struct store *store, int64_t terminal, uint32_t level, uint64_t n, void *hashes);

/* --- events --- */

enum store_event_state {
	STORE_EVENT_RECORDED, /* asks nothing of anyone */
	STORE_EVENT_TO_VERIFY,
	STORE_EVENT_IN_HAND,
	STORE_EVENT_TO_REVIEW,
	STORE_EVENT_CLOSED,
	STORE_EVENT_FALSE_ALARM,
	STORE_EVENT_STATE_COUNT,
};

enum store_event_source {
	STORE_SOURCE_TERMINAL, /* an entry of its log: seq says which */
	STORE_SOURCE_OFFICE,   /* found by the office: silence, forks, ... */
	STORE_SOURCE_OFFICER,  /* entered by a person */
};

struct store_event {
	int64_t id;
	int64_t terminal; /* 0: none */
	int64_t seq;	  /* -1: no entry */
	uint32_t source;
	uint32_t state;
	uint32_t grade;	   /* 0 none, 1 to 4; as confirmed, at first as proposed */
	uint32_t proposed; /* the grade that the agent proposed */
	bool drill;
	int64_t occurred_us;
	int64_t received_us;
	int64_t found_us;    /* discovery: deadlines run from here */
	int64_t away_us;     /* by how much its alert was set back: the office was away */
	int64_t inner_us;    /* deadlines: to the office; 0 none */
	int64_t outer_us;    /* to the administration above */
	int64_t result_us;   /* of the result */
	int64_t due_us;	     /* the nearest of those that still run; INT64_MAX none */
	int64_t tell_us;     /* people are to be told next; INT64_MAX: never */
	int64_t reported_us; /* the report went out; 0 not yet */
	int64_t closed_us;
	int64_t assigned;      /* officer who has it in hand; 0 nobody */
	int64_t first_person;  /* officer who asked for closing, or for a false alarm */
	int64_t second_person; /* officer who confirmed it */
	uint32_t proposal;     /* state that he asked for; 0 none */
	uint32_t lower_to;     /* grade that somebody asks to lower it to; 0 none */
	bool lower_asked;      /* which may be none */
	int64_t lower_person;  /* who asks for that */
	uint32_t told;	       /* how far people were told, two bits a deadline; see incident.h */
	uint32_t moves;	       /* how often people changed it */
	uint32_t cyber;	       /* kind of unit, enum incident_cyber; 0: no cyber incident */
	int64_t cyber_us;      /* deadlines of that: of the report */
	int64_t cyber_sent_us; /* it went out; 0 not yet */
	int64_t cyber_closing_us; /* of the closing report */
	int64_t cyber_closed_us;  /* it went out */
	uint32_t medium;	  /* level of the lost medium, enum incident_medium; 0 not known */
	int64_t rises_us;	  /* it becomes V4 then, if it is open still; 0 never, or it did */
	const char *kind;
	const char *number;	 /* the terminal's; "" without one. Read only. */
	const char *facts;	 /* one line */
	const char *explanation; /* the user's */
	const char *handling;
	const char *result;
	const char *lateness; /* whose delay it was */
};

/**
 * store_event_add - id is filled
 *
 * For an entry that has an event already: 0, nothing changes, and id is 0.
 */
int store_event_add(struct store *store, struct store_event *event);

/* store_event_update - writes what people decide: all but source, entry, kind, facts and its times */
int store_event_update(struct store *store, const struct store_event *event);

/* store_event_tell - writes told, deadline to come, and lateness alone */
int store_event_tell(struct store *store, const struct store_event *event);

struct store_event_filter {
	int64_t id;	  /* 0: any */
	int64_t terminal; /* 0: any */
	uint32_t states;  /* bit of each state wanted; 0: any */
	int64_t before;	  /* only ids below; 0: any. Newest come first. */
	uint32_t limit;	  /* 0: 100 */
	bool by_deadline; /* open ones, the nearest deadline first instead */
	int64_t tell_us;  /* with limit: those of whom people are to be told by then; 0: any */
};

typedef int (*store_event_fn)(void *data, const struct store_event *event);
int store_event_each(struct store *store, const struct store_event_filter *filter,
		     store_event_fn fn, void *data);

/**
 * store_event_postpone - inner deadlines of open events move by @by_us
 *
 * Of grades up to @grade that were not over at @from_us. For time in which the office was away.
 */
int store_event_postpone(struct store *store, uint32_t grade, int64_t from_us, int64_t by_us);

/* store_event_count - how many there are in each state */
int store_event_count(struct store *store, uint64_t counts[static STORE_EVENT_STATE_COUNT]);

/* A report on an event as it was filed: 1 is the first, supplements follow. Nothing changes it. */
struct store_report {
	int64_t event;
	uint32_t number;
	int64_t time_us;
	int64_t officer;
	const char *fields; /* a JSON object */
};

/* store_report_add - number is filled */
int store_report_add(struct store *store, struct store_report *report);
typedef int (*store_report_fn)(void *data, const struct store_report *report);
/* store_report_each - of one event, in order */
int store_report_each(struct store *store, int64_t event, store_report_fn fn, void *data);

/* Evidence against a terminal, or the office: the same thing twice is one row that counts. */
struct store_anomaly {
	int64_t id;
	int64_t terminal;
	const char *kind;   /* "rollback", "fork", ... */
	const char *detail; /* one line */
	int64_t first_us;
	int64_t last_us;
	uint64_t count;
	int64_t event;	      /* that tells people of it */
	const void *evidence; /* the signed request */
	size_t evidence_length;
	uint8_t key[STORE_HASH_SIZE]; /* what makes it the same thing */
};

/* store_anomaly_add - 1: new, id is filled; 0: counted; or -errno */
int store_anomaly_add(struct store *store, struct store_anomaly *anomaly);
/* store_anomaly_again - count one that is kept already; 1: it is; 0: it is not; or -errno */
int store_anomaly_again(struct store *store, const struct store_anomaly *anomaly);
/* store_anomaly_kept - how many different ones of a kind there are against a terminal */
int store_anomaly_kept(struct store *store, int64_t terminal, const char *kind, uint64_t *count);
typedef int (*store_anomaly_fn)(void *data, const struct store_anomaly *anomaly);
/* store_anomaly_each - newest first; @terminal 0: of all */
int store_anomaly_each(struct store *store, int64_t terminal, store_anomaly_fn fn, void *data);

/* --- people --- */

enum store_role {
	STORE_ROLE_OFFICER, /* handles events */
	STORE_ROLE_LEAD,    /* also approves registrations and publishes documents */
	STORE_ROLE_AUDITOR, /* sees everything, changes nothing */
	STORE_ROLE_COUNT,
};

struct store_officer {
	int64_t id;
	char name[STORE_TEXT_SIZE];
	uint32_t role;
	bool retired;
	uint8_t key[32]; /* Ed25519 point of the SSH key */
	char fingerprint[64];
	int64_t added_us;
};

int store_officer_add(struct store *store, struct store_officer *officer);
int store_officer_retire(struct store *store, int64_t id);
int store_officer_by_name(struct store *store, const char *name, struct store_officer *officer);
int store_officer_by_id(struct store *store, int64_t id, struct store_officer *officer);
typedef int (*store_officer_fn)(void *data, const struct store_officer *officer);
int store_officer_each(struct store *store, store_officer_fn fn, void *data);

struct store_session {
	uint8_t token[STORE_HASH_SIZE]; /* SHA-256 of the cookie */
	uint8_t csrf[STORE_HASH_SIZE];
	int64_t officer;
	int64_t expires_us; /* unless it is used before */
	int64_t until_us;   /* however much it is used */
};

int store_session_add(struct store *store, const struct store_session *session);
/* store_session_get - expired ones are -ENOENT */
int store_session_get(struct store *store, const uint8_t token[static STORE_HASH_SIZE],
		      int64_t now_us, struct store_session *session);
/* store_session_used - it now expires at @expires_us, or at until_us when that comes first */
int store_session_used(struct store *store, const uint8_t token[static STORE_HASH_SIZE],
		       int64_t expires_us);
int store_session_end(struct store *store, const uint8_t token[static STORE_HASH_SIZE]);
/* store_session_sweep - forget those that expired */
int store_session_sweep(struct store *store, int64_t now_us);

/* What officers did; each is also an entry of the office's own log. */
struct store_action {
	int64_t seq;	 /* in the own log */
	int64_t officer; /* 0: at the command line */
	int64_t time_us;
	int64_t event; /* 0: not about one */
	const char *verb;
	const char *text;
};

int store_action_add(struct store *store, const struct store_action *action);
/* store_action_about - action @seq is about @event, too */
int store_action_about(struct store *store, int64_t seq, int64_t event);
typedef int (*store_action_fn)(void *data, const struct store_action *action);
/* store_action_each - newest first; @event 0: all of them */
int store_action_each(struct store *store, int64_t event, uint32_t limit, store_action_fn fn,
		      void *data);

/**
 * store_signed_add - keep what an officer signed for action @seq: a text and its SSH signature
 * @digest: of the text; -EEXIST: it was used before
 */
int store_signed_add(struct store *store, int64_t seq, const uint8_t digest[static STORE_HASH_SIZE],
		     const void *data, size_t length);
/* store_signed_get - of action @seq; -ENOENT: none was signed; the caller frees @data */
int store_signed_get(struct store *store, int64_t seq, uint8_t **data, size_t *length);

/* --- documents --- */

enum store_document_kind {
	STORE_DOCUMENT_LIST, /* signers' list; kinds come in the order of delivery */
	STORE_DOCUMENT_TABLE,
	STORE_DOCUMENT_POLICY,
	STORE_DOCUMENT_ORDER,
	STORE_DOCUMENT_KIND_COUNT,
};

struct store_document {
	int64_t id;
	uint32_t kind;
	char name[STORE_TEXT_SIZE]; /* policy id, table name, order id; "" for a list */
	uint64_t number;	    /* serial or number; it only goes up */
	uint8_t digest[STORE_HASH_SIZE];
	int64_t added_us;
	const void *data; /* the signed file */
	size_t length;
};

/* store_document_add - -EEXIST: this number is taken; -ESTALE: there is a higher one */
int store_document_add(struct store *store, struct store_document *document);
typedef int (*store_document_fn)(void *data, const struct store_document *document);
int store_document_each(struct store *store, store_document_fn fn, void *data);
/* store_document_kind - the last @limit ones of a kind, by their numbers, the highest last */
int store_document_kind(struct store *store, uint32_t kind, uint32_t limit, store_document_fn fn,
			void *data);
/* store_document_newest - id of the one that came last; 0: none */
int store_document_newest(struct store *store, int64_t *id);

/* Wanted, delivered and active numbers of one document at one terminal. */
struct store_delivery {
	int64_t terminal;
	int64_t document; /* wanted; 0: none */
	uint32_t kind;
	char name[STORE_TEXT_SIZE];
	uint64_t wanted;
	uint64_t delivered;
	uint64_t active;
	int64_t wanted_us;
	int64_t delivered_us;
	int64_t active_us;
};

/* store_delivery_want - @document becomes the wanted one of its kind and name */
int store_delivery_want(struct store *store, int64_t terminal,
			const struct store_document *document, int64_t now_us);
int store_delivery_delivered(struct store *store, int64_t terminal, uint32_t kind, const char *name,
			     uint64_t number, int64_t now_us);
/* store_delivery_sent - all that its inbox holds counts as delivered */
int store_delivery_sent(struct store *store, int64_t terminal, int64_t now_us);
int store_delivery_active(struct store *store, int64_t terminal, uint32_t kind, const char *name,
			  uint64_t number, int64_t now_us);
typedef int (*store_delivery_fn)(void *data, const struct store_delivery *delivery);
/* store_delivery_each - @terminal 0: of all */
int store_delivery_each(struct store *store, int64_t terminal, store_delivery_fn fn, void *data);
/* store_inbox_each - wanted documents whose number the terminal does not have active yet */
int store_inbox_each(struct store *store, int64_t terminal, store_document_fn fn, void *data);

/* --- small facts of the office's own --- */

/* store_setting_get - -ENOENT; the caller frees @value, which is ended by a NUL */
int store_setting_get(struct store *store, const char *name, char **value);
int store_setting_put(struct store *store, const char *name, const char *value);

#endif
