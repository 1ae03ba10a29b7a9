// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/inspect_html.h"

#include <errno.h>
#include <time.h>

#include "agent/lib/i18n.h"
#include "agent/lib/printable.h"

#define CLEAN_SIZE (8 * INSPECT_VALUE_SIZE)

static const char style[] =
	"body{font:15px/1.5 sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#1b1b1b}"
	"h1{font-size:1.5em}table{border-collapse:collapse;width:100%}"
	"th,td{text-align:left;vertical-align:top;padding:.35em .6em;border-bottom:1px solid #ccc}"
	"td.e{overflow-wrap:anywhere}.fail{color:#a40000;font-weight:bold}.warn{color:#8a5a00;"
	"font-weight:bold}.unknown{color:#5a5a5a;font-weight:bold}.pass{color:#1f6b2b}"
	".score{font-size:1.2em;padding:.6em;border:1px solid #ccc;border-left:.5em solid #1f6b2b}"
	".score.bad{border-left-color:#a40000}small{color:#555}"
	"@media print{body{margin:0;max-width:none}}";

static void put_text(FILE *out, const char *text)
{
	char clean[CLEAN_SIZE];

	for (const char *at = printable_copy(clean, sizeof(clean), text); *at; at++) {
		switch (*at) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*at, out);
		}
	}
}

static void put_element(FILE *out, const char *name, const char *text)
{
	fprintf(out, "<%s>", name);
	put_text(out, text);
	fprintf(out, "</%s>", name);
}

static void put_outcome(FILE *out, const struct inspect_outcome *outcome)
{
	const struct inspect_check *check = outcome->check;
	const char *result = inspect_result_name(outcome->result);

	fprintf(out, "<tr><td>%u</td><td class=\"%s\">%s</td><td>", check->number, result,
		_(result));
	put_element(out, "b", _(check->title));
	fprintf(out, "<br><small>%s · %s</small></td><td class=\"e\">", check->term,
		_(inspect_severity_name(check->severity)));
	for (size_t i = 0; i < outcome->count; i++) {
		const struct inspect_finding *finding = &outcome->findings[i];

		fprintf(out, "%s<span class=\"%s\">", i ? "<br>" : "",
			inspect_result_name(finding->result));
		put_text(out, finding->place);
		fputs("</span>: ", out);
		put_text(out, finding->value);
	}
	if (outcome->more)
		fprintf(out, "<br>+ %zu", outcome->more);
	fputs("</td><td>", out);
	if (outcome->result >= INSPECT_WARN)
		put_text(out, _(check->remedy));
	fputs("</td></tr>\n", out);
}

static void put_score(FILE *out, const struct inspect_report *report)
{
	struct inspect_score score = inspect_score(report);

	fprintf(out, "<p class=\"score%s\">", score.exit == INSPECT_EXIT_GOOD ? "" : " bad");
	fprintf(out,
		_("%u of 100 points. %u passed, %u warnings, %u failed (%u of them critical), "
		  "%u could not be looked at."),
		score.points, score.results[INSPECT_PASS], score.results[INSPECT_WARN],
		score.results[INSPECT_FAIL], score.vetoes, score.results[INSPECT_UNKNOWN]);
	fputs("</p>\n", out);
	if (score.vetoes)
		put_element(out, "p", _("A critical finding is not outweighed by any points."));
	if (!report->as_root)
		put_element(out, "p",
			    _("Not everything could be read: run it as root for the whole."));
}

/* The gravest first. */
static void put_table(FILE *out, const struct inspect_report *report)
{
	fprintf(out,
		"<table><thead><tr><th></th><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr></"
		"thead>"
		"<tbody>\n",
		_("Result"), _("Check"), _("Evidence"), _("What to do"));
	for (int result = INSPECT_RESULT_COUNT - 1; result >= 0; result--)
		for (size_t i = 0; i < report->count; i++)
			if (report->outcomes[i].result == (uint32_t)result)
				put_outcome(out, &report->outcomes[i]);
	fputs("</tbody></table>\n", out);
}

int inspect_html(FILE *out, const struct inspect_report *report, const char *terminal)
{
	char when[32] = "";
	struct tm tm;

	if (gmtime_r(&(time_t){ report->started }, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M UTC", &tm);
	fprintf(out, "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>");
	put_text(out, _("Inspection"));
	fprintf(out, "</title><style>%s</style></head><body><h1>", style);
	put_text(out, _("Inspection"));
	fputc(' ', out);
	put_text(out, terminal);
	fprintf(out, "</h1><p>%s</p>\n", when);
	put_score(out, report);
	put_table(out, report);
	fputs("</body></html>\n", out);
	return fflush(out) || ferror(out) ? -EIO : 0;
}
