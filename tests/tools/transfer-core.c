// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plays the core for airgap-transferd, without policy, journal or devices: settings and media come from lines
 * on standard input, what is asked and stated goes to standard output, a line each.
 *
 *	usage: transfer-core ROOT
 *
 *	terminal NUMBER UNIT LEVEL	recipient UNIT LEVEL AGE1...	recovery AGE1...
 *	person DUTY KEY LOGIN		settings			(sends all of it)
 *	permit SECURITY APPROVAL	refuse BECAUSE			scan 0|1	wait SECONDS
 *	approver DUTY KEY PERSON	(whose approval the next one is; - : refused)
 *	medium COOKIE registered|foreign read|write FOLDER ID SEQUENCE	gone COOKIE	pulled COOKIE
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "agent/lib/link.h"
#include "agent/lib/log.h"
#include "agent/lib/path.h"
#include "agent/transfer/export.h"

static struct {
	struct link *link;
	struct msg_transfer_settings settings;
	struct msg_transfer_recipient recipients[8];
	size_t recipient_count;
	struct msg_transfer_person persons[8];
	size_t person_count;
	struct policy_need need;
	char refusal[256];
	uint32_t scan, wait_s;
	struct msg_transfer_approved approved;
	uint8_t public_key[32], secret_key[64];
	uint64_t entry;
} core;

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

static void on_ask(const struct msg_transfer_ask *ask)
{
	static const char *const steps[] = { "request", "export", "import" };
	struct msg_transfer_verdict answer = { .cookie = ask->cookie, .entry = ++core.entry };

	say("ask %s uid %u direction %u medium %u files %u size %llu level %s unit %s login %s "
	    "type %s",
	    steps[ask->step], ask->uid, ask->facts.direction, ask->facts.medium, ask->facts.files,
	    (unsigned long long)ask->facts.size, ask->facts.level, ask->facts.unit,
	    ask->facts.login, ask->facts.types[0]);
	answer.verdict.approvals = core.need;
	answer.verdict.scan = core.scan;
	answer.verdict.wait_s = core.wait_s;
	answer.verdict.verdict.result =
		core.refusal[0] ? POLICY_RESULT_REFUSE : POLICY_RESULT_PERMIT;
	snprintf(answer.verdict.verdict.because, sizeof(answer.verdict.verdict.because), "%.100s",
		 core.refusal);
	snprintf(answer.verdict.verdict.rule, sizeof(answer.verdict.verdict.rule), "docs");
	link_send(core.link, MSG_TRANSFER_VERDICT, &answer, -1, NULL);
}

static void on_approval(const struct msg_transfer_approval *ask)
{
	struct msg_transfer_approved answer = core.approved;

	answer.cookie = ask->cookie;
	answer.until = time(NULL) + 3600;
	answer.entry = ++core.entry;
	randombytes_buf(answer.nonce, sizeof(answer.nonce));
	say("approval uid %u requester %s", ask->uid, ask->requester);
	link_send(core.link, MSG_TRANSFER_APPROVED, &answer, -1, NULL);
}

static void on_event(const struct msg_record_transfer *record)
{
	static const char *const events[TRANSFER_EVENT_COUNT] = {
		"requested",   "approved",    "permitted", "exported", "imported", "refused",
		"quarantined", "interrupted", "cancelled", "expired",  "opened",
	};
	struct msg_transfer_recorded answer = { .cookie = record->cookie, .entry = ++core.entry };

	say("event %s login %s error %d text %s", events[record->event], record->login,
	    record->error, record->text);
	link_send(core.link, MSG_TRANSFER_RECORDED, &answer, -1, NULL);
}

static void on_sign(const struct msg_slip_sign *ask)
{
	struct msg_slip_signed answer = { .cookie = ask->cookie };
	uint8_t data[SLIP_SIGNED_DATA];
	size_t length = slip_signed_data(ask->sha512, data);

	crypto_sign_detached(answer.signature, NULL, data, length, core.secret_key);
	memcpy(answer.key, core.public_key, sizeof(answer.key));
	say("sign");
	link_send(core.link, MSG_TRANSFER_SIGNED, &answer, -1, NULL);
}

