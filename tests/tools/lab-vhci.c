// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A USB device that says of itself whatever it is told to say.
 *
 * usage: lab-vhci HUB-PORT SPEED FILE
 *
 * Plugs into the kernel's virtual controller (vhci_hcd), which takes its devices over a socket in
 * the protocol of Documentation/usb/usbip_protocol.rst of Linux, and answers control transfers by
 * FILE. HUB-PORT is the number of a free one in /sys/devices/platform/vhci_hcd.0/status, SPEED 2
 * (full) or 3 (high). Stays plugged until it is ended. Lines of FILE:
 *
 *	device HEX      the device descriptor
 *	config HEX      a configuration with all that follows it; the first such line is number 0
 *	string N TEXT   a string descriptor; \n and \t mean the control characters
 *	then            what follows replaces what came before, once the device is asked for its
 *	                configuration again after an address was given to it anew
 *
 * Requests that have no such answer: zero-length ones succeed, all others stall. Other endpoints
 * never have anything to say.
 */
#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONFIGS_MAX 9
#define STRINGS_MAX 8
#define BYTES_MAX   65535

enum {
	CMD_SUBMIT = 1,
	CMD_UNLINK = 2,
	RET_SUBMIT = 3,
	RET_UNLINK = 4,
};

enum {
	GET_STATUS = 0,
	GET_DESCRIPTOR = 6,
	GET_CONFIGURATION = 8,
};

enum {
	TYPE_DEVICE = 1,
	TYPE_CONFIGURATION = 2,
	TYPE_STRING = 3,
};

/* Both directions: 20 bytes that all have, then 28 of the command or its answer; big endian. */
struct header {
	uint32_t command, sequence, device, direction, endpoint;
	uint32_t word[5];
	uint8_t setup[8];
};

struct bytes {
	uint8_t *at;
	size_t length;
};

struct face {
	struct bytes device, config[CONFIGS_MAX], string[STRINGS_MAX];
	int config_count;
};

static struct face faces[2];
static int face; /* the one that is shown */
static int face_count = 1;
static bool whole; /* a configuration was read to its end: the next device descriptor is a reset's */

static struct bytes from_hex(const char *text)
{
	struct bytes bytes = { .at = malloc(BYTES_MAX) };
	unsigned int value;
	int used;

	while (bytes.at && bytes.length < BYTES_MAX && sscanf(text, " %2x%n", &value, &used) == 1) {
		bytes.at[bytes.length++] = (uint8_t)value;
		text += used;
	}
	return bytes;
}

static struct bytes from_text(const char *text)
{
	struct bytes bytes = { .at = calloc(1, 256), .length = 2 };

	for (; bytes.at && *text && bytes.length < 254; text++) {
		uint8_t c = (uint8_t)*text;

		if (c == '\\' && (text[1] == 'n' || text[1] == 't'))
			c = *++text == 'n' ? '\n' : '\t';
		bytes.at[bytes.length] = c;
		bytes.length += 2;
	}
	bytes.at[0] = (uint8_t)bytes.length;
	bytes.at[1] = TYPE_STRING;
	return bytes;
}

static int take_line(char *line)
{
	struct face *into = &faces[face_count - 1];
	unsigned int number;
	int used = 0;

	line[strcspn(line, "\n")] = 0;
	if (strncmp(line, "device ", 7) == 0)
		into->device = from_hex(line + 7);
	else if (strncmp(line, "config ", 7) == 0 && into->config_count < CONFIGS_MAX)
		into->config[into->config_count++] = from_hex(line + 7);
	else if (sscanf(line, "string %u %n", &number, &used) == 1 && used && number < STRINGS_MAX)
		into->string[number] = from_text(line + used);
	else if (strcmp(line, "then") == 0 && face_count < 2)
		face_count++;
	else
		return -EINVAL;
	return 0;
}

static int read_faces(const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int r = file ? 0 : -errno;

	while (r == 0 && getline(&line, &size, file) > 0)
		r = take_line(line);
	free(line);
	if (file)
		fclose(file);
	return r;
}

