// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_result.h"

#include <string.h>

const char *age_result_text(int result)
{
	switch (result) {
	case 0:
		return "done";
	case AGE_BAD_HEADER:
		return "this is no sound age v1 file: its header is malformed; get the file again";
	case AGE_NO_MATCH:
		return "the file was not encrypted to any of these identities; use that of a "
		       "recipient";
	case AGE_BAD_MAC:
		return "the header was changed after the file was encrypted; get the file again";
	case AGE_BAD_PAYLOAD:
		return "the content was changed or is incomplete; get the file again";
	case -ESTALE:
		return "the file changed while it was being read; try again when nobody writes to "
		       "it";
	case -ECANCELED:
		return "cancelled; nothing was left behind";
	default:
		return strerror(-result);
	}
}
