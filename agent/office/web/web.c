// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/web/web.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/office/office.h"

#define COOKIE_LANGUAGE "__Host-language"

static const struct {
	const char *tag;    /* in HTML, the cookie and Accept-Language */
	const char *locale; /* of the catalog */
} languages[PAGE_LANGUAGE_COUNT] = {
	[PAGE_ENGLISH] = { "en", "en" },
	[PAGE_CHINESE] = { "zh", "zh_CN" },
};

/* --- languages --- */

void web_init(void)
{
	i18n_init(NULL);
	/* A catalog is mapped at its first text, and stays. */
	for (unsigned int i = 0; i < PAGE_LANGUAGE_COUNT; i++) {
		i18n_use(languages[i].locale);
		(void)_("Now");
	}
	tzset();
}

const char *web_language_tag(enum page_language language)
{
	return languages[language].tag;
}

static enum page_language find_language(const char *tag, size_t length)
{
	unsigned int i = 0;

	/* "zh-Hans-CN" is Chinese, too. */
	while (i < PAGE_LANGUAGE_COUNT && (strncasecmp(tag, languages[i].tag, 2) != 0 ||
					   length < 2 || (length > 2 && tag[2] != '-')))
		i++;
	return i;
}

/* RFC 9110, section 12.5.4: "zh-CN, en;q=0.7"; the first of the highest weight. */
static enum page_language accepted(const char *accept)
{
	enum page_language best = PAGE_ENGLISH, language;
	double weight, highest = 0;

	while (*accept) {
		size_t length = strcspn(accept, ",");
		size_t tag = strcspn(accept, ",; ");
		const char *q = memchr(accept, ';', length);

		q = q ? strstr(q, "q=") : NULL;
		weight = q && q < accept + length ? (q[2] == '1' ? 1.0 : strtod(q + 2, NULL)) : 1.0;
		language = find_language(accept, tag);
		if (language < PAGE_LANGUAGE_COUNT && weight > highest) {
			highest = weight;
			best = language;
		}
		accept += length;
		accept += strspn(accept, ", ");
	}
	return best;
}

enum page_language web_language(const char *cookie, const char *accept)
{
	enum page_language language =
		cookie ? find_language(cookie, strlen(cookie)) : PAGE_LANGUAGE_COUNT;

	if (language < PAGE_LANGUAGE_COUNT)
		return language;
	return accept ? accepted(accept) : PAGE_ENGLISH;
}

bool web_back(const char *path)
{
	return path && path[0] == '/' && path[1] != '/' && strlen(path) < 200 &&
	       path[strspn(path, "abcdefghijklmnopqrstuvwxyz0123456789-/")] == 0;
}

/* --- requests --- */

int64_t web_id(const struct page *page, const char *prefix, const char *suffix)
{
	size_t before = strlen(prefix), after = strlen(suffix), all = strlen(page->request->path);
	char digits[24];

	if (all <= before + after || all - before - after >= sizeof(digits) ||
	    strncmp(page->request->path, prefix, before) != 0 ||
	    strcmp(page->request->path + all - after, suffix) != 0)
		return 0;
	snprintf(digits, sizeof(digits), "%.*s", (int)(all - before - after),
		 page->request->path + before);
	return form_id(digits);
}

const char *web_query(const struct page *page, const char *name)
{
	const char *value = request_query(page->request, name);

	return value ? value : "";
}

static void set_language(struct page *page)
{
	const char *back = web_query(page, "back"), *to = web_query(page, "to");
	enum page_language language = find_language(to, strlen(to));
	char cookie[128];

	page_go(page, web_back(back) ? back : "/");
	if (language == PAGE_LANGUAGE_COUNT)
		return;
	snprintf(cookie, sizeof(cookie),
		 COOKIE_LANGUAGE "=%s; Path=/; Max-Age=31536000; Secure; HttpOnly; SameSite=Strict",
		 languages[language].tag);
	reply_header(page->request, "Set-Cookie", cookie);
}

/* In the program's own text: agent/office/web/style.css, see the make file. */
extern const char web_style[]; /* ended by a NUL */
__asm__(".section .rodata\n"
	".global web_style\nweb_style:\n.incbin \"agent/office/web/style.css\"\n.byte "
	"0\n.previous\n");

static void give_style(struct page *page)
{
	reply(page->request, 200, "text/css; charset=utf-8", web_style, strlen(web_style));
	reply_header(page->request, "Cache-Control", "max-age=600");
	page_headers(page->request);
}

