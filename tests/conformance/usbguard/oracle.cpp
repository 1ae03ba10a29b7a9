// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the installed libusbguard decides: asked for comparison, never linked into a program of ours.
 *
 * usage: oracle decide <CASES
 *	CASES: "rules", rule lines, "devices", device lines, "end", any number of times.
 *	Prints for each device "LINE TARGET": of the first rule that matches, or "0 none".
 * usage: oracle bench COUNT...
 *	Prints for each count of rules "COUNT LOAD_MS DECIDE_NS KIB"; every second device is one that
 *	some rule allows, these being spread over all rules, and the others are none's.
 */
#include <MemoryRuleSet.hpp>
#include <Rule.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>
#include <unistd.h>

using usbguard::MemoryRuleSet;
using usbguard::Rule;
using Clock = std::chrono::steady_clock;

static double milliseconds(Clock::time_point from)
{
	return std::chrono::duration<double, std::milli>(Clock::now() - from).count();
}

static bool read_rules(MemoryRuleSet &rules)
{
	std::string line;

	while (std::getline(std::cin, line)) {
		if (line == "devices")
			return true;
		rules.appendRule(Rule::fromString(line));
	}
	return false;
}

static void decide(const MemoryRuleSet &rules, const std::string &line)
{
	auto device = std::make_shared<Rule>(Rule::fromString(line));
	auto rule = rules.getFirstMatchingRule(device);
	auto all = const_cast<MemoryRuleSet &>(rules).getRules();

	for (size_t i = 0; rule && i < all.size(); i++) {
		if (all[i]->getRuleID() != rule->getRuleID())
			continue;
		std::cout << i + 1 << ' ' << Rule::targetToString(rule->getTarget()) << '\n';
		return;
	}
	std::cout << "0 none\n";
}

static int decide_all()
{
	std::string line;

	while (std::getline(std::cin, line)) {
		MemoryRuleSet rules(nullptr);

		if (line != "rules" || !read_rules(rules))
			return 2;
		while (std::getline(std::cin, line) && line != "end")
			decide(rules, line);
	}
	return 0;
}

static std::string rule_text(unsigned int i)
{
	char text[128];

	snprintf(text, sizeof(text), "allow id %04x:%04x serial \"S%06u\" with-interface 08:06:50",
		 0x1000 + i / 0x8000, i % 0x8000, i);
	return text;
}

static long resident()
{
	std::ifstream statm("/proc/self/statm");
	long size = 0, pages = 0;

	statm >> size >> pages;
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void bench(unsigned int count)
{
	MemoryRuleSet rules(nullptr);
	long before = resident();
	auto start = Clock::now();
	std::vector<std::shared_ptr<Rule>> devices;

	for (unsigned int i = 0; i < count; i++)
		rules.appendRule(Rule::fromString(rule_text(i)));
	double load = milliseconds(start);
	unsigned int rounds = 0;

	for (unsigned int i = 0; i < 16; i++)
		devices.push_back(std::make_shared<Rule>(Rule::fromString(
			"device" + rule_text(i % 2 ? count * i / 16 : 0x3000000 + i).substr(5))));

	start = Clock::now();
	do {
		rules.getFirstMatchingRule(devices[rounds % devices.size()]);
		rounds++;
	} while (rounds < 16 || milliseconds(start) < 200);
	printf("%u %.3f %.1f %ld\n", count, load, 1e6 * milliseconds(start) / rounds,
	       resident() - before);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "decide") == 0)
		return decide_all();
	for (int i = 2; i < argc && strcmp(argv[1], "bench") == 0; i++)
		bench(static_cast<unsigned int>(atoi(argv[i])));
	return argc < 3 ? 2 : 0;
}
