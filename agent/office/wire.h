/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handlers of the wire. Private to wire*.c. */
#ifndef AIRGAP_OFFICE_WIRE_H
#define AIRGAP_OFFICE_WIRE_H

#include "agent/office/enrol.h"
#include "agent/office/http.h"

/* wire_known - is the peer a registered terminal? Else it has been told so. */
bool wire_known(struct request *request);

void wire_enrol(struct serve *serve, struct request *request);
void wire_enrol_state(struct serve *serve, struct request *request);
void wire_inbox(struct serve *serve, struct request *request);
void wire_inbox_file(struct serve *serve, struct request *request);
void wire_identity(struct serve *serve, struct request *request);
void wire_log(struct serve *serve, struct request *request);

#endif
