// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plays the core towards the kernel module, by hand: lines on standard input are requests, answered by
 * lines that end with one of a single dot. While `beat on` it sends heartbeats in between.
 *
 *	open | close | hello MS | beat on | beat off | unlock | lock | goodbye MS | status
 *	find BUS DEVICE | allow PLUG INTERFACE... | deny PLUG
 *	link INDEX [NETNS-FILE] | unlink INDEX [NETNS-FILE] | relink NUMBER
 *	cidr all | cidr PREFIX/BITS... | modules NAME... | records | done SEQUENCE
 *	leak: a child keeps the descriptor and lives on
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent/core/shim/shim_device.h"

#define WORDS_MAX 64
#define BEAT_MS	  50

static struct shim_device device = { .fd = -1 };
static bool beating;
static int beat_error;

static unsigned long number(const char *text)
{
	return strtoul(text, NULL, 0);
}

static int do_usb(size_t count, char **words)
{
	uint64_t interfaces[4] = { 0 };

	if (strcmp(words[0], "find") == 0) {
		struct airgap_usb found;
		int r = shim_device_usb_find(&device, (uint32_t)number(words[1]),
					     (uint32_t)number(words[2]), &found);

		if (r == 0)
			printf("%llu%s%s\n", (unsigned long long)found.plug,
			       found.flags & AIRGAP_USB_PERMITTED ? " permitted" : "",
			       found.flags & AIRGAP_USB_KEPT ? " kept" : "");
		return r;
	}
	if (strcmp(words[0], "deny") == 0)
		return shim_device_usb_deny(&device, number(words[1]));
	for (size_t i = 2; i < count; i++)
		interfaces[number(words[i]) / 64 % 4] |= UINT64_C(1) << number(words[i]) % 64;
	return shim_device_usb_allow(&device, number(words[1]), interfaces);
}

static int do_link(size_t count, char **words)
{
	int netns = count > 2 ? open(words[2], O_RDONLY | O_CLOEXEC) : -1, r;
	bool relink = strcmp(words[0], "relink") == 0;
	uint32_t index = relink ? 0 : (uint32_t)number(words[1]), flags = 0;
	uint64_t link = relink ? number(words[1]) : 0;

	if (count > 2 && netns < 0)
		return -errno;
	if (strcmp(words[0], "unlink") == 0)
		r = shim_device_net_deny(&device, netns, index, 0);
	else
		r = shim_device_net_allow(&device, netns, index, &link, &flags);
	if (netns >= 0)
		close(netns);
	if (r == 0 && link)
		printf("%llu%s\n", (unsigned long long)link,
		       flags & AIRGAP_NET_CLOSED ? " closed" : "");
	return r;
}

static int parse_cidr(char *text, struct airgap_cidr *cidr)
{
	char *slash = strchr(text, '/');

	*cidr = (struct airgap_cidr){ .family = strchr(text, ':') ? 6 : 4 };
	if (!slash)
		return -EINVAL;
	*slash = 0;
	cidr->bits = (uint8_t)number(slash + 1);
	return inet_pton(cidr->family == 6 ? AF_INET6 : AF_INET, text, cidr->address) == 1
		       ? 0
		       : -EINVAL;
}

static int do_cidr(size_t count, char **words)
{
	struct airgap_cidr cidrs[WORDS_MAX] = { 0 };
	int r = 0;

	if (count == 2 && strcmp(words[1], "all") == 0)
		return shim_device_cidrs(&device, cidrs, 0, true);
	for (size_t i = 1; r == 0 && i < count; i++)
		r = parse_cidr(words[i], &cidrs[i - 1]);
	return r < 0 ? r : shim_device_cidrs(&device, cidrs, count - 1, false);
}

static int do_records(void)
{
	struct airgap_record record;
	int r;

	while ((r = shim_device_read(&device, &record)) == 0)
		printf("%llu %s x%u detail=%u pid=%u uid=%u object=%llu usb=%u-%u %04x:%04x %s\n",
		       (unsigned long long)record.sequence, shim_device_record_name(record.kind),
		       record.repeats, record.detail, record.pid, record.uid,
		       (unsigned long long)record.object, record.bus, record.device, record.vendor,
		       record.product, record.name);
	return r == -EAGAIN ? 0 : r;
}

