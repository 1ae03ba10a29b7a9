/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to http.c and http_reply.c. */
#ifndef AIRGAP_OFFICE_HTTP_REPLY_H
#define AIRGAP_OFFICE_HTTP_REPLY_H

#include <microhttpd.h>

#include "agent/office/http.h"

/* http_reply_send - hand the prepared reply to MHD */
enum MHD_Result http_reply_send(struct request *request);

/* http_wake - run MHD soon: a held connection goes on */
void http_wake(struct http *http);

#endif
