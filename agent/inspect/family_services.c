// SPDX-License-Identifier: GPL-2.0-or-later
/* Services that let others in, share, print, or protect. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "agent/inspect/units.h"

#define DAY 86400

struct service {
	const char *unit;
	const char *process;
	const char *what;
};

static unsigned int none_of(struct inspect *inspect, const struct service *services, size_t count)
{
	char place[INSPECT_PLACE_SIZE];
	unsigned int found = 0, pid;

	for (size_t i = 0; i < count; i++) {
		const struct service *service = &services[i];

		if (units_enabled(inspect, service->unit, place)) {
			inspect_fail(inspect, place, "%s starts with the machine", service->what);
			found++;
		} else if (service->process && units_process(inspect, service->process, &pid)) {
			snprintf(place, sizeof(place), "process %s", service->process);
			inspect_fail(inspect, place, "%s is running (%u)", service->what, pid);
			found++;
		}
	}
	return found;
}

void check_remote_control(struct inspect *inspect)
{
	static const struct service services[] = {
		{ "ssh.service", "sshd", "remote login (SSH)" },
		{ "ssh.socket", NULL, "remote login (SSH)" },
		{ "sshd.service", NULL, "remote login (SSH)" },
		{ "xrdp.service", "xrdp", "a remote desktop (RDP)" },
		{ "gnome-remote-desktop.service", "gnome-remote-de", "a remote desktop" },
		{ "vncserver.service", "Xtigervnc", "a remote desktop (VNC)" },
		{ "x11vnc.service", "x11vnc", "a remote desktop (VNC)" },
		{ "vino-server.service", "vino-server", "a remote desktop (VNC)" },
		{ "teamviewerd.service", "teamviewerd", "remote control (TeamViewer)" },
		{ "anydesk.service", "anydesk", "remote control (AnyDesk)" },
		{ "rustdesk.service", "rustdesk", "remote control (RustDesk)" },
		{ "sunlogin.service", "oray_rundaemon", "remote control (Sunlogin)" },
		{ "todeskd.service", "ToDesk_Service", "remote control (ToDesk)" },
		{ "cockpit.socket", "cockpit-ws", "administration over the network" },
		{ "inetd.service", "inetd", "old remote services" },
		{ "telnet.socket", "telnetd", "remote login (telnet)" },
	};

	if (none_of(inspect, services, sizeof(services) / sizeof(services[0])) == 0)
		inspect_pass(inspect, "/etc/systemd/system",
			     "no service for remote control is enabled or runs");
}

static int on_share(struct inspect *inspect, const char *path, char *line, void *data)
{
	(void)data;
	line += strspn(line, " \t");
	if (*line == '[') {
		line[strcspn(line, "]")] = 0;
		if (strcasecmp(line + 1, "global") != 0)
			inspect_fail(inspect, path, "shares [%s]", line + 1);
	}
	return 0;
}

static int on_export(struct inspect *inspect, const char *path, char *line, void *data)
{
	(void)data;
	line += strspn(line, " \t");
	if (*line == '/' || *line == '"')
		inspect_fail(inspect, path, "shares %.200s", line);
	return 0;
}

void check_shares(struct inspect *inspect)
{
	static const struct service services[] = {
		{ "smbd.service", "smbd", "file sharing (SMB)" },
		{ "nmbd.service", "nmbd", "file sharing (SMB)" },
		{ "nfs-server.service", "nfsd", "file sharing (NFS)" },
		{ "rpcbind.service", "rpcbind", "rpcbind" },
		{ "vsftpd.service", "vsftpd", "an FTP server" },
		{ "proftpd.service", "proftpd", "an FTP server" },
		{ "avahi-daemon.service", "avahi-daemon",
		  "announcing itself to neighbours (mDNS)" },
		{ "minidlna.service", "minidlnad", "media sharing" },
		{ "syncthing.service", "syncthing", "file synchronisation" },
	};
	int r = inspect_lines(inspect, "/etc/samba/smb.conf", on_share, NULL);

	if (r < 0)
		inspect_closed(inspect, "/etc/samba/smb.conf", r);
	r = inspect_lines(inspect, "/etc/exports", on_export, NULL);
	if (r < 0)
		inspect_closed(inspect, "/etc/exports", r);
	none_of(inspect, services, sizeof(services) / sizeof(services[0]));
	if (inspect->stated == 0)
		inspect_pass(inspect, "/etc", "nothing is shared with the network");
}

static int64_t modified(const struct inspect *inspect, const char *path)
{
	struct stat status;
	int fd = inspect_open(inspect, path);
	int64_t when = -1;

	if (fd < 0)
		return -1;
	if (fstat(fd, &status) == 0)
		when = status.st_mtim.tv_sec;
	close(fd);
	return when;
}

struct newest {
	int64_t when;
	char path[INSPECT_PLACE_SIZE];
};

static int on_database(struct inspect *inspect, const char *path, const char *name, void *data)
{
	static const char *const ends[] = { ".cvd", ".cld", ".db", ".dat", ".vdb", ".avc" };
	struct newest *newest = data;
	const char *end = strrchr(name, '.');
	int64_t when;

	for (size_t i = 0; end && i < sizeof(ends) / sizeof(ends[0]); i++)
		if (strcmp(end, ends[i]) == 0 && (when = modified(inspect, path)) > newest->when) {
			newest->when = when;
			snprintf(newest->path, sizeof(newest->path), "%s", path);
		}
	return 0;
}

void check_antivirus(struct inspect *inspect)
{
	static const char *const folders[] = { "/var/lib/clamav", "/opt/qaxsafe/virusdb",
					       "/opt/360safe/virusdb", "/opt/apps/rising/virusdb" };
	struct newest newest = { 0 };
	long long days;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		inspect_folder(inspect, folders[i], on_database, &newest);
	if (newest.when == 0) {
		inspect_fail(inspect, folders[0], "no scanner's database is on this machine");
		return;
	}
	days = (inspect->subject.now - newest.when) / DAY;
	if (days > 15)
		inspect_fail(inspect, newest.path, "is %lld days old; at most 15 are permitted",
			     days);
	else if (days < -1)
		inspect_unknown(inspect, newest.path, "was made in the future: the clock is wrong");
	else
		inspect_pass(inspect, newest.path, "is %lld days old", days);
}

void check_patches(struct inspect *inspect)
{
	static const char *const logs[] = { "/var/log/dpkg.log", "/var/lib/dpkg/status" };
	int64_t when = -1;
	long long days;
	size_t i;

	/* Rotated away, the log tells nothing; dpkg's state then does. */
	for (i = 0; i < sizeof(logs) / sizeof(logs[0]) && when < 0; i++)
		when = modified(inspect, logs[i]);
	if (when < 0) {
		inspect_unknown(inspect, logs[1], "cannot be read: is this a Debian system?");
		return;
	}
	days = (inspect->subject.now - when) / DAY;
	if (days > 92)
		inspect_fail(inspect, logs[i - 1],
			     "nothing was installed for %lld days; at most a "
			     "quarter is permitted",
			     days);
	else
		inspect_pass(inspect, logs[i - 1],
			     "software was last brought up to date %lld days ago", days);
}

