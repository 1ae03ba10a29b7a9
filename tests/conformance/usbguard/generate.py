# SPDX-License-Identifier: GPL-2.0-or-later
"""Random rules of USBGuard and devices, from small pools, so that they often meet."""
import base64
import hashlib

HASHES = [base64.b64encode(hashlib.sha256(b"device %d" % i).digest()).decode() for i in range(4)]
PARENTS = [base64.b64encode(hashlib.sha256(b"parent %d" % i).digest()).decode() for i in range(3)]
IDS = ["046d:c31c", "046d:c077", "0951:1666", "0951:1667", "abcd:0001", "abcd:00ef", "1532:0001"]
TEXTS = ["", "A1", "B2", 'q"uote', "back\\slash", "\u00dcn\u00ef \u79d8", "# no comment", "*"]
PORTS = ["1-1", "1-2", "2-1.4", "2-1.4.1"]
TYPES = ["03:01:01", "03:01:02", "03:00:01", "08:06:50", "08:06:62", "02:02:01", "09:00:00", "ff:42:01"]
CONNECT = ["hotplug", "hardwired", "not used", "unknown"]
OPERATORS = ["all-of", "one-of", "none-of", "equals", "equals-ordered", "match-all"]

RULE_VALUES = {
    "id": IDS + ["046d:*", "0951:*", "1532:*", "abcd:*", "*:*", "ABCD:*", "ABCD:0001", "abcd:00EF"],
    "name": TEXTS,
    "serial": TEXTS + ["control \x07"],
    "hash": HASHES + ["not a hash"],
    "parent-hash": PARENTS,
    "via-port": PORTS + ["usb1", "no port"],
    "with-interface": TYPES + ["03:*:*", "03:01:*", "08:*:*", "08:06:*", "ff:*:*", "FF:42:01", "09:00:*"],
    "with-connect-type": CONNECT + ["", "bogus"],
}
# Interfaces and ids are what people write about.
ATTRIBUTES = ["id"] * 4 + ["with-interface"] * 4 + sorted(RULE_VALUES)
PATTERNS = ("id", "with-interface")
CONDITIONS = ["true", "false", "!true", "!false", "random", "random(0.5)", "rule-applied", "rule-evaluated",
              "rule-applied(00:10)", "!rule-evaluated(5)", "localtime(08:00-17:00)", "localtime(10:00)"]
QUERIES = ["allowed-matches(id 046d:c31c)", "!allowed-matches(with-interface one-of { 03:00:01 03:01:01 })",
           "!allowed-matches(name \"A1\")"]


def quote(text):
    out = []
    for char in text:
        if char in '"\\':
            out.append("\\" + char)
        elif ord(char) < 32:
            out.append("\\x%02x" % ord(char))
        else:
            out.append(char)
    return '"' + "".join(out) + '"'


def spell(attribute, value):
    return value if attribute in PATTERNS else quote(value)


def attribute(rng, name):
    values = RULE_VALUES[name]
    if rng.random() < 0.4:
        return "%s %s" % (name, spell(name, rng.choice(values)))
    count = rng.choice([1, 1, 2, 2, 3])
    chosen = [spell(name, rng.choice(values)) for _ in range(count)]
    operator = rng.choice(OPERATORS + ["one-of", ""])
    return " ".join(filter(None, [name, operator, "{", *chosen, "}"]))


def conditions(rng, queries):
    pool = CONDITIONS + (QUERIES if queries else [])
    if rng.random() < 0.6:
        return "if " + rng.choice(pool)
    chosen = [rng.choice(pool) for _ in range(rng.choice([1, 2, 3]))]
    return " ".join(filter(None, ["if", rng.choice(OPERATORS + [""]), "{", *chosen, "}"]))


def rule(rng, queries=False):
    names = []
    for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3])):
        name = rng.choice(ATTRIBUTES)
        if name not in names:
            names.append(name)
    parts = [rng.choice(["allow", "allow", "allow", "block", "reject"])]
    parts += [attribute(rng, name) for name in names]
    if rng.random() < 0.1:
        parts.append('label ' + quote(rng.choice(TEXTS)))
    if rng.random() < 0.12:
        parts.append(conditions(rng, queries))
    return " ".join(parts)


def damage(rng, line):
    """Some rules that are none, or just so."""
    where = rng.randrange(len(line))
    return rng.choice([
        lambda: line[:where] + line[where + 1:],
        lambda: line[:where] + rng.choice('"{}:*\\# !(') + line[where:],
        lambda: line.replace(" ", "\t"),
        lambda: line + " # comment",
        lambda: "match" + line[line.find(" "):] if " " in line else "match",
    ])()


class Device:
    def __init__(self, rng):
        self.id = rng.choice(IDS)
        self.name = rng.choice(TEXTS)
        self.serial = rng.choice(TEXTS)
        self.hash = rng.choice(HASHES)
        self.parent = rng.choice(PARENTS)
        self.port = rng.choice(PORTS)
        self.connect = rng.choice(CONNECT)
        self.types = [rng.choice(TYPES) for _ in range(rng.choice([1, 1, 1, 2, 2, 3]))]
        if rng.random() < 0.3:
            self.types = self.types[:1] * rng.choice([2, 3])

    def rule(self):
        return ("device id %s serial %s name %s hash %s parent-hash %s via-port %s with-interface { %s } "
                "with-connect-type %s" % (self.id, quote(self.serial), quote(self.name), quote(self.hash),
                                          quote(self.parent), quote(self.port), " ".join(self.types),
                                          quote(self.connect)))

    def facts(self):
        hub = all(kind.startswith("09:00") for kind in self.types)
        return {
            "port": self.port, "bus": 1, "device": 2, "id": self.id, "release": "0100",
            "class": "09:00:00" if hub else "00:00:00", "manufacturer": "", "name": self.name,
            "serial": self.serial, "connect": self.connect, "flaw": None, "configurations": 1,
            "interfaces": [{"config": 1, "number": i, "alternate": 0, "class": kind}
                           for i, kind in enumerate(self.types)],
            "hash": base64.b64decode(self.hash).hex(), "parent_hash": base64.b64decode(self.parent).hex(),
        }