static void on_key(const struct msg_terminal_key_ask *ask)
{
	struct msg_terminal_key answer = { .cookie = ask->cookie };

	memcpy(answer.key, core.public_key, sizeof(answer.key));
	say("key %s", ask->terminal);
	link_send(core.link, MSG_TERMINAL_KEY, &answer, -1, NULL);
}

static int on_message(void *data, struct msg *msg)
{
	(void)data;
	switch (msg->type) {
	case MSG_TRANSFER_ASK:
		on_ask(msg->body);
		return 0;
	case MSG_TRANSFER_APPROVAL:
		on_approval(msg->body);
		return 0;
	case MSG_TRANSFER_EVENT:
		on_event(msg->body);
		return 0;
	case MSG_TRANSFER_SIGN:
		on_sign(msg->body);
		return 0;
	case MSG_TERMINAL_KEY_ASK:
		on_key(msg->body);
		return 0;
	default:
		return -EPROTO;
	}
}

static void on_up(void *data, const struct msg_hello *hello)
{
	(void)data;
	say("up sandbox %u", hello->sandbox);
}

static void on_down(void *data, int error, const char *reason)
{
	(void)data;
	say("down %d %s", error, reason);
}

static void send_settings(void)
{
	link_send(core.link, MSG_TRANSFER_SETTINGS, &core.settings, -1, NULL);
	for (size_t i = 0; i < core.recipient_count; i++)
		link_send(core.link, MSG_TRANSFER_RECIPIENT, &core.recipients[i], -1, NULL);
	for (size_t i = 0; i < core.person_count; i++)
		link_send(core.link, MSG_TRANSFER_PERSON, &core.persons[i], -1, NULL);
	link_send(core.link, MSG_TRANSFER_SETTINGS_END, NULL, -1, NULL);
}

static void send_medium(const char *line)
{
	char kind[16], right[8], folder[PATH_MAX], id[33];
	unsigned long long cookie, sequence;
	struct msg_medium medium = { .filesystem = MEDIUM_FILESYSTEM_EXT4 };
	int fd;

	if (sscanf(line, "%llu %15s %7s %4095s %32s %llu", &cookie, kind, right, folder, id,
		   &sequence) != 6)
		return;
	medium.cookie = cookie;
	medium.sequence = sequence;
	medium.kind = strcmp(kind, "foreign") == 0 ? MEDIA_KIND_FOREIGN : MEDIA_KIND_REGISTERED;
	medium.right = strcmp(right, "write") == 0 ? MEDIA_RIGHT_WRITE : MEDIA_RIGHT_READ;
	sodium_hex2bin(medium.id, sizeof(medium.id), id, strlen(id), NULL, NULL, NULL);
	memset(medium.counter, (int)sequence, sizeof(medium.counter));
	snprintf(medium.level, sizeof(medium.level), "%s", core.settings.level);
	snprintf(medium.port, sizeof(medium.port), "1-1");
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	link_send(core.link, MSG_MEDIUM, &medium, fd, NULL);
	close(fd);
}

static void send_gone(const char *cookie, uint32_t pulled)
{
	struct msg_medium_gone gone = { .cookie = strtoull(cookie, NULL, 10), .pulled = pulled };

	link_send(core.link, MSG_MEDIUM_GONE, &gone, -1, NULL);
}

static void add_recipient(const char *line)
{
	struct msg_transfer_recipient *one = &core.recipients[core.recipient_count];

	if (core.recipient_count < 8 &&
	    sscanf(line, "%128s %64s %63s", one->unit, one->level, one->recipient) == 3)
		core.recipient_count++;
}

static void add_person(const char *line)
{
	struct msg_transfer_person *one = &core.persons[core.person_count];

	if (core.person_count < 8 &&
	    sscanf(line, "%u %63s %64s", &one->duty, one->key, one->login) == 3)
		core.person_count++;
}

