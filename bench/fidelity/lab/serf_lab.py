"""
Measures real memberlist: serf agents on the loopback of a network namespace of their own, some of which are killed at
once. A row a victim, as in ground-truth/serf/one-fails.csv and third-fails-victims.csv; seconds after the kill.

    python3 serf_lab.py AGENTS VICTIMS TRIALS OUT.csv [--net 41]

Needs root, Linux, iproute2 and serf 0.9 (Debian bookworm: serf). Log lines are stamped as they arrive.
"""
import argparse
import math
import os
import random
import re
import select
import subprocess
import threading
import time

from hosts import Stalls, save, shell

LISTED = (b"Suspect", b"Marking", b"EventMember")
START_S = 70
LIMIT_S = 120
STALL_MAX_MS = 50


class Agent:
    def __init__(self, cluster, number):
        self.cluster, self.number, self.name = cluster, number, f"n{number:03d}"
        self.rpc = f"127.0.0.1:{20000 + number}"
        self.log, self.process = [], None

    def start(self):
        count = self.cluster.count
        peers = {0, (self.number + 1) % count, (self.number + count // 2) % count} - {self.number}
        command = ["ip", "netns", "exec", self.cluster.space, "serf", "agent", f"-node={self.name}", "-log-level=debug"]
        command += [f"-bind=127.0.0.1:{10000 + self.number}", f"-rpc-addr={self.rpc}"]
        command += [f"-retry-join=127.0.0.1:{10000 + peer}" for peer in peers]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "GOMAXPROCS": "1"}
        )
        self.cluster.reader.follow(self.process.stdout, self)

    def first(self, since, words):
        """When a line with these words came first after a time; None when none did."""
        return next((at for at, line in list(self.log) if at > since and words in line), None)

    def alive(self):
        command = ["ip", "netns", "exec", self.cluster.space, "serf", "members", f"-rpc-addr={self.rpc}", "-status=alive"]
        return len(subprocess.run(command, capture_output=True, text=True).stdout.strip().split("\n"))


class Reader(threading.Thread):
    """Stamps the log lines of all agents as they come, before anything else on this machine runs."""

    def __init__(self):
        super().__init__(daemon=True)
        self.following = {}
        self.ready = select.epoll()

    def follow(self, pipe, agent):
        self.following[pipe.fileno()] = [pipe, agent, b""]
        self.ready.register(pipe, select.EPOLLIN)

    def run(self):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        while True:
            for number, _ in self.ready.poll():
                came = os.read(number, 65536)
                self.take(number, time.time(), came)

    def take(self, number, at, came):
        pipe, agent, rest = self.following[number]
        if not came:
            self.ready.unregister(pipe)
            pipe.close()
            return
        *lines, self.following[number][2] = (rest + came).split(b"\n")
        for line in lines:
            if any(word in line for word in LISTED):
                agent.log.append((at, line.decode(errors="replace")))


class Cluster:
    def __init__(self, net, count):
        self.space, self.count = f"zfs{net}", count
        self.reader = Reader()
        self.reader.start()
        shell(f"ip netns del {self.space}", False)
        shell(f"ip netns add {self.space} && ip netns exec {self.space} ip link set lo up")
        self.agents = [Agent(self, number) for number in range(count)]
        start(self.agents, START_S)

    def await_whole(self):
        for _ in range(180):
            if all(agent.alive() == self.count for agent in self.agents):
                return
            time.sleep(1)
        raise TimeoutError("not every agent holds all of them alive")

    def stop(self):
        for agent in self.agents:
            agent.process.kill()
        subprocess.run(["ip", "netns", "del", self.space])


def start(agents, over_s):
    """At random instants: an agent's tickers keep the phase of its start for life, and so do its push/pulls."""
    for agent in agents:
        time.sleep(2 * random.random() * over_s / len(agents))
        agent.start()


def trial(cluster, victims, stalls):
    cluster.await_whole()
    # Push/pulls and broadcasts of the return are over by then.
    time.sleep(6 + 2 * random.random())
    lost = random.sample(cluster.agents, victims)
    survivors = [agent for agent in cluster.agents if agent not in lost]
    fault = time.time()
    for agent in lost:
        agent.process.kill()
    while time.time() < fault + LIMIT_S:
        time.sleep(0.25)
        if all(agent.first(fault, f"EventMemberFailed: {one.name}") for one in lost for agent in survivors):
            break
    time.sleep(0.3)
    stall_ms = stalls.worst_ms((fault, time.time()))
    rows = [row(cluster, survivors, one, fault) for one in lost]
    for agent in cluster.agents:
        agent.log = []
    start(lost, 0.5 * len(lost))
    valid = stall_ms < STALL_MAX_MS and all(one["n_failed"] == len(survivors) for one in rows)
    return [{**one, "max_stall_ms": stall_ms, "valid": int(valid)} for one in rows]


def row(cluster, survivors, victim, fault):
    def times(words):
        return sorted(at - fault for at in (agent.first(fault, words) for agent in survivors) if at is not None)

    suspects = times(f"Suspect {victim.name} has failed")
    failed = times(f"EventMemberFailed: {victim.name}")
    verdict = rf"Marking {victim.name} as failed, suspect timeout reached \((\d+) peer"
    marks = sorted((at, int(m[1])) for a in survivors for at, line in a.log if (m := re.search(verdict, line)))
    place = lambda values, i: round(values[i], 4) if len(values) > i else ""
    share = lambda values, q: place(values, max(0, math.ceil(q * len(values)) - 1))
    return {
        "N": cluster.count,
        "variant": "kill" if len(survivors) == cluster.count - 1 else "kill_third",
        "victim": victim.name,
        "t_first_suspect": place(suspects, 0),
        "t_2nd_suspect": place(suspects, 1),
        "t_3rd_suspect": place(suspects, 2),
        "conf_first_mark": marks[0][1] if marks else "",
        "t_first_failed": place(failed, 0),
        "t_p50_failed": share(failed, 0.5),
        "t_p90_failed": share(failed, 0.9),
        "t_last_failed": round(failed[-1], 4) if failed else "",
        "n_failed": len(failed),
        "suspect_to_failed": round(failed[0] - suspects[0], 4) if failed and suspects else "",
        "spread": round(failed[-1] - failed[0], 4) if failed else "",
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("agents", "victims", "trials"):
        parser.add_argument(name, type=int)
    parser.add_argument("out")
    parser.add_argument("--net", type=int, default=41, help="tells clusters on one machine apart")
    asked = parser.parse_args()
    stalls = Stalls()
    stalls.start()
    cluster = Cluster(asked.net, asked.agents)
    rows = []
    try:
        for number in range(1, asked.trials + 1):
            found = trial(cluster, asked.victims, stalls)
            rows += [{"cluster": "lab", "trial": number, **one} for one in found]
            save(asked.out, rows)
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