/* Who may come: everybody; who is signed in; who is signed in and sends the session's token. */
enum door { OPEN, SEEING, CHANGING };

static const struct {
	const char *method;
	const char *path; /* with a '*' for a number */
	enum door door;
	web_view view;
} views[] = {
	{ "GET", "/", SEEING, view_now },
	{ "GET", "/terminals", SEEING, view_terminals },
	{ "GET", "/terminals/*", SEEING, view_terminal },
	{ "GET", "/terminals/*/log", SEEING, view_log },
	{ "GET", "/events", SEEING, view_events },
	{ "GET", "/events/*", SEEING, view_event },
	{ "POST", "/events/*", CHANGING, view_move },
	{ "GET", "/events/new", SEEING, view_new },
	{ "POST", "/events/new", CHANGING, view_enter },
	{ "GET", "/events/*/report", SEEING, view_report },
	{ "GET", "/transfers", SEEING, view_transfers },
	{ "GET", "/transfers/*", SEEING, view_transfer },
	{ "GET", "/transfers/*/form", SEEING, view_transfer_form },
	{ "GET", "/media", SEEING, view_media },
	{ "GET", "/policies", SEEING, view_policies },
	{ "GET", "/actions", SEEING, view_actions },
	{ "GET", "/login", OPEN, view_login },
	{ "POST", "/login/challenge", OPEN, view_challenge },
	{ "POST", "/login", OPEN, view_login_answer },
	{ "POST", "/logout", CHANGING, view_logout },
	{ "GET", "/language", OPEN, set_language },
	{ "GET", "/style.css", OPEN, give_style },
};

static bool fits(const char *pattern, const char *path)
{
	const char *star = strchr(pattern, '*');
	size_t digits;

	if (!star)
		return strcmp(pattern, path) == 0;
	if (strncmp(pattern, path, (size_t)(star - pattern)) != 0)
		return false;
	path += star - pattern;
	digits = strspn(path, "0123456789");
	return digits > 0 && strcmp(path + digits, star + 1) == 0;
}

static bool comes_in(struct page *page, enum door door)
{
	char path[256];

	if (door == OPEN)
		return true;
	if (!page->is_in && door == SEEING) {
		snprintf(path, sizeof(path), "/login%s%s",
			 web_back(page->request->path) ? "?next=" : "",
			 web_back(page->request->path) ? page->request->path : "");
		page_go(page, path);
		return false;
	}
	if (!page->is_in ||
	    (door == CHANGING && !login_csrf(&page->session, form_value(page->form, "csrf")))) {
		page_message(page, 403, _("This was not done"),
			     _("The form is too old, or it is not from this page. Log in again "
			       "and repeat what you wanted to do."));
		return false;
	}
	return true;
}

static void show(struct page *page)
{
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		if (strcmp(views[i].method, page->request->method) == 0 &&
		    fits(views[i].path, page->request->path)) {
			if (comes_in(page, views[i].door))
				views[i].view(page);
			return;
		}
	page_message(page, 404, _("There is no such page"),
		     _("What you were looking for is not here."));
}

static void answer(struct serve *serve, struct request *request)
{
	static struct form form; /* large, and used by one request at a time */
	struct page page = { .serve = serve,
			     .request = request,
			     .store = serve->reader,
			     .now_us = office_now_us(),
			     .form = &form };

	page.language = web_language(request_cookie(request, COOKIE_LANGUAGE),
				     request_header(request, "Accept-Language"));
	i18n_use(languages[page.language].locale);
	page.is_in = login_session(serve, request, &page.session) == 0;
	if (form_parse(&form, request->body, request->length) < 0)
		page_message(&page, 400, _("This was not done"), _("The form could not be read."));
	else
		show(&page);
	sodium_memzero(&form, sizeof(form));
	html_free(&page.html);
}

const struct route web_routes[] = {
	{ "GET", "/", 0, answer },
	{ "GET", "/terminals*", 0, answer },
	{ "GET", "/events*", 0, answer },
	{ "POST", "/events*", FORM_BODY_MAX, answer },
	{ "GET", "/transfers*", 0, answer },
	{ "GET", "/media", 0, answer },
	{ "GET", "/policies", 0, answer },
	{ "GET", "/actions", 0, answer },
	{ "GET", "/login", 0, answer },
	{ "POST", "/login*", FORM_BODY_MAX, answer },
	{ "POST", "/logout", FORM_BODY_MAX, answer },
	{ "GET", "/language", 0, answer },
	{ "GET", "/style.css", 0, answer },
	{ NULL, NULL, 0, NULL },
};
