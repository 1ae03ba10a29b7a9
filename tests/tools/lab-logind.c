// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What of logind has to do with sleep, for a machine without systemd: Inhibit, and the signal PrepareForSleep
 * (org.freedesktop.login1(5)).
 *
 * usage: lab-logind	SIGUSR1: say that sleep begins, and write "asleep" once nobody inhibits it; SIGUSR2: say
 *			that it is over. Writes "inhibited" for each who does.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

static sd_event *event;
static sd_bus *bus;
static unsigned int holders;
static int sleeping;

static void look(void)
{
	if (sleeping && holders == 0)
		puts("asleep");
}

static int on_closed(sd_event_source *source, int fd, uint32_t events, void *data)
{
	(void)data;
	if (!(events & (EPOLLHUP | EPOLLERR)))
		return 0;
	sd_event_source_disable_unref(source);
	close(fd);
	holders--;
	look();
	return 0;
}

static int inhibit(sd_bus_message *message, void *data, sd_bus_error *error)
{
	int pipes[2], r;

	(void)data;
	(void)error;
	if (pipe2(pipes, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	r = sd_event_add_io(event, NULL, pipes[0], 0, on_closed, NULL);
	if (r < 0)
		return r;
	holders++;
	puts("inhibited");
	r = sd_bus_reply_method_return(message, "h", pipes[1]);
	close(pipes[1]);
	return r;
}

static const sd_bus_vtable vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("Inhibit", "ssss", "h", inhibit, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_SIGNAL("PrepareForSleep", "b", 0),
	SD_BUS_VTABLE_END,
};

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *data)
{
	(void)source;
	(void)data;
	sleeping = info->ssi_signo == SIGUSR1;
	sd_bus_emit_signal(bus, "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
			   "PrepareForSleep", "b", sleeping);
	sd_bus_flush(bus);
	look();
	return 0;
}

int main(void)
{
	sigset_t set;
	int r;

	setvbuf(stdout, NULL, _IOLBF, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	r = sd_event_default(&event);
	if (r >= 0)
		r = sd_bus_open_system(&bus);
	if (r >= 0)
		r = sd_bus_attach_event(bus, event, 0);
	if (r >= 0)
		r = sd_bus_add_object_vtable(bus, NULL, "/org/freedesktop/login1",
					     "org.freedesktop.login1.Manager", vtable, NULL);
	if (r >= 0)
		r = sd_bus_request_name(bus, "org.freedesktop.login1", 0);
	if (r >= 0)
		r = sd_event_add_signal(event, NULL, SIGUSR1, on_signal, NULL);
	if (r >= 0)
		r = sd_event_add_signal(event, NULL, SIGUSR2, on_signal, NULL);
	if (r < 0) {
		fprintf(stderr, "lab-logind: %s\n", strerror(-r));
		return EXIT_FAILURE;
	}
	return sd_event_loop(event) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
