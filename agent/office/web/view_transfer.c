// SPDX-License-Identifier: GPL-2.0-or-later
/* One transfer: both sides, entry by entry, with proof; and the form on paper that asks for its approval. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/office/store/store_event.h"
#include "agent/office/web/view_transfer.h"
#include "agent/office/web/web.h"

#define SIDES_SHOWN 8

struct sides {
	struct store_transfer rows[SIDES_SHOWN];
	size_t count;
};

static int collect(void *data, const struct store_transfer *transfer)
{
	struct sides *sides = data;

	if (sides->count < SIDES_SHOWN)
		sides->rows[sides->count++] = *transfer;
	return 0;
}

static void put_bytes(struct page *page, const char *name, const uint8_t *bytes, size_t size)
{
	char hex[2 * STORE_HASH_SIZE + 1];

	if (sodium_is_zero(bytes, size))
		return;
	sodium_bin2hex(hex, sizeof(hex), bytes, size);
	html_put(&page->html, "<div><dt>%s</dt><dd><code class=\"digest\">%s</code></dd></div>",
		 name, hex);
}

static void put_text(struct page *page, const char *name, const char *text)
{
	if (*text)
		html_put(&page->html, "<div><dt>%s</dt><dd class=\"own\">%s</dd></div>", name,
			 text);
}

static int put_step(void *data, const struct store_transfer_step *step)
{
	struct page *page = data;
	struct html *h = &page->html;

	html_put(h, "<tr><td class=\"n\" data-label=\"%s\">%ld</td><td data-label=\"%s\">",
		 _("Entry"), (long)step->seq, _("When"));
	page_time(page, step->time_us);
	html_put(h, "</td><td data-label=\"%s\">%s</td><td data-label=\"%s\">%s</td></tr>",
		 _("What"), transfer_word_action(step->name), _("In words"), step->text);
	return 0;
}

static void put_steps(struct page *page, const struct store_transfer *t)
{
	struct html *h = &page->html;

	html_put(h,
		 "<table class=\"list\"><thead><tr><th scope=\"col\" class=\"n\">%s</th>"
		 "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
		 "</tr></thead><tbody>",
		 _("Entry"), _("When"), _("What"), _("In words"));
	if (store_transfer_step_each(page->store, t->id, put_step, page) < 0)
		h->failed = true;
	html_put(h, "</tbody></table>");
}

static void put_facts(struct page *page, const struct store_transfer *t)
{
	struct html *h = &page->html;

	html_put(h, "<dl class=\"facts\"><div><dt>%s</dt><dd>", _("Terminal"));
	transfer_put_terminal(page, t->terminal);
	html_put(h, "</dd></div><div><dt>%s</dt><dd>%s</dd></div><div><dt>%s</dt><dd>", _("State"),
		 transfer_word_state(t), _("Other side"));
	transfer_put_match(page, t);
	if (t->event)
		html_put(h, " <a href=\"/events/%ld\">%s</a>", (long)t->event, _("Event"));
	html_put(h, "</dd></div>");
	put_text(page, t->side == STORE_SIDE_OUT ? _("To unit") : _("From unit"), t->unit);
	put_text(page, _("Slip of terminal"), t->peer);
	put_text(page, t->side == STORE_SIDE_OUT ? _("Requester") : _("For"), t->login);
	html_put(h, "<div><dt>%s</dt><dd>%s</dd></div><div><dt>%s</dt><dd>", _("Level"),
		 page_level(page, t->level), _("Content"));
	transfer_put_size(page, t);
	html_put(h, "</dd></div>");
	put_text(page, _("Types"), t->types);
	if (!sodium_is_zero(t->medium, sizeof(t->medium))) {
		html_put(h, "<div><dt>%s</dt><dd>", _("Medium"));
		transfer_put_medium(page, t->medium);
		html_put(h, "</dd></div>");
	}
	if (t->due_us) {
		html_put(h, "<div><dt>%s</dt><dd>", _("Import due"));
		page_left(page, t->done_us, t->due_us);
		html_put(h, "</dd></div>");
	}
	put_bytes(page, _("Slip, BLAKE2b-256"), t->slip, sizeof(t->slip));
	put_bytes(page, _("Manifest, BLAKE2b-256"), t->manifest, sizeof(t->manifest));
	put_text(page, _("Files"), t->names);
	html_put(h, "</dl>");
}

static void put_side(struct page *page, const struct store_transfer *t)
{
	struct store_event entry = { .terminal = t->terminal,
				     .seq = t->seq,
				     .source = STORE_SOURCE_TERMINAL };
	struct html *h = &page->html;
	char id[32];

	html_put(h, "<section aria-labelledby=\"h-side-%ld\"><h2 id=\"h-side-%ld\">%s</h2>",
		 (long)t->id, (long)t->id, transfer_word_side(t->side));
	put_facts(page, t);
	put_steps(page, t);
	html_put(h, "</section>");
	snprintf(id, sizeof(id), "h-proof-%ld", (long)t->id);
	view_proof_named(page, &entry, id,
			 t->side == STORE_SIDE_OUT
				 ? _("Proof of the exporting terminal's last entry")
				 : _("Proof of the importing terminal's last entry"));
}

static int find(struct page *page, const char *suffix, struct store_transfer *t)
{
	int64_t id = web_id(page, "/transfers/", suffix);
	int r = id ? store_transfer_by_id(page->store, id, t) : -ENOENT;

	if (r == -ENOENT)
		page_message(page, 404, _("There is no such transfer"),
			     _("What you were looking for is not here."));
	else if (r < 0)
		reply_busy(page->request, 503, 5);
	return r;
}

void view_transfer(struct page *page)
{
	static struct sides sides; /* large, and used by one request at a time */
	struct store_transfer t;
	struct html *h = &page->html;
	char title[96], batch[2 * STORE_ID_SIZE + 1];

	if (find(page, "", &t) < 0)
		return;
	sides.count = 0;
	if (store_transfer_batch(page->store, t.batch, collect, &sides) < 0)
		h->failed = true;
	snprintf(title, sizeof(title), _("Transfer %ld"), (long)t.id);
	page_begin(page, PAGE_TRANSFERS, title);
	sodium_bin2hex(batch, sizeof(batch), t.batch, sizeof(t.batch));
	html_put(h, "<p>%s <code class=\"digest\">%s</code></p>", _("Batch"), batch);
	if (t.state <= STORE_TRANSFER_APPROVED)
		html_put(h, "<p class=\"no-print\"><a href=\"/transfers/%ld/form\">%s</a></p>",
			 (long)t.id, _("Form on paper"));
	for (size_t i = 0; i < sides.count; i++)
		put_side(page, &sides.rows[i]);
	page_end(page);
}

