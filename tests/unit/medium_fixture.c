// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/medium_fixture.h"

#include <check.h>
#include <sodium.h>
#include <string.h>

void medium_record_of(struct medium_record *record)
{
	static const char text[] = "airgap-media 1\nmedium {\n    id          " MEDIUM_ID_WRITTEN
				   "\n    device      id 0951:1666  serial \"S1\"\n"
				   "    sectors     131072\n"
				   "    filesystem  vfat  uuid \"1D2C-3B4A\"\n"
				   "    enrolled    2026-11-25\n}\n";

	ck_assert_int_ge(sodium_init(), 0);
	ck_assert_int_eq(medium_record_parse(text, strlen(text), NULL, record), 0);
}

void medium_facts_of(struct medium_facts *facts)
{
	memset(facts, 0, sizeof(*facts));
	medium_record_of(&facts->record);
	medium_counter_first(&facts->record, &facts->counter);
	facts->layout = MEDIUM_LAYOUT_SOUND;
	facts->record_state = MEDIUM_RECORD_GOOD;
	facts->sectors = 131072;
	facts->filesystem = MEDIUM_FILESYSTEM_VFAT;
	facts->vendor = 0x0951;
	facts->product = 0x1666;
	strcpy(facts->serial, "S1");
	strcpy(facts->uuid, "1D2C-3B4A");
}
