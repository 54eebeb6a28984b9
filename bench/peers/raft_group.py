"""One Raft group that lives, fails and is repaired, as one would write it on SimPy: for how long does it not serve?

The same model as a bare group of zonefall (`kind: raft`, profile `etcd-raft`): every member ticks; a leader sends
heartbeats that are answered, and steps down when a majority has been silent for an election time-out; a follower that has
heard nothing for a randomized number of ticks campaigns; votes are for logs that are not behind, and refused while a leader
is there; a new leader serves when a majority holds its first entry. Machines lose their power and get it back.

Written for speed where that costs nothing else: a message is one event with a callback, not a process, and messages and
ticks allocate no more than SimPy does itself.

    python3 raft_group.py --help
"""
import argparse
import json
import random
import time

import simpy

FOLLOWER, CANDIDATE, LEADER = range(3)
HEARTBEAT, HEARTBEAT_ACK, APPEND, APPEND_ACK, VOTE, VOTE_ANSWER = range(6)


class Group:
    def __init__(self, env, rng, args):
        self.env = env
        self.rng = rng
        self.args = args
        self.majority = args.members // 2 + 1
        self.members = [Member(self, number) for number in range(args.members)]
        self.serving = False
        self.since = 0.0
        self.measured_from = None
        self.outages = []
        for member in self.members:
            member.start()

    def measure(self):
        """From now on: the first election is not counted."""
        self.measured_from = self.since = self.env.now
        for member in self.members:
            self.env.process(self.life(member))

    def life(self, member):
        args, rng = self.args, self.rng
        while True:
            yield self.env.timeout(rng.expovariate(1 / args.mean_up))
            member.crash()
            yield self.env.timeout(rng.expovariate(1 / args.mean_down))
            member.start()

    def look(self):
        """Does it serve now? To be asked after whatever may change that."""
        serving = any(member.serves() for member in self.members)
        if serving == self.serving:
            return
        now = self.env.now
        if serving and self.measured_from is not None:
            self.outages.append(now - self.since)
        self.serving, self.since = serving, now


