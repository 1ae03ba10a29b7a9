// SPDX-License-Identifier: GPL-2.0-or-later
/* Why a move was refused, for whoever asked for it. */
#include "agent/lib/i18n.h"
#include "agent/office/event_life.h"

const char *event_refusal_text(enum event_refusal refusal)
{
	static const char *const texts[EVENT_REFUSAL_COUNT] = {
		[EVENT_GRANTED] = "",
		[EVENT_REFUSED_AUDITOR] =
			N_("An auditor sees everything and changes nothing; ask an officer."),
		[EVENT_REFUSED_STATE] =
			N_("The event is not in a state in which this can be done; look at it "
			   "again."),
		[EVENT_REFUSED_SECOND] = N_("Whoever asked for it cannot confirm it; a second "
					    "officer must look at the event."),
		[EVENT_REFUSED_TEXT] = N_("Say in words what happened, or why; this is kept."),
		[EVENT_REFUSED_LONG] =
			N_("The text is too long, or holds characters that cannot be "
			   "shown; at most 4000 bytes."),
		[EVENT_REFUSED_UNTOLD] = N_("Enter the user's explanation and what was done before "
					    "asking for closing."),
		[EVENT_REFUSED_OFFICER] = N_("Name an officer who is in service and no auditor."),
		[EVENT_REFUSED_GRADE] = N_("A raised grade must be above the present one, a lower "
					   "one below it; grades are V1 to V4."),
		[EVENT_REFUSED_NOTHING] =
			N_("No lower grade has been asked for, or one waits for a second officer "
			   "already."),
		[EVENT_REFUSED_FIELDS] = N_("A first report states content, level, quantity, "
					    "carrier and when it was discovered; a supplement "
					    "states something. At most 2000 bytes a field."),
		[EVENT_REFUSED_FILED] = N_("File the first report before recording that it went "
					   "out."),
		[EVENT_REFUSED_REPORT] =
			N_("An event of this grade is closed only after its report "
			   "went out to the administration; record that first."),
		[EVENT_REFUSED_UNIT] =
			N_("Name the kind of unit: critical, central or other; a mark changes only "
			   "to one with less time."),
		[EVENT_REFUSED_UNMARKED] =
			N_("The event is not marked as a cyber incident; mark it first."),
		[EVENT_REFUSED_ORDER] =
			N_("The closing report follows the report; record first that the report "
			   "went out."),
		[EVENT_REFUSED_CYBER] =
			N_("A cyber incident is closed only after its report and its closing "
			   "report went out; record that first."),
		[EVENT_REFUSED_KIND] = N_("No event of this kind is entered by people."),
		[EVENT_REFUSED_TIME] = N_("It cannot be discovered in the future, nor before it "
					  "happened."),
		[EVENT_REFUSED_CHANGED] = N_("Somebody else changed the event since you looked at "
					     "it; look at it again."),
		[EVENT_REFUSED_USED] = N_("This signed text was handed in before."),
	};

	if (refusal >= EVENT_REFUSAL_COUNT || !texts[refusal] || !*texts[refusal])
		return "";
	return _(texts[refusal]);
}
