"""
Measures real Docker Swarm managers: one dockerd a network namespace, on the switch of hosts.py, killed while it leads.
Rows are those of ground-truth/swarm/leader-killed-N.csv, as far as logs tell them.

    python3 swarm_lab.py leader-killed-N TRIALS OUT.csv [--net 61]

Needs root, Linux, iproute2 and Docker 20.10 (Debian bookworm: docker.io); no container is ever started.
"""
import argparse
import os
import random
import re
import shutil
import socket
import subprocess
import threading
import time
from datetime import datetime

from hosts import MEMORY, Stalls, Switch, connect, remove_hosts, save, shell

CONTAINERD = f"{MEMORY}/zf-containerd"


def answers(path):
    with socket.socket(socket.AF_UNIX) as one:
        return one.connect_ex(path) == 0


class Manager:
    def __init__(self, lab, number):
        self.lab, self.number, self.log, self.process = lab, number, [], None
        self.address, self.folder = f"10.{lab.net}.0.{number + 1}", f"{lab.folder}/m{number}"
        self.socket = f"unix://{self.folder}/docker.sock"

    def start(self):
        command = ["nsenter", f"--net=/run/netns/{self.lab.space(self.number)}", "dockerd", "--debug"]
        command += ["--data-root", f"{self.folder}/data", "--exec-root", f"{self.folder}/exec"]
        command += ["--pidfile", f"{self.folder}/pid", "--host", self.socket, "--storage-driver=vfs"]
        command += ["--bridge=none", "--iptables=false", "--ip6tables=false"]
        command += ["--containerd", f"{CONTAINERD}/socket", "--containerd-namespace", f"{self.lab.tag}-{self.number}"]
        os.makedirs(self.folder, exist_ok=True)
        # Its log tells local time, to be read as UTC.
        clock = {**os.environ, "TZ": "UTC"}
        self.process = subprocess.Popen(command, env=clock, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        threading.Thread(target=self.read, args=(self.process.stderr,), daemon=True).start()

    def read(self, pipe):
        for raw in pipe:
            line = raw.decode(errors="replace").strip()
            if "module=raft" not in line:
                continue
            at = datetime.fromisoformat(re.match(r'time="([^"]{26})', line)[1] + "+00:00").timestamp()
            self.log.append((at, re.search(r'msg="(.*?)"', line)[1]))

    def docker(self, *words):
        command = ["docker", "-H", self.socket, *words]
        try:
            return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
        except subprocess.TimeoutExpired:
            return ""

    def kill(self):
        self.process.kill()
        self.process.wait()
        shell(f"rm -f {self.folder}/pid")


class Lab:
    def __init__(self, net, count):
        self.net, self.tag = net, f"zfd{net}"
        self.folder = f"{MEMORY}/{self.tag}"
        self.clean()
        os.makedirs(self.folder)
        self.containerd = None
        if not answers(f"{CONTAINERD}/socket"):
            shutil.rmtree(CONTAINERD, ignore_errors=True)
            places = ["--root", f"{CONTAINERD}/root", "--state", f"{CONTAINERD}/state"]
            command = ["containerd", "--address", f"{CONTAINERD}/socket", *places]
            self.containerd = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            time.sleep(3)
        self.managers = [Manager(self, number) for number in range(count)]
        self.switch = Switch([f"{self.tag}t{i}" for i in range(count)], 0)
        for manager in self.managers:
            space, tap = self.space(manager.number), f"{self.tag}t{manager.number}"
            connect(space, tap, manager.address)
            shell(f"ip netns exec {space} ip route add default dev {tap}")
        self.switch.start()
        for manager in self.managers:
            manager.start()
        time.sleep(10)
        first = self.managers[0]
        first.docker("swarm", "init", "--advertise-addr", first.address)
        token = first.docker("swarm", "join-token", "-q", "manager").strip()
        for manager in self.managers[1:]:
            manager.docker("swarm", "join", "--token", token, "--advertise-addr", manager.address, f"{first.address}:2377")

    def space(self, number):
        return f"{self.tag}n{number}"

    def clean(self):
        shell(f"pkill -9 -f 'data-root {self.folder}/'", False)
        remove_hosts(self.tag)
        # Docker leaves its mounts behind when it is killed.
        with open("/proc/self/mounts") as mounts:
            places = [place for place in (line.split()[1] for line in mounts) if place.startswith(self.folder + "/")]
        for place in reversed(places):
            shell(f"umount --lazy {place}", False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def end(self):
        for manager in self.managers:
            manager.kill()
        self.clean()
        if self.containerd is not None:
            self.containerd.terminate()
            self.containerd.wait()
            shutil.rmtree(CONTAINERD, ignore_errors=True)

    def leader(self):
        """The number of the one that leads while all others are reachable; None otherwise."""
        for manager in self.managers:
            lines = manager.docker("node", "ls", "--format", "{{.Self}} {{.ManagerStatus}}").split("\n")
            states = [line.split() for line in lines if line]
            if len(states) != len(self.managers) or any("Unreachable" in state for state in states):
                return None
            if ["true", "Leader"] in states:
                return manager.number
        return None

    def await_whole(self):
        for _ in range(200):
            leader = self.leader()
            if leader is not None:
                return leader
            time.sleep(0.5)
        raise TimeoutError("the managers do not come together")

    def events(self, since, who):
        found = [(at, i, line) for i in who for at, line in list(self.managers[i].log) if at >= since]
        return sorted(found)


def killed(lab, stalls):
    lab.await_whole()
    time.sleep(2 + 7 * random.random())
    leader = lab.await_whole()
    who = [manager.number for manager in lab.managers if manager.number != leader]
    fault = time.time()
    lab.managers[leader].kill()
    won = None
    while won is None and time.time() < fault + 180:
        time.sleep(0.2)
        won = next(((at, i) for at, i, line in lab.events(fault, who) if "became leader at term" in line), None)
    lab.managers[leader].start()
    time.sleep(5)
    if won is None:
        return None
    before = [event for event in lab.events(fault, who) if event[0] <= won[0]]
    campaigns = [at for at, _, line in before if "is starting a new election at term" in line]
    return {
        "mode": "kill",
        "managers": len(lab.managers),
        "first_campaign_s": round(campaigns[0] - fault, 3) if campaigns else "",
        "campaigns": len(campaigns),
        "became_leader_s": round(won[0] - fault, 3),
        "lease_ignored_votes": sum("lease is not expired" in line for _, _, line in before),
        "worst_stall_ms": stalls.worst_ms((fault, won[0])),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set_up")
    parser.add_argument("trials", type=int)
    parser.add_argument("out")
    parser.add_argument("--net", type=int, default=61, help="second byte of the addresses, 10.NET.0.0")
    asked = parser.parse_args()
    kind = re.fullmatch(r"leader-killed-(\d+)", asked.set_up)
    if kind is None:
        raise SystemExit(f"{asked.set_up} is no set-up that is known")
    stalls = Stalls()
    stalls.start()
    lab = Lab(asked.net, int(kind[1]))
    rows = []
    try:
        for number in range(asked.trials):
            row = killed(lab, stalls)
            if row is not None:
                rows.append({"trial": number, **row})
                save(asked.out, rows)
    finally:
        lab.end()


if __name__ == "__main__":
    main()
