/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of `airgap-office incidents`; each returns what the program does. */
#ifndef AIRGAP_OFFICE_CLI_VERB_INCIDENTS_H
#define AIRGAP_OFFICE_CLI_VERB_INCIDENTS_H

#include <stdbool.h>

#include "agent/office/admin.h"

/* incidents_number - an event's number as it was typed */
bool incidents_number(const char *text, int64_t *id);

int incidents_list(struct admin *admin, int argc, char **argv);
int incidents_show(struct admin *admin, int argc, char **argv);
int incidents_report(struct admin *admin, int argc, char **argv);
/* verb_incidents_move.c */
int incidents_draft(struct admin *admin, int argc, char **argv);
int incidents_carry(struct admin *admin, int argc, char **argv);
int incidents_rules(struct admin *admin, int argc, char **argv);
/* verb_incidents_evidence.c */
int incidents_evidence(struct admin *admin, int argc, char **argv);

#endif