static void set_approver(const char *line)
{
	struct msg_transfer_approved *one = &core.approved;

	memset(one, 0, sizeof(*one));
	if (sscanf(line, "%u %63s %100[^\n]", &one->duty, one->key, one->person) != 3) {
		one->error = -EPERM;
		snprintf(one->text, sizeof(one->text), "used before");
	}
}

static void set_terminal(const char *line)
{
	static const char *const levels[] = { "neibu", "mimi", "jimi" };
	static const char *const labels[] = { "内部", "秘密", "机密" };

	sscanf(line, "%63s %128s %64s", core.settings.terminal, core.settings.unit,
	       core.settings.level);
	core.settings.policy_serial = 42;
	core.settings.permitted = 1;
	core.settings.level_count = 3;
	for (int i = 0; i < 3; i++) {
		snprintf(core.settings.levels[i], sizeof(core.settings.levels[i]), "%s", levels[i]);
		snprintf(core.settings.labels[i], sizeof(core.settings.labels[i]), "%s", labels[i]);
	}
}

static void obey(char *line)
{
	char *rest = strchr(line, ' ');

	if (rest)
		*rest++ = 0;
	else
		rest = line + strlen(line);
	if (strcmp(line, "terminal") == 0)
		set_terminal(rest);
	else if (strcmp(line, "recipient") == 0)
		add_recipient(rest);
	else if (strcmp(line, "recovery") == 0)
		snprintf(core.settings.recovery, sizeof(core.settings.recovery), "%s", rest);
	else if (strcmp(line, "person") == 0)
		add_person(rest);
	else if (strcmp(line, "settings") == 0)
		send_settings();
	else if (strcmp(line, "permit") == 0)
		core.refusal[0] = 0, sscanf(rest, "%u %u", &core.need.duty[0], &core.need.duty[1]);
	else if (strcmp(line, "refuse") == 0)
		snprintf(core.refusal, sizeof(core.refusal), "%s", rest);
	else if (strcmp(line, "scan") == 0)
		core.scan = (uint32_t)atoi(rest);
	else if (strcmp(line, "wait") == 0)
		core.wait_s = (uint32_t)atoi(rest);
	else if (strcmp(line, "approver") == 0)
		set_approver(rest);
	else if (strcmp(line, "medium") == 0)
		send_medium(rest);
	else if (strcmp(line, "gone") == 0 || strcmp(line, "pulled") == 0)
		send_gone(rest, *line == 'p');
	else
		say("unknown %s", line);
}

static int on_input(sd_event_source *source, int fd, uint32_t events, void *data)
{
	static char buffer[8192];
	static size_t used;
	ssize_t n = read(fd, buffer + used, sizeof(buffer) - used - 1);
	char *end;

	(void)events;
	(void)data;
	if (n <= 0)
		return sd_event_exit(sd_event_source_get_event(source), 0);
	used += (size_t)n;
	buffer[used] = 0;
	while ((end = strchr(buffer, '\n'))) {
		*end = 0;
		obey(buffer);
		used -= (size_t)(end + 1 - buffer);
		memmove(buffer, end + 1, used + 1);
	}
	return 0;
}

int main(int argc, char *argv[])
{
	static const struct link_handler handler = { on_up, on_down, on_message, NULL };
	struct link_config config = { .self = MSG_ROLE_CORE,
				      .peer = MSG_ROLE_TRANSFER,
				      .peer_uid = getuid(),
				      .group = getgid(),
				      .queue_max = 64,
				      .handler = &handler };
	const uint8_t seed[32] = { 7 };
	char path[PATH_MAX];
	sd_event *event;

	log_init("transfer-core");
	signal(SIGPIPE, SIG_IGN);
	if (argc != 2 || sodium_init() < 0 || sd_event_default(&event) < 0 ||
	    path_join(path, argv[1], PATH_SOCKET_TRANSFER) < 0)
		return 2;
	crypto_sign_seed_keypair(core.public_key, core.secret_key, seed);
	config.event = event;
	config.path = path;
	if (link_listen(&config, &core.link) < 0 ||
	    sd_event_add_io(event, NULL, STDIN_FILENO, EPOLLIN, on_input, NULL) < 0)
		return 1;
	say("listening");
	return sd_event_loop(event) < 0;
}