static int do_status(void)
{
	struct airgap_status status;
	int r = shim_device_status(&device, &status);

	if (r == 0)
		printf("%s cause=%s plugs=%u/%u links=%u/%u cidrs=%u/%u records=%u/%u lost=%llu "
		       "packets=%llu usb=%llu links-refused=%llu modules=%llu\n",
		       shim_device_state_name(status.state), shim_device_cause_name(status.cause),
		       status.plugs, status.plugs_max, status.links, status.links_max, status.cidrs,
		       status.cidrs_max, status.records, status.records_max,
		       (unsigned long long)status.records_lost,
		       (unsigned long long)status.packets_refused,
		       (unsigned long long)status.usb_refused,
		       (unsigned long long)status.links_refused,
		       (unsigned long long)status.modules_refused);
	return r;
}

static int do_leak(void)
{
	pid_t child = fork();

	if (child < 0)
		return -errno;
	if (child > 0) {
		printf("%d\n", (int)child);
		return 0;
	}
	/* Not the pipes: who reads them must see their end. */
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	for (;;)
		pause();
}

static int do_session(size_t count, char **words)
{
	unsigned long value = count > 1 ? number(words[1]) : 0;

	if (strcmp(words[0], "hello") == 0) {
		struct airgap_hello answer;
		int r = shim_device_hello(&device, (uint32_t)value, &answer);

		if (r == 0)
			printf("%s %s\n", shim_device_state_name(answer.state),
			       shim_device_cause_name(answer.cause));
		return r;
	}
	if (strcmp(words[0], "goodbye") == 0)
		return shim_device_goodbye(&device, (uint32_t)value);
	if (strcmp(words[0], "done") == 0)
		return shim_device_done(&device, value);
	if (strcmp(words[0], "beat") != 0)
		return -ENOSYS;
	if (count == 1)
		return beat_error ? beat_error : shim_device_beat(&device);
	beating = strcmp(words[1], "on") == 0;
	beat_error = 0;
	return 0;
}

static int act(size_t count, char **words)
{
	static const struct {
		const char *name;
		size_t words;
		int (*act)(size_t count, char **words);
	} verbs[] = { { "find", 3, do_usb },	 { "allow", 2, do_usb },
		      { "deny", 2, do_usb },	 { "link", 2, do_link },
		      { "unlink", 2, do_link },	 { "relink", 2, do_link },
		      { "cidr", 1, do_cidr },	 { "hello", 2, do_session },
		      { "beat", 1, do_session }, { "goodbye", 2, do_session },
		      { "done", 2, do_session } };

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(words[0], verbs[i].name) == 0)
			return count < verbs[i].words ? -EINVAL : verbs[i].act(count, words);
	if (strcmp(words[0], "open") == 0)
		return shim_device_open(&device, AIRGAP_DEVICE);
	if (strcmp(words[0], "close") == 0) {
		shim_device_close(&device);
		return 0;
	}
	if (strcmp(words[0], "unlock") == 0)
		return shim_device_unlock(&device);
	if (strcmp(words[0], "lock") == 0)
		return shim_device_lock(&device);
	if (strcmp(words[0], "modules") == 0)
		return shim_device_modules(&device, (const char *const *)words + 1, count - 1);
	if (strcmp(words[0], "records") == 0)
		return do_records();
	if (strcmp(words[0], "status") == 0)
		return do_status();
	return strcmp(words[0], "leak") == 0 ? do_leak() : -ENOSYS;
}

static void answer(char *line)
{
	char *words[WORDS_MAX], *rest = line;
	size_t count = 0;
	int r;

	while (count < WORDS_MAX && (words[count] = strtok_r(rest, " \n", &rest)))
		count++;
	if (count == 0)
		return;
	r = act(count, words);
	if (r < 0)
		printf("%s\n.\n", strerrorname_np(-r));
	else
		printf("ok\n.\n");
	fflush(stdout);
}

int main(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	char buffer[4096], *line;
	size_t held = 0;
	ssize_t n;

	for (;;) {
		if (beating && beat_error == 0)
			beat_error = shim_device_beat(&device);
		if (poll(&in, 1, BEAT_MS) <= 0)
			continue;
		n = read(STDIN_FILENO, buffer + held, sizeof(buffer) - held - 1);
		if (n <= 0)
			return 0;
		held += (size_t)n;
		buffer[held] = 0;
		while ((line = strchr(buffer, '\n'))) {
			*line = 0;
			answer(buffer);
			held -= (size_t)(line + 1 - buffer);
			memmove(buffer, line + 1, held + 1);
		}
	}
}
