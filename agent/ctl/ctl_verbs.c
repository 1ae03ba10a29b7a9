// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/ctl/ctl.h"

const struct ctl_option ctl_globals[] = {
	{ "root", 0, "DIR", "take every path below DIR instead of /" },
	{ "json", 0, NULL, "print JSON" },
	{ "no-pager", 0, NULL, "never start a pager" },
	{ "no-legend", 0, NULL, "print tables without headings and totals" },
	{ "help", 'h', NULL, "explain the program, or a verb" },
	{ "version", 0, NULL, "print the version" },
	{ NULL, 0, NULL, NULL },
};

const struct ctl_verb ctl_verbs[] = {
	{ .name = "status",
	  .operands = "",
	  .summary = "what governs this terminal now, and what is wrong",
	  .help = "Exit status 1 when anything but a valid policy is in force, or when any part of "
		  "the\n"
		  "agent is missing or runs without its sandbox.",
	  .run = ctl_status },
	{ .name = "devices",
	  .operands = "",
	  .pager = true,
	  .summary = "the USB devices that are plugged in, and what became of each",
	  .help = "Root hubs, which are part of the machine, are shown with --all. When airgapd "
		  "does not\n"
		  "answer, the kernel's own state is shown and the exit status is 3.",
	  .options = { { "all", 'a', NULL, "show root hubs, too" } },
	  .run = ctl_devices },
	{ .name = "network",
	  .operands = "",
	  .pager = true,
	  .summary = "links and why each is open or closed, what may be reached, what was refused",
	  .help = "Refused packets are counted by user, program and destination; what somebody "
		  "changed and the\n"
		  "agent put right is listed with what was done about it. Times are since boot.",
	  .run = ctl_network },
	{ .name = "why",
	  .operands = "DEVICE | link NAME | flow to ADDRESS ...",
	  .least = 1,
	  .most = 16,
	  .pager = true,
	  .summary = "why a device, a link or a flow is permitted or refused, rule by rule",
	  .help = "DEVICE is a port (1-2.3), an id (0951:1666) or a serial number, as `airgapctl "
		  "devices`\n"
		  "shows them. A flow is written as in airgap-policy(1), with the link after "
		  "'via':\n"
		  "    airgapctl why flow to 10.20.0.5 protocol tcp port 8443 via eth0\n"
		  "Exit status 0 when it is permitted, 1 when it is refused.",
	  .run = ctl_why },
	{ .name = "log",
	  .operands = "",
	  .pager = true,
	  .summary = "the journal: what happened, and why",
	  .help = "Reads the journal's file itself, so it works without the daemon. With --json "
		  "the lines\n"
		  "are printed byte for byte. Times are UTC.",
	  .options = { { "follow", 'f', NULL, "go on with new entries as they are written" },
		       { "lines", 'n', "N",
			 "only the last N entries; with --follow 10 unless told" },
		       { "since", 0, "TIME",
			 "only entries since 2026-12-01, \"2026-12-01 08:30\", or 30m, 2h, 7d "
			 "ago" },
		       { "grade", 0, "GRADE",
			 "only entries of this grade or a graver one: V1 ... V4" },
		       { "kind", 0, "KIND", "only entries of these kinds: violation,permit,..." } },
	  .run = ctl_log },
	{ .name = "log verify",
	  .operands = "[FOLDER]",
	  .most = 1,
	  .pager = true,
	  .summary = "whether the journal is whole: from its files and public keys alone",
	  .help = "FOLDER is the journal's, or a copy of it on any machine; by default this "
		  "terminal's. Checks the\n"
		  "signature of the checkpoint, the tree of all entries, and their order, and "
		  "names "
		  "times without\n"
		  "entries. Exit status 1 when anything does not fit.",
	  .options = { { "key", 0, "FILE",
			 "the log's verifier key, as the office has it; else the folder's own" },
		       { "older", 0, "FILE", "a checkpoint seen before, with which it must agree" },
		       { "initial-key", 0, "FILE", "check the entries' macs, too (root)" } },
	  .run = ctl_log_verify },
	{ .name = "log show",
	  .operands = "N",
	  .least = 1,
	  .most = 1,
	  .summary = "one entry, with the leaf by which the office knows it",
	  .help = "Where the office is of a lower level than this terminal it has a digest of the "
		  "entry: it is\n"
		  "of this very entry when both show the same leaf.",
	  .run = ctl_log_show },
	{ .name = "policy show",
	  .operands = "",
	  .pager = true,
	  .summary = "the active policy: its text, who signed it, how long it holds",
	  .run = ctl_policy_show },
	{ .name = "policy verify",
	  .operands = "FILE",
	  .least = 1,
	  .most = 1,
	  .summary = "whether a policy would be accepted on this terminal",
	  .help = "Changes nothing. Checks the signatures against the signers' list of this "
		  "terminal, then\n"
		  "the text, then whether it is newer than the active policy and meant for this "
		  "terminal.",
	  .run = ctl_policy_verify },
	{ .name = "policy install",
	  .operands = "FILE",
	  .least = 1,
	  .most = 1,
	  .summary = "hand a signed policy to airgapd (root)",
	  .help = "The active policy stays in force unless the new one passes every check.",
	  .run = ctl_policy_install },
	{ .name = "install",
	  .operands = "FILE",
	  .least = 1,
	  .most = 1,
	  .summary = "hand a signed policy, table, order or signers' list to airgapd (root)",
	  .help = "What is in force stays unless FILE passes every check. A table or an order is "
		  "known by\n"
		  "its first word, airgap-table or airgap-order.",
	  .run = ctl_policy_install },
	{ .name = "rescan",
	  .operands = "",
	  .summary = "have airgapd read and decide every device anew (root)",
	  .run = ctl_rescan },
	{ .name = "maintenance end",
	  .operands = "",
	  .summary = "end a maintenance before its time (root)",
	  .help = "A signed order begins it, see `airgapctl install`. What was left of addresses, "
		  "routes and\n"
		  "settings that the policy does not name is undone.",
	  .run = ctl_maintenance_end },
	{ .name = "inspect",
	  .operands = "",
	  .pager = true,
	  .summary = "check this terminal against what is demanded of a classified one",
	  .help = "Works without the daemon, and without root as far as that can see. Alters "
		  "nothing that it\n"
		  "reads. Exit status 0 when all is well, 1 for a warning, 2 for a critical "
		  "finding, 3 when\n"
		  "something could not be looked at and nothing is worse.",
	  .options = { { "all", 'a', NULL, "show what passed beside what did not, too" },
		       { "line", 0, NULL, "one line, for other people's scripts" },
		       { "only", 0, "CHECKS", "only these: wifi,accounts" },
		       { "list", 0, NULL, "the checks, and inspect nothing" },
		       { "explain", 0, "CHECK", "what a check demands and what to do" },
		       { "since-last", 0, NULL, "what is new and what is gone since the last one" },
		       { "html", 0, "FILE", "write a page that can be read and printed anywhere" },
		       { "exit-zero", 0, NULL, "exit status 0 whatever was found" } },
	  .run = ctl_inspect },
	{ .name = "report status",
	  .operands = "",
	  .summary = "whether the office has this terminal's journal, and what is wrong if not",
	  .help = "Exit status 1 when the terminal is not registered or something keeps reports "
		  "back.",
	  .run = ctl_report_status },
	{ .name = "report enrol",
	  .operands = "ADDRESS KEY CODE",
	  .least = 3,
	  .most = 3,
	  .summary = "ask an office to register this terminal (root)",
	  .help = "ADDRESS is a number and a port, 10.20.0.5:8443; KEY and the one-time CODE are "
		  "what the\n"
		  "office gave. The officer approves once both ends show the same fingerprint.",
	  .run = ctl_report_enrol },
	{ .name = "report request",
	  .operands = "IDENTITY KEY FILE",
	  .least = 3,
	  .most = 3,
	  .summary = "write a registration to be carried, where there is no network (root)",
	  .help = "IDENTITY is the file that `airgap-office register identity` writes, KEY the "
		  "office's key as the\n"
		  "officer gave it. The officer takes FILE with `airgap-office register import` "
		  "and approves once\n"
		  "both screens show the same fingerprint. From then on bundles are due.",
	  .run = ctl_report_request },
	{ .name = "report export",
	  .operands = "FILE | FOLDER",
	  .least = 1,
	  .most = 1,
	  .summary = "write a bundle for the office: what it has not confirmed yet",
	  .help = "Only the office can open it, so whoever may read the journal may carry it; the "
		  "agent need not\n"
		  "run. The office takes it with `airgap-office import` and gives an answer back. "
		  "A bundle may be\n"
		  "taken again, late, or not at all: the next one has what this one had.",
	  .options = { { "all", 'a', NULL,
			 "every entry that is left, for an office that was restored from a "
			 "backup" } },
	  .run = ctl_report_export },
	{ .name = "report import",
	  .operands = "FILE",
	  .least = 1,
	  .most = 1,
	  .summary = "take the office's answer to a bundle: receipt and documents (root)",
	  .help = "The journal judges the receipt and airgapd each document, as if they had come "
		  "over the network.\n"
		  "Exit status 1 when the file or a document was refused.",
	  .run = ctl_report_import },
	{ .name = "media prepare",
	  .operands = "DEVICE RECORD",
	  .least = 2,
	  .most = 2,
	  .summary = "make an empty registered medium, and the record that officers sign (root)",
	  .help = "Everything on DEVICE, a whole USB disk, is lost: partition table and file "
		  "system are "
		  "made anew.\n"
		  "RECORD is a new file. Have it signed, then: airgapctl media enroll.",
	  .options = { { "filesystem", 0, "TYPE", "vfat, exfat or ext4 (exfat)" },
		       { "yes", 0, NULL, "do not ask for the serial number" },
		       { "usb-id", 0, "ID",
			 "for an image: the device it is for, such as 0951:1666" },
		       { "serial", 0, "SERIAL", "for an image: that device's serial number" } },
	  .run = ctl_media_prepare },
	{ .name = "media enroll",
	  .operands = "DEVICE RECORD",
	  .least = 2,
	  .most = 2,
	  .summary =
		  "put the signed record onto the medium, and its row into the next table (root)",
	  .help = "RECORD is what 'media prepare' wrote, with the officers' signatures. Without "
		  "--custodian it is\n"
		  "in the table as handed back, for 'media issue'. May be called again after it "
		  "was "
		  "interrupted.",
	  .options = { { "level", 0, "LEVEL", "what it is for" },
		       { "unit", 0, "UNIT", "whose terminals may use it; else any" },
		       { "custodian", 0, "NAME", "who answers for it" },
		       { "until", 0, "DAY", "last day of use, such as 2027-01-31" },
		       { "trust", 0, "LIST",
			 "the signers' list; by default the one installed here" },
		       { "table", 0, "FILE",
			 "the edition in force; by default the one installed here" },
		       { "draft", 0, "FILE",
			 "where the next edition is prepared (media-next.agp)" } },
	  .run = ctl_media_enroll },
	{ .name = "media verify",
	  .operands = "DEVICE",
	  .least = 1,
	  .most = 1,
	  .summary = "whether a medium is what it should be; each refusal with its reason (root)",
	  .help = "Mounts nothing. Compares record, signatures, device, capacity, file system, "
		  "counter "
		  "and table.\n"
		  "Exit status 0 when everything agrees, 1 when it is refused. The table's own "
		  "signatures are for\n"
		  "'airgap-policy verify' to look at.",
	  .options = { { "trust", 0, "LIST",
			 "the signers' list; by default the one installed here" },
		       { "table", 0, "FILE",
			 "the edition in force; by default the one installed here" },
		       { "remember", 0, NULL,
			 "remember its counter on this machine, when it is good" },
		       { "usb-id", 0, "ID",
			 "for an image: the device it is for, such as 0951:1666" },
		       { "serial", 0, "SERIAL", "for an image: that device's serial number" } },
	  .run = ctl_media_verify },
	{ .name = "media list",
	  .operands = "",
	  .pager = true,
	  .summary = "who has which medium, and until when",
	  .options = { { "table", 0, "FILE",
			 "the edition in force; by default the one installed here" },
		       { "expiring", 0, "DAYS", "only those whose time ends within so many days" },
		       { "status", 0, "STATUS", "only these: active, lost, ..." } },
	  .run = ctl_media_list },
	{ .name = "media issue",
	  .operands = "MEDIUM",
	  .least = 1,
	  .most = 1,
	  .summary = "issue a medium to somebody",
	  .help = "MEDIUM is a media id, the beginning of one, or a serial number. This and the "
		  "other verbs that change\n"
		  "a medium's standing write a draft of the next table: sign and install it.",
	  .options = { { "custodian", 0, "NAME", "who answers for it" },
		       { "unit", 0, "UNIT", "whose terminals may use it" },
		       { "level", 0, "LEVEL", "what it is for" },
		       { "until", 0, "DAY", "last day of use, such as 2027-01-31" },
		       { "table", 0, "FILE",
			 "the edition in force; by default the one installed here" },
		       { "draft", 0, "FILE",
			 "where the next edition is prepared (media-next.agp)" } },
	  .run = ctl_media_issue },
	{ .name = "media return",
	  .operands = "MEDIUM",
	  .least = 1,
	  .most = 1,
	  .summary = "take a medium back",

	  .options = { { "for-repair", 0, NULL, "it goes away to be repaired" },
		       { "table", 0, "FILE",
			 "the edition in force; by default the one installed here" },
		       { "draft", 0, "FILE",
			 "where the next edition is prepared (media-next.agp)" } },
	  .run = ctl_media_return },
	{ .name = "media recall",
	  .operands = "MEDIUM",
	  .least = 1,
	  .most = 1,
	  .summary = "call a medium in",

	  .options = { { "table", 0, "FILE",
			 "the edition in force; by default the one installed here" },
		       { "draft", 0, "FILE",
			 "where the next edition is prepared (media-next.agp)" } },
	  .run = ctl_media_recall },
	{ .name = "media lost",
	  .operands = "MEDIUM",
	  .least = 1,
	  .most = 1,
	  .summary = "report a medium lost",
	  .help = "Prints what this terminal's journal says of it.",
	  .options = { { "table", 0, "FILE",
			 "the edition in force; by default the one installed here" },
		       { "draft", 0, "FILE",
			 "where the next edition is prepared (media-next.agp)" } },
	  .run = ctl_media_lost },
	{ .name = "media found",
	  .operands = "MEDIUM",
	  .least = 1,
	  .most = 1,
	  .summary = "take a medium back that was reported lost",

	  .options = { { "table", 0, "FILE",
			 "the edition in force; by default the one installed here" },
		       { "draft", 0, "FILE",
			 "where the next edition is prepared (media-next.agp)" } },
	  .run = ctl_media_found },
	{ .name = "media destroy",
	  .operands = "MEDIUM",
	  .least = 1,
	  .most = 1,
	  .summary = "record that a medium was destroyed",

	  .options = { { "table", 0, "FILE",
			 "the edition in force; by default the one installed here" },
		       { "draft", 0, "FILE",
			 "where the next edition is prepared (media-next.agp)" } },
	  .run = ctl_media_destroy },
	{ .name = "media repair",
	  .operands = "DEVICE [RECORD]",
	  .least = 1,
	  .most = 2,
	  .summary = "write what is damaged on a medium anew from what is whole (root)",
	  .help = "The partition table comes from its other copy, a counter from the other one or "
		  "from what "
		  "this\n"
		  "machine remembers, the record from RECORD, the signed file that the office "
		  "keeps.",
	  .options = { { "trust", 0, "LIST",
			 "the signers' list; by default the one installed here" } },
	  .run = ctl_media_repair },
#include "agent/ctl/ctl_verbs_transfer.h"
	{ .name = "help",
	  .operands = "[VERB]",
	  .most = 2,
	  .pager = true,
	  .summary = "explain the program or a verb; with --json the table of verbs",
	  .run = ctl_help_verb },
	{ .name = NULL },
};
