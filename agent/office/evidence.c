// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/evidence.h"
#include "agent/office/store/store_event.h"

#include <sodium.h>
#include <string.h>

int evidence_event(struct store *store, const struct incident_rules *rules,
		   const struct evidence *e, int64_t *id)
{
	struct store_event event = {
		.terminal = e->terminal,
		.seq = -1,
		.source = STORE_SOURCE_OFFICE,
		.occurred_us = e->occurred_us ? e->occurred_us : e->now_us,
		.received_us = e->now_us,
		.due_us = INT64_MAX,
		.tell_us = INT64_MAX,
		.medium = e->medium,
		.kind = e->kind,
		.facts = e->facts,
	};
	int r;

	event.grade = incident_grade(rules, e->kind, 0);
	event.proposed = event.grade;
	if (!e->recorded)
		incident_begin(rules, &event);
	r = store_event_add(store, &event);
	if (id)
		*id = event.id;
	return r;
}

/* One row that counts what is not kept any more, and one event. */
static int overflow(struct store *store, const struct incident_rules *rules,
		    const struct evidence *e)
{
	struct evidence full = { .terminal = e->terminal,
				 .kind = "evidence-full",
				 .facts = e->facts,
				 .now_us = e->now_us };
	struct store_anomaly anomaly = { .terminal = e->terminal,
					 .kind = full.kind,
					 .detail = e->facts,
					 .first_us = e->now_us };
	int r;

	crypto_hash_sha256(anomaly.key, (const uint8_t *)e->kind, strlen(e->kind));
	r = store_anomaly_add(store, &anomaly);
	return r <= 0 ? r : evidence_event(store, rules, &full, NULL);
}

int evidence_keep(struct store *store, const struct incident_rules *rules, const struct evidence *e)
{
	struct store_anomaly anomaly = {
		.terminal = e->terminal,
		.kind = e->kind,
		.detail = e->facts,
		.first_us = e->now_us,
		.evidence = e->proof,
		.evidence_length = e->proof_length,
	};
	uint64_t kept = 0;
	int r;

	crypto_hash_sha256(anomaly.key, e->proof, e->proof_length);
	if (e->cause) {
		/* The very proof may have come before without what shows its cause. */
		r = store_anomaly_again(store, &anomaly);
		if (r)
			return r < 0 ? r : 0;
		crypto_hash_sha256(anomaly.key, e->cause, e->cause_length);
	}
	r = store_anomaly_kept(store, e->terminal, e->kind, &kept);
	if (r == 0 && kept >= EVIDENCE_KEPT_MAX) {
		r = store_anomaly_again(store, &anomaly);
		return r ? (r < 0 ? r : 0) : overflow(store, rules, e);
	}
	if (r == 0)
		r = store_anomaly_add(store, &anomaly);
	if (r <= 0)
		return r;
	return evidence_event(store, rules, e, NULL);
}
