// SPDX-License-Identifier: GPL-2.0-or-later
/* The guard itself: alive, whole, in step with what officers signed. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent/inspect/checks.h"
#include "agent/inspect/inspect_read.h"
#include "agent/inspect/units.h"
#include "agent/lib/journal_file.h"
#include "agent/lib/path.h"
#include "policy/decide/context.h"
#include "policy/lang/policy.h"
#include "policy/table/table.h"

#define HALF_A_YEAR ((int64_t)182 * 86400)
#define STEP_MAX    2 /* seconds by which a clock may be set back without a word */

void check_enforcement(struct inspect *inspect)
{
	static const char *const programs[] = { "airgapd", "airgap-monitord", "airgap-journald" };
	unsigned int running = 0, pid;

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		char unit[64], place[INSPECT_PLACE_SIZE];

		snprintf(unit, sizeof(unit), "%s.service", programs[i]);
		if (units_masked(inspect, unit))
			inspect_fail(inspect, unit, "cannot be started: it is masked");
		else if (!units_enabled(inspect, unit, place))
			inspect_warn(inspect, unit, "does not start by itself");
		if (units_process(inspect, programs[i], &pid))
			running++;
		else
			inspect_fail(inspect, programs[i], "is not running");
	}
	if (!inspect->subject.policy)
		inspect_fail(inspect, PATH_POLICY_ACTIVE,
			     "no policy that its officers signed is in force");
	else if (policy_valid_until(inspect->subject.policy) < inspect->subject.now)
		inspect_fail(inspect, PATH_POLICY_ACTIVE, "has expired");
	if (!inspect_exists(inspect, "/sys/module/airgap"))
		inspect_warn(inspect, "/sys/module/airgap",
			     "the kernel module is not loaded: enforcement ends "
			     "where the programs end");
	if (inspect->stated == 0)
		inspect_pass(inspect, "airgapd",
			     "%u programs run, the module is loaded, the policy is valid", running);
}

static int64_t seconds_of(const char *time)
{
	struct tm tm = { 0 };

	return strptime(time, "%Y-%m-%dT%H:%M:%S", &tm) ? timegm(&tm) : -1;
}

struct scan {
	uint64_t entries;
	uint64_t next; /* number that must come */
	int64_t first; /* UNIX time of the first entry; -1: none */
	int64_t last;
	uint64_t lost;
	unsigned int breaks;
	unsigned int steps;
	void (*step)(struct inspect *inspect, const struct journal_head *head, int64_t before,
		     int64_t now);
};

static void scan_line(struct inspect *inspect, struct scan *scan, const char *line, size_t length)
{
	struct journal_head head;
	int64_t now;

	if (journal_head_parse(line, length, &head) < 0) {
		scan->breaks++;
		return;
	}
	if (scan->entries && head.seq != scan->next)
		scan->breaks++;
	scan->next = head.seq + 1;
	scan->lost = head.lost;
	now = seconds_of(head.time);
	if (scan->entries == 0)
		scan->first = now;
	else if (now + STEP_MAX < scan->last && scan->step)
		scan->step(inspect, &head, scan->last, now);
	scan->last = now;
	scan->entries++;
}

/* The log's lines from the first to the last. Returns false after a statement. */
static bool scan_journal(struct inspect *inspect, struct scan *scan)
{
	static const char path[] = PATH_JOURNAL_DIR "/" JOURNAL_FILE_LOG;
	struct journal_reader reader;
	const char *line;
	size_t length;
	int fd = inspect_open(inspect, path), r;

	if (fd == -ENOENT) {
		inspect_unknown(inspect, path, "there is no journal");
		return false;
	}
	if (fd < 0) {
		inspect_closed(inspect, path, fd);
		return false;
	}
	r = journal_reader_init(&reader, fd, 0);
	while (r == 0 && (r = journal_reader_next(&reader, &line, &length)) == 1) {
		scan_line(inspect, scan, line, length);
		r = 0;
	}
	journal_reader_done(&reader);
	close(fd);
	if (r < 0) {
		inspect_unknown(inspect, path, "could not be read to its end: %s", strerror(-r));
		return false;
	}
	return true;
}

void check_audit(struct inspect *inspect)
{
	static const char path[] = PATH_JOURNAL_DIR "/" JOURNAL_FILE_LOG;
	struct scan scan = { .first = -1 };

	if (!scan_journal(inspect, &scan))
		return;
	if (scan.breaks)
		inspect_fail(inspect, path,
			     "%u places where entries are missing or are none: run 'airgapctl "
			     "log verify'",
			     scan.breaks);
	if (scan.lost)
		inspect_warn(inspect, path, "%" PRIu64 " entries could not be written", scan.lost);
	if (scan.entries == 0)
		inspect_fail(inspect, path, "has no entry");
	else if (inspect->subject.now - scan.first < HALF_A_YEAR)
		inspect_warn(inspect, path,
			     "goes back %lld days only; half a year is to be kept, here or at "
			     "the office",
			     (long long)((inspect->subject.now - scan.first) / 86400));
	if (inspect->stated == 0)
		inspect_pass(inspect, path,
			     "%" PRIu64 " entries over half a year and more, none missing",
			     scan.entries);
}

static void on_step(struct inspect *inspect, const struct journal_head *head, int64_t before,
		    int64_t now)
{
	char place[64];

	snprintf(place, sizeof(place), "journal, entry %" PRIu64, head->seq);
	inspect_fail(inspect, place, "the clock had gone back by %lld s",
		     (long long)(before - now));
}