/* NULL: stall. */
static const struct bytes *descriptor(uint8_t type, uint8_t index, uint16_t wanted)
{
	static const uint8_t languages[] = { 4, TYPE_STRING, 9, 4 };
	static struct bytes language;
	const struct face *now;

	if (type == TYPE_DEVICE && whole) {
		face = face_count - 1;
		whole = false;
	}
	now = &faces[face];
	if (type == TYPE_DEVICE)
		return &now->device;
	if (type == TYPE_CONFIGURATION && index < now->config_count) {
		whole |= index == now->config_count - 1 && wanted > 9;
		return &now->config[index];
	}
	if (type == TYPE_STRING && index == 0) {
		language.at = memcpy(malloc(sizeof(languages)), languages, sizeof(languages));
		language.length = sizeof(languages);
		return &language;
	}
	if (type == TYPE_STRING && index < STRINGS_MAX && now->string[index].at)
		return &now->string[index];
	return NULL;
}

static int send_all(int fd, const void *data, size_t length)
{
	return send(fd, data, length, MSG_NOSIGNAL) == (ssize_t)length ? 0 : -EPIPE;
}

static int answer(int fd, const struct header *request, int status, const void *data, size_t length)
{
	struct header reply = { .command = htobe32(RET_SUBMIT), .sequence = request->sequence };
	int r;

	reply.word[0] = htobe32((uint32_t)status);
	reply.word[1] = htobe32((uint32_t)length);
	r = send_all(fd, &reply, sizeof(reply));
	return r == 0 && data && length ? send_all(fd, data, length) : r;
}

static int control(int fd, const struct header *request, uint32_t room)
{
	static const uint8_t zero[2];
	const uint8_t *setup = request->setup;
	const struct bytes *found;
	uint16_t wanted = (uint16_t)(setup[6] | setup[7] << 8);

	if (setup[0] == 0x80 && setup[1] == GET_DESCRIPTOR) {
		found = descriptor(setup[3], setup[2], wanted);
		if (!found)
			return answer(fd, request, -EPIPE, NULL, 0);
		return answer(fd, request, 0, found->at, found->length < room ? found->length : room);
	}
	if ((setup[0] & 0xe0) == 0x80 && (setup[1] == GET_STATUS || setup[1] == GET_CONFIGURATION))
		return answer(fd, request, 0, zero, room < 2 ? room : 2);
	return wanted == 0 ? answer(fd, request, 0, NULL, 0) : answer(fd, request, -EPIPE, NULL, 0);
}

static int unlink_request(int fd, const struct header *request)
{
	struct header reply = { .command = htobe32(RET_UNLINK), .sequence = request->sequence };

	reply.word[0] = htobe32((uint32_t)-ECONNRESET);
	return send_all(fd, &reply, sizeof(reply));
}

static int serve_one(int fd)
{
	static uint8_t data[BYTES_MAX];
	struct header request;
	uint32_t length;

	if (recv(fd, &request, sizeof(request), MSG_WAITALL) != sizeof(request))
		return -EPIPE;
	if (be32toh(request.command) == CMD_UNLINK)
		return unlink_request(fd, &request);
	if (be32toh(request.command) != CMD_SUBMIT)
		return -EPROTO;
	length = be32toh(request.word[1]);
	if (be32toh(request.direction) == 0 && length > 0 &&
	    (length > sizeof(data) || recv(fd, data, length, MSG_WAITALL) != (ssize_t)length))
		return -EPIPE;
	return be32toh(request.endpoint) == 0 ? control(fd, &request, length) : 0;
}

static int plug_in(const char *port, const char *speed, int fd)
{
	FILE *attach = fopen("/sys/devices/platform/vhci_hcd.0/attach", "we");
	int r;

	if (!attach)
		return -errno;
	fprintf(attach, "%s %d %d %s", port, fd, 1 << 16 | 2, speed);
	r = fflush(attach) == 0 ? 0 : -errno;
	fclose(attach);
	return r;
}

int main(int argc, char *argv[])
{
	int ends[2], r;

	if (argc != 4) {
		fprintf(stderr, "usage: lab-vhci HUB-PORT SPEED FILE\n");
		return 2;
	}
	r = read_faces(argv[3]);
	if (r == 0 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		r = -errno;
	if (r == 0)
		r = plug_in(argv[1], argv[2], ends[1]);
	if (r < 0) {
		fprintf(stderr, "lab-vhci: %s\n", strerror(-r));
		return 1;
	}
	close(ends[1]);
	while (serve_one(ends[0]) == 0)
		;
	return 0;
}
