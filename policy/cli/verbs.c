// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/cli/cli.h"

#include "policy/cli/load.h"

const struct cli_verb cli_verbs[] = {
	{
		.name = "check",
		.operands = "FILE...",
		.least = 1,
		.most = -1,
		.summary = "Check policies, lists, tables, orders, slips and all other texts",
		.help = "Says nothing when all is good, else every finding with its line and column.\n"
			"Signatures are not looked at; 'verify' does that.",
		.run = cli_check,
	},
	{
		.name = "fmt",
		.operands = "FILE",
		.least = 1,
		.most = 1,
		.summary = "Print a text in its normal form",
		.help = "Comments stay where they are. Signatures are not printed, as they would not hold.",
		.options = {
			{ "write", 'w', NULL, "write it back to FILE, which must not be signed" },
			{ 0 },
		},
		.run = cli_fmt,
	},
	{
		.name = "why",
		.operands = "FILE usb|link|address|route|flow|transfer SUBJECT",
		.least = 3,
		.most = 3,
		.summary = "Tell what a policy decides over a device, link, packet or transfer, and by which rule",
		.help = "SUBJECT is the device in one argument, such as\n"
			"  'id 0951:1666 serial \"A1\" interfaces [ 08:06:50 ]'\n"
			"with any of: id serial name manufacturer hash parent-hash port connect-type class\n"
			"interfaces. A slash joins the alternate settings of one interface.\n\n"
			"A link is 'name eth0 kind ethernet mac 52:54:00:12:34:56 path pci-0000:00:03.0', with\n"
			"permanent and info-kind where they matter. After that an address has\n"
			"  address 10.20.0.17/24\n"
			"a route\n"
			"  to 10.0.0.0/8 gateway 10.20.0.1        and source, origin\n"
			"and a flow\n"
			"  from 10.20.0.17 to 10.20.0.5 protocol tcp port 8443\n"
			"A transfer is 'direction out types [ odt pdf ] size 5M level mimi unit \"7.2.15\"', with\n"
			"files, login, time \"Mon 09:30\", medium registered|foreign and medium-level.",
		.options = {
			{ "table", 't', "TABLE", "table media, for 'device in @media'" },
			{ "terminals", 0, "TABLE", "table terminals, for 'is registered'" },
			{ "terminal", 0, "NUMBER", "this terminal's number in that table" },
			{ "trust", 0, "LIST", "signers' list, for the order of levels" },
			{ "today", 0, "DATE", "the day to decide for, such as 2027-01-01" },
			{ "json", 0, NULL, "print JSON" },
			{ 0 },
		},
		.run = cli_why,
	},
	{
		.name = "lint",
		.operands = "FILE",
		.least = 1,
		.most = 1,
		.summary = "Find what is wrong with a policy that is correct",
		.help = "Rules that do nothing or too much, what is in use and would be refused, what ends soon.\n"
			"Each finding has a name, a place, the reason, and what to do; airgap-policy(1) lists the\n"
			"names. Exit code 1: there are findings.",
		.options = {
			{ "inventory", 'i', "FILE", "devices in use, as 'airgapctl devices --json' printed them" },
			{ "media", 0, "TABLE", "table media, for 'device in @media'" },
			{ "today", 0, "DATE", "judge as if it were DATE" },
			{ "json", 0, NULL, "print JSON" },
			{ 0 },
		},
		.run = cli_lint,
	},
	{
		.name = "test",
		.operands = "POLICY INVENTORY...",
		.least = 2,
		.most = -1,
		.summary = "Decide over recorded devices, and compare with what is expected",
		.help = "INVENTORY is what 'airgapctl devices --json' printed; airgap-policy(1) tells how links and\n"
			"flows are written. Add \"expect\": \"permit\" or\n"
			"\"refuse\" to a device, and \"expect_rule\" if the rule matters. Each device is decided\n"
			"alone. Exit code 1: one differs, and the condition that decided is shown.",
		.options = {
			{ "media", 0, "TABLE", "table media, for 'device in @media'" },
			{ "terminals", 0, "TABLE", "table terminals, for 'is registered'" },
			{ "terminal", 0, "NUMBER", "the terminal's number in that table" },
			{ "json", 0, NULL, "print JSON" },
			{ "trust", 0, "LIST", "signers' list, for the order of levels of transfers" },
			{ 0 },
		},
		.run = cli_test,
	},
	{
		.name = "diff",
		.operands = "OLD NEW",
		.least = 2,
		.most = 2,
		.summary = "Tell what changes from one policy to another",
		.help = "First the devices whose result changes, those that are refused from now on before all\n"
			"others; then rules, sets, and the rest of the text. Without an inventory the devices\n"
			"are what the rules of both policies name. Exit code 0: no difference, 1: some.",
		.options = {
			{ "inventory", 'i', "FILE", "devices, as 'airgapctl devices --json' printed them" },
			{ "media", 0, "TABLE", "table media, for 'device in @media'" },
			{ "terminals", 0, "TABLE", "table terminals, for 'is registered'" },
			{ "terminal", 0, "NUMBER", "the terminal's number in that table" },
			{ "json", 0, NULL, "print JSON" },
			{ 0 },
		},
		.run = cli_diff,
	},
	{
		.name = "text",
		.operands = "FILE",
		.least = 1,
		.most = 1,
		.summary = "Print exactly what the next signer signs",
		.help = "That is all of FILE before its first signature. To sign elsewhere:\n"
			"  airgap-policy text FILE | ssh-keygen -Y sign -n airgap-policy@v1 -f KEY >SIG\n"
			"and bring SIG back with 'attach'.",
		.run = cli_text,
	},
	{
		.name = "sign",
		.operands = "FILE",
		.least = 1,
		.most = 1,
		.summary = "Have ssh-keygen sign a text, and add the signature to the file",
		.help = "Passphrases, agents and hardware keys work as they do with ssh-keygen: KEY may be\n"
			"a .pub file whose other half an agent holds. What the signature is for follows\n"
			"from the first word of the text. The file is replaced in one step.",
		.options = {
			{ "key", 'k', "KEY", "the key that signs (ed25519 or ed25519-sk)" },
			{ "namespace", 0, "NAME", "sign for NAME, such as airgap-slip@v1" },
			{ 0 },
		},
		.run = cli_sign,
	},
	{
		.name = "attach",
		.operands = "FILE SIGNATURE",
		.least = 2,
		.most = 2,
		.summary = "Add a signature that was made elsewhere",
		.help = "SIGNATURE is what 'ssh-keygen -Y sign' wrote. It must hold over the text of FILE.",
		.options = {
			{ "namespace", 0, "NAME", "what the signature is for" },
			{ 0 },
		},
		.run = cli_attach,
	},
	{
		.name = "verify",
		.operands = "FILE",
		.least = 1,
		.most = 1,
		.summary = "Tell whether the signatures of a file suffice, and check its text",
		.help = "LIST is the signers' list in force. FILE may be a policy, an order, a table with\n"
			"--policy, another text with --need, the list that follows LIST, or LIST itself.\n"
			"A transfer slip is signed by its terminal, and needs no LIST but --terminals.\n"
			"Exit code 0: it may be used; 1: it may not, and why.",
		.options = {
			{ "trust", 't', "LIST", "signers' list" },
			{ "trust-digest", 0, "SHA256", "digest that the text of LIST must have" },
			{ "need", 0, "DUTIES", "signatures needed, such as \"security 2 approval 1\"" },
			{ "namespace", 0, "NAME", "what FILE has to be signed for" },
			{ "policy", 'p', "POLICY", "take what a table needs from this policy" },
			{ "withdraws", 0, "OLD", "the table only withdraws rows of OLD" },
			{ "json", 0, NULL, "print JSON" },
			{ "terminals", 0, "TABLE", "table terminals, for the key of a slip's terminal" },
			{ 0 },
		},
		.run = cli_verify,
	},
	{
		.name = "impact",
		.operands = "NEW [FILE...]",
		.least = 1,
		.most = -1,
		.summary = "Tell what would stop counting under the next signers' list",
		.help = "NEW may be a draft that nobody has signed yet. FILEs are policies and orders.\n"
			"Exit code 0: nothing would stop counting; 1: something would, and what.",
		.options = {
			{ "trust", 't', "LIST", "signers' list in force" },
			{ 0 },
		},
		.run = cli_impact,
	},
	{
		.name = "import",
		.operands = "usbguard RULES",
		.least = 2,
		.most = 2,
		.summary = "Translate USBGuard's rules into a policy",
		.help = "The policy permits nothing that the rules did not permit. What had to be left out\n"
			"(error) or became narrower (warning) is told with its line; exit code 1 then.\n"
			"What no option gives is filled with what keeps the policy from taking effect.",
		.options = {
			{ "id", 0, "ID", "id of the policy" },
			{ "serial", 0, "NUMBER", "its serial number" },
			{ "valid", 0, "DATES", "its validity, such as \"2026-12-01 .. 2027-05-31\"" },
			{ "unit", 0, "UNIT", "unit of the terminals" },
			{ "level", 0, "LEVEL", "their level" },
			{ "terminals", 0, "LIST", "their numbers with blanks between, or registered" },
			{ "json", 0, NULL, "print JSON" },
			{ 0 },
		},
		.run = cli_import,
	},
	{ 0 },
};