class Member:
    def __init__(self, group, number):
        self.group = group
        self.env = group.env
        self.uniform = group.rng.random
        self.number = number
        # On disk.
        self.term = 0
        self.voted_for = None
        self.log_term = 0
        # Counts lives: what was scheduled in an earlier one finds that it is over.
        self.life = 0
        self.alive = False
        self.role = FOLLOWER

    def start(self):
        self.alive = True
        self.life += 1
        self.follow(self.term, None)
        self.env.process(self.tick(self.life))
        self.group.look()

    def crash(self):
        self.alive = False
        self.group.look()

    def serves(self):
        """A leader whose first entry is committed, and a majority that it reaches and that has not gone on without it."""
        if self.role != LEADER or not self.alive or not self.committed:
            return False
        with_it = sum(1 for each in self.group.members if each.alive and each.term <= self.term)
        return with_it >= self.group.majority

    def tick(self, life):
        env, tick = self.env, self.group.args.tick
        yield env.timeout(self.uniform() * tick)
        while self.life == life and self.alive:
            self.elapsed += 1
            if self.role == LEADER:
                self.lead()
            elif self.elapsed >= self.time_out:
                self.campaign()
            yield env.timeout(tick)

    def lead(self):
        args = self.group.args
        if self.elapsed >= args.election_ticks:
            self.elapsed = 0
            if len(self.heard) + 1 < self.group.majority:
                self.follow(self.term, None)
                self.group.look()
                return
            self.heard.clear()
        self.since_heartbeat += 1
        if self.since_heartbeat >= args.heartbeat_ticks:
            self.since_heartbeat = 0
            self.broadcast(HEARTBEAT, None)

    def follow(self, term, leader):
        if term != self.term:
            self.term = term
            self.voted_for = None
        self.role = FOLLOWER
        self.leader = leader
        self.wait_anew()

    def wait_anew(self):
        self.elapsed = 0
        election = self.group.args.election_ticks
        self.time_out = election + int(self.uniform() * election)

    def campaign(self):
        self.term += 1
        self.role = CANDIDATE
        self.leader = None
        self.voted_for = self
        self.granted, self.refused = 1, 0
        self.wait_anew()
        self.group.look()
        # Not before its own vote is on its disk.
        self.broadcast(VOTE, self.log_term, self.group.args.fsync)

    def win(self):
        self.role = LEADER
        self.leader = self
        self.elapsed = self.since_heartbeat = 0
        self.heard = set()
        self.log_term = self.term
        self.holders = {self}
        self.committed = False
        self.broadcast(APPEND, self.log_term)

    def broadcast(self, kind, what, after=0.0):
        for member in self.group.members:
            if member is not self:
                self.send(member, kind, what, after)

    def send(self, to, kind, what, after=0.0):
        args = self.group.args
        if args.loss > 0 and self.uniform() < args.loss:
            return
        delay = after + args.latency_min + self.uniform() * args.latency_range
        event = self.env.timeout(delay, (kind, self, self.term, what))
        event.callbacks.append(to.receive)

    def receive(self, event):
        if not self.alive:
            return
        kind, sender, term, what = event._value
        if term != self.term:
            if term < self.term:
                # A leader that was left behind is told so.
                if kind == HEARTBEAT or kind == APPEND:
                    self.send(sender, APPEND_ACK, None)
                return
            if kind == VOTE and self.leader is not None and self.elapsed < self.group.args.election_ticks:
                return
            self.follow(term, None)
            self.group.look()
        if kind == HEARTBEAT:
            self.hear(sender)
            self.send(sender, HEARTBEAT_ACK, self.log_term)
        elif kind == HEARTBEAT_ACK:
            if self.role == LEADER:
                self.heard.add(sender)
                if what != self.log_term:
                    self.send(sender, APPEND, self.log_term)
        elif kind == APPEND:
            self.hear(sender)
            self.log_term = what
            self.send(sender, APPEND_ACK, what, self.group.args.fsync)
        elif kind == APPEND_ACK:
            if self.role == LEADER:
                self.heard.add(sender)
                self.holders.add(sender)
                if not self.committed and len(self.holders) >= self.group.majority:
                    self.committed = True
                    self.group.look()
        elif kind == VOTE:
            self.vote(sender, what)
        elif self.role == CANDIDATE:
            self.count(what)

    def hear(self, leader):
        if self.role != FOLLOWER:
            self.follow(self.term, leader)
        self.leader = leader
        self.elapsed = 0

    def vote(self, candidate, log_term):
        free = self.voted_for is candidate or (self.voted_for is None and self.leader is None)
        granted = free and log_term >= self.log_term
        if granted:
            self.voted_for = candidate
            self.elapsed = 0
        self.send(candidate, VOTE_ANSWER, granted, self.group.args.fsync)

    def count(self, granted):
        if granted:
            self.granted += 1
            if self.granted >= self.group.majority:
                self.win()
        else:
            self.refused += 1
            if self.refused >= self.group.majority:
                self.follow(self.term, None)


def simulate(args, seed):
    env = simpy.Environment()
    group = Group(env, random.Random(seed), args)
    env.run(until=args.warm_up)
    group.measure()
    env.run(until=args.warm_up + args.duration)
    if not group.serving:
        group.outages.append(env.now - group.since)
    return {"outages_s": group.outages}


def main():
    # Times in seconds. The defaults: five members, each of which fails once in 70 days, one a fortnight in all.
    defaults = {
        "members": 5,
        "tick": 0.1,
        "heartbeat_ticks": 1,
        "election_ticks": 10,
        "latency_min": 0.0005,
        "latency_max": 0.0015,
        "fsync": 0.001,
        "loss": 0.0,
        "mean_up": 70 * 86400.0,
        "mean_down": 4 * 3600.0,
        "warm_up": 60.0,
        "duration": 3600.0,
        "runs": 1,
        "seed": 1,
    }
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, value in defaults.items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=value)
    args = parser.parse_args()
    args.latency_range = args.latency_max - args.latency_min
    runs, seconds = [], []
    for run in range(args.runs):
        before = time.process_time()
        runs.append(simulate(args, args.seed + run))
        seconds.append(time.process_time() - before)
    print(json.dumps({"runs": runs, "cpu_s": seconds}))


if __name__ == "__main__":
    main()
