// SPDX-License-Identifier: GPL-2.0-or-later
/* The proof of an event, and its raw form: a section of the event's page. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/web/proof.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_event.h"
#include "agent/office/web/web.h"

static void put_hash(struct page *page, const char *name, const struct tlog_hash *hash)
{
	char text[64];

	sodium_bin2base64(text, sizeof(text), hash->bytes, sizeof(hash->bytes),
			  sodium_base64_VARIANT_ORIGINAL);
	html_put(&page->html, "<div><dt>%s</dt><dd><code>%s</code></dd></div>", name, text);
}

static void put_verdict(struct page *page, const struct proof *proof)
{
	static const char *const texts[] = {
		[PROOF_SOUND] = N_("Verified now: this very entry is in the log that the terminal "
				   "signed and this office confirmed."),
		[PROOF_NO_RECEIPT] =
			N_("The entry has come; the receipt for it is still to follow."),
		[PROOF_CHECKPOINT] =
			N_("ALARM: the checkpoint is not signed by the terminal's key."),
		[PROOF_RECEIPT] = N_("ALARM: the receipt is not this office's."),
		[PROOF_INCLUSION] = N_("ALARM: the stored entry is not the one that was signed."),
		[PROOF_MISSING] = N_("ALARM: the store does not have this entry any more."),
	};
	const char *class = proof->fault == PROOF_SOUND	       ? "sound"
			    : proof->fault == PROOF_NO_RECEIPT ? "waiting"
							       : "fault";

	html_put(&page->html, "<p class=\"verdict %s\">%s</p>", class, _(texts[proof->fault]));
}

static void put_details(struct page *page, const struct store_terminal *terminal,
			const struct proof *proof)
{
	char path[TLOG_PROOF_TEXT_SIZE];
	struct html *h = &page->html;

	html_put(h, "<dl class=\"facts\"><div><dt>%s</dt><dd><code>%s</code></dd></div>", _("Log"),
		 terminal->origin);
	html_put(h, "<div><dt>%s</dt><dd>%lu</dd></div>", _("Entry (leaf index)"),
		 (unsigned long)proof->index);
	if (proof->note) {
		html_put(h, "<div><dt>%s</dt><dd>%lu</dd></div>", _("Entries in the checkpoint"),
			 (unsigned long)proof->size);
		html_put(h, "<div><dt>%s</dt><dd>", _("Receipt of this office"));
		page_time(page, (int64_t)proof->receipt_s * 1000000);
		html_put(h, "</dd></div>");
		put_hash(page, _("Root"), &proof->root);
	}
	if (proof->fault == PROOF_SOUND)
		put_hash(page, _("Leaf"), &proof->leaf);
	html_put(h, "</dl>");
	if (proof->note)
		html_put(h, "<details><summary>%s</summary><pre class=\"raw\">%s</pre></details>",
			 _("Checkpoint and receipt, as signed"), proof->note);
	if (proof->fault != PROOF_SOUND)
		return;
	tlog_check_format(&proof->path, path);
	html_put(h, "<details><summary>%s</summary><pre class=\"raw\">%s</pre></details>",
		 _("Inclusion proof (RFC 6962)"), path);
}

void view_proof(struct page *page, const struct store_event *event)
{
	view_proof_named(page, event, "h-proof", _("Proof"));
}

void view_proof_named(struct page *page, const struct store_event *event, const char *id,
		      const char *title)
{
	struct store_terminal terminal;
	struct proof proof = { 0 };
	struct html *h = &page->html;

	html_put(h, "<section aria-labelledby=\"%s\"><h2 id=\"%s\">%s</h2>", id, id, title);
	if (event->source != STORE_SOURCE_TERMINAL || event->seq < 0 ||
	    store_terminal_by_id(page->store, event->terminal, &terminal) < 0) {
		html_put(h, "<p>%s</p></section>",
			 event->source == STORE_SOURCE_OFFICER
				 ? _("An officer entered this event; no machine recorded it.")
				 : _("The office found this out itself; it is no entry of a "
				     "terminal."));
		return;
	}
	if (proof_make(page->serve, page->store, &terminal, (uint64_t)event->seq, &proof) < 0)
		h->failed = true;
	put_verdict(page, &proof);
	put_details(page, &terminal, &proof);
	html_put(h, "<details open><summary>%s</summary><pre class=\"raw\">", _("Entry, raw"));
	html_bytes(h, proof.line ? proof.line : "", proof.line_length);
	html_put(h, "</pre></details></section>");
	proof_done(&proof);
}