/* --- the form --- */

static void put_cell(struct page *page, const char *name, const char *text)
{
	html_put(&page->html, "<tr><th scope=\"row\">%s</th><td class=\"own\">%s</td></tr>", name,
		 text);
}

static void put_code(struct page *page, const char *name, const uint8_t *bytes, size_t size)
{
	char hex[2 * STORE_HASH_SIZE + 1];

	sodium_bin2hex(hex, sizeof(hex), bytes, size);
	html_put(&page->html,
		 "<tr><th scope=\"row\">%s</th><td><code class=\"digest\">%s</code></td></tr>",
		 name, hex);
}

static void put_request(struct page *page, const struct store_transfer *t)
{
	struct html *h = &page->html;

	put_code(page, _("Batch"), t->batch, sizeof(t->batch));
	put_code(page, _("Manifest, BLAKE2b-256"), t->manifest, sizeof(t->manifest));
	put_cell(page, _("Direction"), transfer_word_side(t->side));
	html_put(h, "<tr><th scope=\"row\">%s</th><td>", _("Terminal"));
	transfer_put_terminal(page, t->terminal);
	html_put(h, "</td></tr>");
	put_cell(page, _("Requester"), t->login);
	put_cell(page, t->side == STORE_SIDE_OUT ? _("To unit") : _("From unit"), t->unit);
	put_cell(page, _("Level"), page_level(page, t->level));
	html_put(h, "<tr><th scope=\"row\">%s</th><td>", _("Content"));
	transfer_put_size(page, t);
	html_put(h, "</td></tr>");
	put_cell(page, _("Types"), t->types);
	put_cell(page, _("Files"), t->names);
	html_put(h, "<tr><th scope=\"row\">%s</th><td>", _("Requested"));
	page_time(page, t->first_us);
	html_put(h, "</td></tr>");
}

static void put_how(struct page *page, const struct store_transfer *t)
{
	struct html *h = &page->html;
	char batch[2 * STORE_ID_SIZE + 1];

	sodium_bin2hex(batch, sizeof(batch), t->batch, sizeof(t->batch));
	html_put(h,
		 "<h2>%s</h2><ol class=\"steps\"><li>%s<pre class=\"command\">"
		 "airgapctl transfer show %s\nairgapctl transfer open %s 0 &gt; copy</pre></li>"
		 "<li>%s<pre class=\"command\">airgapctl transfer approve %s --print &gt; a\n"
		 "ssh-keygen -Y sign -n airgap-approval@v1 -f ~/.ssh/id_ed25519 &lt; a &gt; a.sig\n"
		 "cat a a.sig &gt; b\nairgapctl transfer approve %s --signed "
		 "b</pre></li><li>%s</li></ol>",
		 _("How to approve"),
		 _("Open the staged copy at the terminal and read it: that very copy is what is "
		   "transferred."),
		 batch, batch,
		 _("Compare batch and manifest with this form; then sign at the terminal, or carry "
		   "the text to where your key is:"),
		 batch, batch,
		 _("An approval is good once, for this manifest, level, unit and requester, until "
		   "the time that it names. Two approvals are two people, and neither is the "
		   "requester."));
}

void view_transfer_form(struct page *page)
{
	struct store_transfer t;
	struct html *h = &page->html;
	char title[96];

	if (find(page, "/form", &t) < 0)
		return;
	snprintf(title, sizeof(title), _("Request for a transfer, number %ld"), (long)t.id);
	page_begin(page, PAGE_TRANSFERS, title);
	if (t.state > STORE_TRANSFER_APPROVED)
		html_put(h, "<p class=\"fault\">%s</p>", _("This request does not wait any more."));
	html_put(h,
		 "<p class=\"no-print\">%s <a href=\"/transfers/%ld\">%s</a></p>"
		 "<section class=\"report\"><table><tbody>",
		 _("Print this page with the browser; what is empty is filled in by hand."),
		 (long)t.id, _("Back to the transfer"));
	put_request(page, &t);
	html_put(
		h,
		"<tr><th scope=\"row\">%s</th><td><span class=\"sr\">%s</span><span class=\"line\">"
		"</span></td></tr></tbody></table>",
		_("Reason"), _("to be filled by hand"));
	put_how(page, &t);
	html_put(h,
		 "<table class=\"signatures\"><tbody><tr><td>%s<span class=\"line\"></span></td>"
		 "<td>%s<span class=\"line\"></span></td><td>%s<span class=\"line\"></span></td>"
		 "</tr></tbody></table></section>",
		 _("Requester"), _("Security officer, date"), _("Approver, date"));
	page_end(page);
}
