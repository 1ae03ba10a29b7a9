// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/work.h"

#include <stddef.h>

static const char *const names[WORK_PHASE_COUNT] = {
	"staging", "sealing", "reading", "opening", "scanning", "finishing",
};

const char *work_phase_name(uint32_t phase)
{
	return phase < WORK_PHASE_COUNT ? names[phase] : "working";
}
