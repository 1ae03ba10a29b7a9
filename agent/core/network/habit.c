// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/habit.h"

#include <stdbool.h>
#include <string.h>

#define WEB                                                                                        \
	{                                                                                          \
		53, 80, 443,                                                                       \
	}

/* Debian 12's names. Name servers are asked before anything else, so port 53 is in most. */
static const struct habit habits[] = {
	{ "time synchronisation",
	  "systemd-timesyncd",
	  "systemd-timesyncd",
	  "systemd-timesync",
	  NET_PROTOCOL_COUNT,
	  { 53, 123 },
	  "systemctl disable --now systemd-timesyncd" },
	{ "time synchronisation",
	  "chrony",
	  "chronyd",
	  "_chrony",
	  NET_PROTOCOL_COUNT,
	  { 53, 123, 323 },
	  "name the permitted server in /etc/chrony/chrony.conf, or systemctl "
	  "disable --now chrony" },
	{ "time synchronisation",
	  "ntpsec",
	  "ntpd",
	  "ntpsec",
	  NET_PROTOCOL_COUNT,
	  { 53, 123 },
	  "systemctl disable --now ntpsec" },
	{ "connectivity check", "NetworkManager", "NetworkManager", NULL, NET_PROTOCOL_COUNT, WEB,
	  "apt purge network-manager-config-connectivity-debian, or [connectivity] enabled=false "
	  "in "
	  "/etc/NetworkManager/conf.d/" },
	{ "package lists", "apt-daily", "http", "_apt", NET_PROTOCOL_COUNT, WEB,
	  "systemctl disable --now apt-daily.timer apt-daily-upgrade.timer" },
	{ "unattended upgrades", "apt-daily-upgrade", "unattended-upgrade", NULL,
	  NET_PROTOCOL_COUNT, WEB,
	  "systemctl disable --now apt-daily-upgrade.timer unattended-upgrades" },
	{ "package lists", "packagekit", "packagekitd", NULL, NET_PROTOCOL_COUNT, WEB,
	  "systemctl mask --now packagekit" },
	{ "firmware lists", "fwupd-refresh", "fwupdmgr", "fwupd-refresh", NET_PROTOCOL_COUNT, WEB,
	  "systemctl disable --now fwupd-refresh.timer" },
	{ "firmware lists", "fwupd", "fwupd", NULL, NET_PROTOCOL_COUNT, WEB,
	  "systemctl disable --now fwupd-refresh.timer; systemctl mask fwupd" },
	{ "snap refreshes", "snapd", "snapd", NULL, NET_PROTOCOL_COUNT, WEB,
	  "apt purge snapd, or snap refresh --hold" },
	{ "location", "geoclue", "geoclue", "geoclue", NET_PROTOCOL_COUNT, WEB,
	  "systemctl mask --now geoclue" },
	{ "name resolution",
	  "systemd-resolved",
	  "systemd-resolved",
	  "systemd-resolve",
	  NET_PROTOCOL_COUNT,
	  { 53, 853, 5353, 5355 },
	  "set DNS= and FallbackDNS= in /etc/systemd/resolved.conf to permitted servers, "
	  "LLMNR=no, MulticastDNS=no" },
	{ "service discovery",
	  "avahi-daemon",
	  "avahi-daemon",
	  "avahi",
	  NET_PROTOCOL_UDP,
	  { 5353 },
	  "systemctl disable --now avahi-daemon.socket avahi-daemon" },
	{ "printer discovery",
	  "cups-browsed",
	  "cups-browsed",
	  NULL,
	  NET_PROTOCOL_COUNT,
	  { 161, 427, 631, 5353 },
	  "systemctl disable --now cups-browsed" },
	{ "message of the day", "motd-news", NULL, NULL, NET_PROTOCOL_COUNT, WEB,
	  "systemctl disable --now motd-news.timer" },
	{ "popularity contest",
	  "popularity-contest",
	  "popcon-upload",
	  NULL,
	  NET_PROTOCOL_COUNT,
	  { 25, 53, 80, 443 },
	  "apt purge popularity-contest" },
};

_Static_assert(sizeof(habits) / sizeof(habits[0]) <= HABIT_MAX, "counters have a place each");

/* "apt-daily.service" is the unit apt-daily; "apt-daily-upgrade.service" is another. */
static bool is_unit(const char *unit, const char *name)
{
	size_t length = strlen(name);

	return strncmp(unit, name, length) == 0 && (unit[length] == 0 || unit[length] == '.');
}

static bool is_program(const char *path, const char *name)
{
	const char *last = strrchr(path, '/');

	return strcmp(last ? last + 1 : path, name) == 0;
}

static bool fits_actor(const struct habit *habit, const struct net_actor *actor)
{
	if (habit->login && strcmp(actor->login, habit->login) == 0)
		return true;
	/* Only what the system installed runs from there; a copy in a home folder is no service. */
	if (habit->program && strncmp(actor->program, "/usr/", 5) == 0 && actor->uid == 0 &&
	    is_program(actor->program, habit->program))
		return true;
	return habit->unit && actor->uid == 0 && is_unit(actor->unit, habit->unit);
}

static bool fits_flow(const struct habit *habit, const struct net_flow *flow)
{
	size_t count = sizeof(habit->ports) / sizeof(habit->ports[0]);

	if (habit->protocol != NET_PROTOCOL_COUNT && habit->protocol != flow->protocol)
		return false;
	for (size_t i = 0; i < count && habit->ports[i]; i++)
		if (habit->ports[i] == flow->port)
			return true;
	return habit->ports[0] == 0;
}

const struct habit *habit_find(const struct net_actor *actor, const struct net_flow *flow)
{
	for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++)
		if (fits_actor(&habits[i], actor) && fits_flow(&habits[i], flow))
			return &habits[i];
	return NULL;
}

size_t habit_index(const struct habit *habit)
{
	return (size_t)(habit - habits);
}
