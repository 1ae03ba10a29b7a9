/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hosts that settings and traces name: what their checks share. */
#ifndef AIRGAP_INSPECT_TRACE_H
#define AIRGAP_INSPECT_TRACE_H

#include "agent/inspect/inspect.h"

/* What is done with a line; as inspect_lines() has it. */
typedef int (*trace_line)(struct inspect *inspect, const char *path, char *line, void *data);

/* trace_skip - past blanks */
const char *trace_skip(const char *line);

/* trace_host - state a failure: @path, and the host in it */
void trace_host(struct inspect *inspect, const char *path, const char *host, size_t length,
		const char *what);

/* trace_words - state each word that is a public host as a failure */
void trace_words(struct inspect *inspect, const char *path, const char *words, const char *what);

/* trace_proxy - a line with a proxy that is public: http_proxy=, Acquire::http::Proxy, of git */
int trace_proxy(struct inspect *inspect, const char *path, char *line, void *data);

/* trace_file, trace_folder - each line of a file, or of all files in a folder; what is not there is fine */
void trace_file(struct inspect *inspect, const char *path, trace_line function);
void trace_folder(struct inspect *inspect, const char *folder, trace_line function);

#endif
