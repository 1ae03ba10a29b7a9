// SPDX-License-Identifier: GPL-2.0-or-later
/* Coming in: the challenge as a command to be copied, its signature pasted back. */
#include <errno.h>
#include <string.h>

#include "agent/office/web/web.h"

static void put_next(struct page *page, const char *next)
{
	if (web_back(next))
		html_put(&page->html, "<input type=\"hidden\" name=\"next\" value=\"%s\">", next);
}

static void put_name(struct page *page, const char *next, const char *fault)
{
	struct html *h = &page->html;

	page_begin(page, PAGE_OUTSIDE, _("Log in"));
	if (fault)
		html_put(h, "<p class=\"fault\" role=\"alert\">%s</p>", fault);
	html_put(h, "<p class=\"lead\">%s</p>",
		 _("Officers log in with their SSH key. There are no passwords."));
	html_put(h,
		 "<form method=\"post\" action=\"/login/challenge\" class=\"stack\">"
		 "<label for=\"name\">%s</label><input id=\"name\" name=\"name\" required "
		 "maxlength=\"128\" autocomplete=\"username\" autofocus spellcheck=\"false\">",
		 _("Your name, as it was registered"));
	put_next(page, next);
	html_put(h, "<button>%s</button></form>", _("Next"));
	page_end(page);
}

void view_login(struct page *page)
{
	if (page->is_in)
		page_go(page, "/");
	else
		put_name(page, web_query(page, "next"), NULL);
}

/* One line of the challenge as a word for a shell. Nothing in it ends the quotes. */
static void put_word(struct html *h, const char *line, size_t length)
{
	html_put(h, " '");
	for (size_t i = 0, n; i < length; i += n + 1) {
		const char *quote = memchr(line + i, '\'', length - i);

		n = quote ? (size_t)(quote - line) - i : length - i;
		html_bytes(h, line + i, n);
		if (quote)
			html_put(h, "'\\''");
	}
	html_put(h, "'");
}

static void put_command(struct html *h, const char *text)
{
	html_put(h, "<pre class=\"command\" tabindex=\"0\"><code>printf '%%s\\n'");
	for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1)
		put_word(h, line, (size_t)(end - line));
	html_put(h,
		 " |\n  ssh-keygen -Y sign -n airgap-login@v1 -f ~/.ssh/id_ed25519</code></pre>");
}

static void put_challenge(struct page *page, const char *name, const char *text)
{
	struct html *h = &page->html;

	page_begin(page, PAGE_OUTSIDE, _("Log in"));
	html_put(h, "<ol class=\"steps\"><li><p>%s</p>",
		 _("Copy this command into a terminal window of your own machine. With a hardware "
		   "key, touch it when it blinks."));
	put_command(h, text);
	html_put(h,
		 "</li><li><form method=\"post\" action=\"/login\" class=\"stack\">"
		 "<input type=\"hidden\" name=\"name\" value=\"%s\">",
		 name);
	put_next(page, form_value(page->form, "next"));
	html_put(h,
		 "<label for=\"signature\">%s</label><textarea id=\"signature\" name=\"signature\" "
		 "rows=\"8\" required maxlength=\"4000\" autocomplete=\"off\" spellcheck=\"false\" "
		 "placeholder=\"-----BEGIN SSH SIGNATURE-----\"></textarea><button>%s</button>"
		 "</form></li></ol><p class=\"by\">%s</p>",
		 _("Paste what it prints, from BEGIN to END"), _("Log in"),
		 _("The command signs this text alone, and serves once, within five minutes."));
	page_end(page);
}

/* The same as for programs, in a form that people read. */
static bool limited(struct page *page)
{
	if (!login_limited(page->request))
		return false;
	page_message(page, 429, _("Too much at once"),
		     _("From this machine too many have tried to log in. Wait a minute."));
	reply_header(page->request, "Retry-After", "60");
	return true;
}

void view_challenge(struct page *page)
{
	const char *name = form_value(page->form, "name");
	char text[LOGIN_TEXT_SIZE];

	if (limited(page))
		return;
	if (!name || login_challenge(page->serve, page->request->address, name, text) < 0) {
		page->status = 400;
		put_name(page, form_value(page->form, "next"), _("This cannot be a name."));
		return;
	}
	put_challenge(page, name, text);
}

void view_login_answer(struct page *page)
{
	const char *name = form_value(page->form, "name");
	const char *pasted = form_value(page->form, "signature");
	const char *next = form_value(page->form, "next");
	char cookie[256], signature[4096];
	size_t length;
	int r = -EACCES;

	if (limited(page))
		return;
	/* What was copied with blanks around it is the same signature. */
	pasted = pasted ? pasted + strspn(pasted, " \n\t") : "";
	length = strlen(pasted);
	while (length > 0 && strchr(" \n\t", pasted[length - 1]))
		length--;
	if (name && length + 2 < sizeof(signature)) {
		memcpy(signature, pasted, length);
		memcpy(signature + length, "\n", 2);
		r = login_answer(page->serve, name, signature, cookie, sizeof(cookie));
	}
	if (r == -EACCES) {
		page->status = 403;
		put_name(page, next,
			 _("This is no signature by a registered key over a challenge that is "
			   "still open. Begin again."));
	} else if (r < 0) {
		reply_busy(page->request, 503, 5);
	} else {
		page_go(page, web_back(next) ? next : "/");
		reply_header(page->request, "Set-Cookie", cookie);
	}
}

void view_logout(struct page *page)
{
	if (login_end(page->serve, &page->session) < 0) {
		reply_busy(page->request, 503, 5);
		return;
	}
	page_go(page, "/login");
	reply_header(page->request, "Set-Cookie",
		     LOGIN_COOKIE "=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict");
}