/* Also HP's own driver, and drivers that make a printer on USB one of this machine's network (ipp-usb). */
static bool is_on_cable(const char *uri)
{
	static const char *const starts[] = { "usb:",	    "parallel:", "serial:",
					      "file:",	    "hp:/usb/",	 "ipp://localhost",
					      "ipp://127.", "hp:/par/",	 "ipp://[::1]" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (strncmp(uri, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static int on_printer(struct inspect *inspect, const char *path, char *line, void *data)
{
	(void)data;
	line += strspn(line, " \t");
	if (strncmp(line, "DeviceURI ", 10) != 0)
		return 0;
	line += 10;
	if (!is_on_cable(line))
		inspect_warn(inspect, path,
			     "a printer that is not on a cable of this machine: %.200s", line);
	else
		inspect_pass(inspect, path, "a printer on a cable: %.200s", line);
	return 0;
}

static int on_job(struct inspect *inspect, const char *path, const char *name, void *data)
{
	(void)data;
	if (name[0] == 'd')
		inspect_warn(inspect, path, "what was printed is kept here");
	return 0;
}

void check_printers(struct inspect *inspect)
{
	int r = inspect_lines(inspect, "/etc/cups/printers.conf", on_printer, NULL);

	if (r < 0)
		inspect_closed(inspect, "/etc/cups/printers.conf", r);
	r = inspect_folder(inspect, "/var/spool/cups", on_job, NULL);
	if (r < 0)
		inspect_closed(inspect, "/var/spool/cups", r);
	if (inspect->stated == 0)
		inspect_absent(inspect, "/etc/cups", "no printer is set up");
}