void check_clock(struct inspect *inspect)
{
	static const char rtc[] = "/sys/class/rtc/rtc0/since_epoch";
	struct scan scan = { .first = -1, .step = on_step };
	char text[32];
	long long apart;

	if (scan_journal(inspect, &scan) && scan.entries &&
	    inspect->subject.now + STEP_MAX < scan.last)
		inspect_fail(inspect, "clock", "is %lld s behind the journal's last entry",
			     (long long)(scan.last - inspect->subject.now));
	if (inspect_attribute(inspect, rtc, text, sizeof(text)) == 0) {
		apart = strtoll(text, NULL, 10) - time(NULL);
		if (apart > 120 || apart < -120)
			inspect_warn(inspect, rtc, "the clock of the board differs by %lld s",
				     apart);
	}
	if (inspect->stated == 0)
		inspect_pass(inspect, "clock", "never went back over %" PRIu64 " entries",
			     scan.entries);
}

struct disk {
	const char *serial;
	bool found;
	unsigned int disks;
	char seen[128];
};

static void add_disk(struct disk *disk, char *serial)
{
	serial[strcspn(serial, " ")] = 0;
	disk->disks++;
	snprintf(disk->seen, sizeof(disk->seen), "%s", serial);
	if (strcmp(serial, disk->serial) == 0)
		disk->found = true;
}

static int on_property(struct inspect *inspect, const char *path, char *line, void *data)
{
	static const char name[] = "E:ID_SERIAL_SHORT=";

	(void)inspect;
	(void)path;
	if (strncmp(line, name, sizeof(name) - 1) != 0)
		return 0;
	add_disk(data, line + sizeof(name) - 1);
	return 1;
}

static int on_block(struct inspect *inspect, const char *path, const char *name, void *data)
{
	static const char *const files[] = { "device/serial", "serial" };
	char file[PATH_MAX], text[128];

	if (strncmp(name, "loop", 4) == 0 || strncmp(name, "dm-", 3) == 0 ||
	    strncmp(name, "zram", 4) == 0 || strncmp(name, "ram", 3) == 0)
		return 0;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(file, sizeof(file), "%s/%s", path, files[i]);
		if (inspect_attribute(inspect, file, text, sizeof(text)) == 0) {
			add_disk(data, text);
			return 0;
		}
	}
	/* Of SATA disks sysfs tells none; udev has asked them. */
	snprintf(file, sizeof(file), "%s/dev", path);
	if (inspect_attribute(inspect, file, text, sizeof(text)) == 0) {
		snprintf(file, sizeof(file), "/run/udev/data/b%s", text);
		inspect_lines(inspect, file, on_property, data);
	}
	return 0;
}

void check_ledger(struct inspect *inspect)
{
	const struct policy_context *context = inspect->subject.context;
	const char *number = context ? context->terminal : NULL;
	struct table_terminal row;
	struct disk disk = { 0 };

	if (!number || !*number) {
		inspect_fail(inspect, PATH_TERMINAL, "does not say which terminal this is");
		return;
	}
	if (!context->terminals || !table_terminal_find(context->terminals, number, &row)) {
		inspect_fail(inspect, "table terminals", "has no row of %s", number);
		return;
	}
	if (inspect->subject.policy &&
	    strcmp(row.level, policy_level(inspect->subject.policy)) != 0)
		inspect_fail(inspect, "table terminals",
			     "%s is registered at level %s, its policy is for %s", number,
			     row.level, policy_level(inspect->subject.policy));
	if (row.status != TABLE_STATUS_ACTIVE)
		inspect_fail(inspect, "table terminals", "the row of %s is not active", number);
	if (row.disk_serial) {
		disk.serial = row.disk_serial;
		inspect_folder(inspect, "/sys/block", on_block, &disk);
		if (disk.disks == 0)
			inspect_unknown(inspect, "/sys/block", "no disk tells its serial number");
		else if (!disk.found)
			inspect_fail(inspect, "/sys/block",
				     "the disk %s is registered; %s is what was found",
				     row.disk_serial, disk.seen);
	}
	if (inspect->stated == 0)
		inspect_pass(inspect, "table terminals", "%s agrees with its row", number);
}

void check_separation(struct inspect *inspect)
{
	const struct policy_person *people;
	size_t count = 0;

	if (!inspect->subject.policy) {
		inspect_unknown(inspect, PATH_POLICY_ACTIVE,
				"there is no policy that names people");
		return;
	}
	people = policy_people(inspect->subject.policy, &count);
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++) {
			bool same_role = people[i].role == people[j].role &&
					 (!people[i].duty || !people[j].duty ||
					  strcmp(people[i].duty, people[j].duty) == 0);
			bool keys = people[i].key && people[j].key;

			if (!keys || same_role)
				continue;
			if (strcmp(people[i].name, people[j].name) == 0)
				inspect_fail(inspect, people[i].name, "holds two duties");
			else if (strcmp(people[i].key, people[j].key) == 0)
				inspect_fail(inspect, people[i].key,
					     "is a key of two people: %s and %s", people[i].name,
					     people[j].name);
		}
	if (inspect->stated == 0)
		inspect_pass(inspect, PATH_POLICY_ACTIVE,
			     "duties are with different people and keys");
}
