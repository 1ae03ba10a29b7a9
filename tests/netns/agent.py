# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole agent in a namespace of a bed: its programs, a unit that signs, and the journal."""

import json
import os
import shutil
import subprocess
import time

import bed as beds
from bed import Failed, Skip, run

PROGRAMS = ("airgap-journald", "airgap-monitord", "airgapd", "airgap-doord", "airgap-attribution")
KEYS = ("rt-1", "rt-2", "so-7a", "ap-2c")
LEVELS = '[ neibu "内部" mimi "秘密" ]'


class Agent:
    def __init__(self, bed, rules, mode=""):
        if not shutil.which("ssh-keygen"):
            raise Skip("no ssh-keygen to sign with")
        self.bed = bed
        # Not in the bed's own folder: that one holds files alone.
        self.root = f"/tmp/{bed.name}-root"
        self.running = {}
        self.serial = 41
        for folder in ("etc/airgap", "var/lib/airgap/state", "var/lib/airgap/policy",
                       "var/lib/airgap/journal", "run/airgap", "run/airgap-journal",
                       "run/airgap-door", "run/airgap-monitor", "sys/class", "sys/devices", "proc",
                       "tmp"):
            os.makedirs(f"{self.root}/{folder}")
        users = [f"airgap-{name}:x:0:0::/:/bin/false" for name in
                 ("monitor", "journal", "door", "attribution")]
        self.write("etc/passwd", "\n".join(["root:x:0:0::/:/bin/sh"] + users + ["nobody:x:65534:65534::/:/bin/false", ""]))
        self.write("etc/group", "airgap:x:0:\n")
        self.write("etc/airgap/test-network", "")
        try:
            self.make_unit()
            for program in PROGRAMS:
                self.launch(program)
            self.install(rules, mode)
        except BaseException:
            self.close()
            raise

    def write(self, path, text):
        with open(f"{self.root}/{path}", "w", encoding="utf-8") as file:
            file.write(text)
        return f"{self.root}/{path}"

    def sign(self, namespace, path, *keys):
        signatures = []
        with open(path, "rb") as file:
            text = file.read()
        for key in keys:
            done = subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f",
                                   f"{self.root}/tmp/{key}"], input=text, capture_output=True,
                                  check=True)
            signatures.append(done.stdout)
        with open(path, "wb") as file:
            file.write(text + b"".join(signatures))

    def make_unit(self):
        public = {}
        for key in KEYS:
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f",
                f"{self.root}/tmp/{key}")
            with open(f"{self.root}/tmp/{key}.pub", encoding="utf-8") as file:
                public[key] = " ".join(file.read().split()[:2])
        duties = dict(zip(KEYS, ("root", "root", "security", "approval")))
        keys = "\n".join(f'    key {key} duty {duties[key]} person "{key}" public "{public[key]}"'
                         for key in KEYS)
        trust = self.write("etc/airgap/trust", f"""airgap-trust 1
trust {{
    number          1
    levels          {LEVELS}
    root            at-least 2
    policy          security 1  approval 1
    minimum-serial  1
}}
keys {{
{keys}
}}
""")
        self.sign("airgap-trust@v1", trust, "rt-1", "rt-2")
        self.write("etc/airgap/terminal", """airgap-terminal 1
terminal {
    number  "T-1"
    unit    "1"
    level   mimi
}
""")

    def launch(self, program):
        log = open(f"{self.root}/{program}.log", "ab")  # pylint: disable=consider-using-with
        # The network of this namespace, and nothing of the machine's USB: that is not ours to close.
        mounts = " && ".join(f"mount --bind /{part} {self.root}/{part}"
                             for part in ("sys/class", "sys/devices", "proc"))
        script = f"{mounts} && exec {beds.BIN}/{program} --root {self.root}"
        self.running[program] = subprocess.Popen(
            ["ip", "netns", "exec", self.bed.terminal, "sh", "-c", script],
            stdout=log, stderr=log)
        log.close()

    def install(self, rules, mode=""):
        self.serial += 1
        today = time.gmtime()
        path = self.write(f"tmp/policy-{self.serial}", f"""airgap-policy 1
policy {{
    id      "netns"
    serial  {self.serial}
    {mode}
    valid   {today.tm_year - 1}-01-01 .. {today.tm_year + 1}-12-31
}}
scope {{
    unit       "1"
    terminals  [ "T-1" ]
    level      mimi
}}
network {{
    default down
{rules}
}}
""")
        self.sign("airgap-policy@v1", path, "so-7a", "ap-2c")
        end = time.monotonic() + 10
        while True:
            done = run(f"{beds.BIN}/airgapctl", "--root", self.root, "policy", "install", path,
                       check=False)
            # The programs meet within moments; until then the door says that airgapd is absent.
            if done.returncode == 0:
                return
            if done.returncode != 3 or time.monotonic() > end:
                raise Failed(f"policy install: {done.stdout}{done.stderr}{self.words()}")
            time.sleep(0.05)

    def words(self):
        with open(f"{self.root}/airgapd.log", encoding="utf-8") as file:
            return file.read()

    def events(self):
        path = f"{self.root}/var/lib/airgap/journal/log"
        with open(path, encoding="utf-8") as file:
            # What is written ahead of the entries is blanks.
            lines = [line for line in file.read().split("\n") if line.strip().startswith("{")]
        events = []
        for line in lines:
            try:
                events.append(json.loads(line))
            except ValueError:
                break  # being written
        return events

    def found(self, kind, **wanted):
        """Violations of this kind whose members have these values; link is its name."""
        hits = []
        for entry in self.events():
            event = entry["event"]
            if event.get("violation") != kind:
                continue
            flat = dict(event, link=(event["link"] or {}).get("name"),
                        address=(event["address"] or {}).get("address"),
                        to=(event["flow"] or event["route"] or {}).get("to"),
                        uid=(event["actor"] or {}).get("uid"))
            if all(flat.get(key) == value for key, value in wanted.items()):
                hits.append(event)
        return hits

    def wait(self, condition, seconds=15):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(0.05)
        return bool(condition())

    def is_up(self, link):
        return "UP" in self.bed.t("ip", "-o", "link", "show", link).stdout.split("<")[1].split(
            ">")[0].split(",")

    def is_open(self, link):
        return any(entry["event"].get("type") == "link" and
                   entry["event"]["outcome"]["link"]["name"] == link and
                   entry["event"]["outcome"]["state"] == "open" for entry in self.events())

    def kill(self, program):
        self.running[program].kill()
        self.running.pop(program).wait()

    def stop(self, program):
        self.running[program].terminate()
        self.running.pop(program).wait(timeout=10)

    def usage(self, program):
        """(resident kilobytes, seconds of the processor)"""
        pid = self.running[program].pid
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            resident = next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return resident, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if not os.environ.get("NETNS_KEEP"):
            shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
