"""
Measures real etcd clusters: one network namespace a member, a switch between them that delays and drops packets, clients
on an interface of their own. Rows are those of ground-truth/etcd, as far as logs and clients tell them.

    python3 etcd_lab.py SET-UP TRIALS OUT.csv [--net 11]

SET-UP is a file name of that folder without .csv: killed-N-HEARTBEAT-ELECTION[-prevote][-delayMS],
leader-isolated-N-HEARTBEAT-ELECTION[-prevote], isolated-KofN-with-leader, isolated-KofN-followers,
partial-cut-N[-prevote], quorum-lost-N. Needs root, Linux, iproute2 and etcd 3.4 (Debian bookworm: etcd-server). Set-ups
with different --net may run side by side.
"""
import argparse
import asyncio
import os
import random
import re
import shutil
import subprocess
import threading
import time

from hosts import MEMORY, Stalls, Switch, connect, ms, remove_hosts, save, shell


class Member:
    def __init__(self, lab, number):
        self.lab, self.number, self.log, self.process = lab, number, [], None
        self.peer, self.client = (f"10.{lab.net}.{side}.{number + 1}" for side in (0, 1))
        self.data = f"{lab.folder}/m{number}"

    def start(self):
        lab = self.lab
        cluster = ",".join(f"m{other.number}=http://{other.peer}:2380" for other in lab.members)
        peer, client = f"http://{self.peer}:2380", f"http://{self.client}:2379"
        command = ["ip", "netns", "exec", lab.space(self.number), "etcd", "--data-dir", self.data]
        command += ["--name", f"m{self.number}", "--initial-cluster", cluster, "--initial-cluster-state", "new"]
        command += ["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer]
        command += ["--listen-client-urls", client, "--advertise-client-urls", client]
        command += ["--heartbeat-interval", str(lab.heartbeat_ms), "--election-timeout", str(lab.election_ms)]
        if lab.pre_vote:
            command.append("--pre-vote")
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        threading.Thread(target=self.read, args=(self.process.stderr,), daemon=True).start()

    def read(self, pipe):
        for raw in pipe:
            line = raw.decode(errors="replace").strip()
            stamp = re.match(r"(\d+-\d+-\d+ \d+:\d+:\d+)(\.\d+) ", line)
            at = time.time()
            if stamp:
                at = time.mktime(time.strptime(stamp[1], "%Y-%m-%d %H:%M:%S")) + float("0" + stamp[2])
            own = re.search(r"starting member ([0-9a-f]+) in cluster", line)
            if own:
                self.lab.number_of[own[1]] = self.number
            self.log.append((at, line))

    def kill(self):
        # `ip netns exec` has become the process itself.
        self.process.kill()
        self.process.wait()


class Lab:
    def __init__(self, net, members, heartbeat_ms, election_ms, pre_vote=False, delay_ms=0):
        self.net, self.heartbeat_ms, self.election_ms, self.pre_vote = net, heartbeat_ms, election_ms, pre_vote
        self.tag = f"zf{net}"
        self.folder = f"{MEMORY}/{self.tag}"
        self.number_of = {}
        self.clean()
        os.makedirs(self.folder)
        self.switch = Switch([f"{self.tag}t{i}" for i in range(members)], delay_ms / 1000)
        bridge = f"{self.tag}br"
        shell(f"ip link add {bridge} type bridge; ip link set {bridge} up; ip addr add 10.{net}.1.254/24 dev {bridge}")
        self.members = [Member(self, i) for i in range(members)]
        for member in self.members:
            self.connect(member, bridge)
        self.switch.start()
        for member in self.members:
            member.start()

    def space(self, number):
        return f"{self.tag}n{number}"

    def connect(self, member, bridge):
        space = self.space(member.number)
        tap, outside, inside = (f"{self.tag}{kind}{member.number}" for kind in "tcd")
        connect(space, tap, member.peer)
        within = f"ip netns exec {space} ip"
        shell(f"ip link add {outside} type veth peer name {inside}; ip link set {inside} netns {space}")
        shell(f"ip link set {outside} master {bridge} up")
        shell(f"{within} addr add {member.client}/24 dev {inside}; {within} link set {inside} up")

    def clean(self):
        shell(f"pkill -9 -f 'data-dir {self.folder}/'", False)
        remove_hosts(self.tag)
        shell(f"ip link del {self.tag}br", False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def events(self, since, until=float("inf"), who=None):
        found = []
        for member in self.members:
            if who is None or member.number in who:
                found += [(at, member.number, line) for at, line in list(member.log) if since <= at <= until]
        return sorted(found)

    def leaders(self):
        """Who leads, as each member last said; a leader that is elected again is not always told."""
        said = {}
        for member in self.members:
            for _, line in reversed(member.log):
                leads = re.search(r"raft\.node: [0-9a-f]+ (?:elected|changed) leader .*?([0-9a-f]+) at term", line)
                if leads:
                    said[member.number] = self.number_of.get(leads[1])
                if leads or re.search(r"raft\.node: [0-9a-f]+ lost leader", line):
                    break
        return said

    def leader(self):
        """The one that all agree on; None while they do not."""
        said = list(self.leaders().values())
        return said[0] if len(said) == len(self.members) and len(set(said)) == 1 else None

    async def whole(self):
        for _ in range(1200):
            if self.leader() is not None:
                return self.leader()
            await asyncio.sleep(0.05)
        raise TimeoutError(f"no leader that all agree on: {self.leaders()}")

    def isolate(self, group):
        numbers = range(len(self.members))
        self.switch.cut.update((a, b) for a in numbers for b in numbers if (a in group) != (b in group))

    def heal(self):
        self.switch.cut.clear()


CAMPAIGN = "is starting a new election at term"
PUT = b'{"key":"Zm9v","value":"YmFy"}'


class Prober:
    """An open loop of puts, round robin; remembers when those that succeeded were done."""

    def __init__(self, members, every_s, timeout_s=1.0):
        self.hosts, self.every_s, self.timeout_s = [member.client for member in members], every_s, timeout_s
        self.done, self.stopped = [], False
        self.task = asyncio.ensure_future(self.run())

    async def run(self):
        at = time.time()
        number = 0
        while not self.stopped:
            asyncio.ensure_future(self.put(self.hosts[number % len(self.hosts)]))
            number += 1
            at += self.every_s
            await asyncio.sleep(max(0, at - time.time()))

    async def put(self, host):
        try:
            if await asyncio.wait_for(self.request(host), self.timeout_s):
                self.done.append(time.time())
        except (OSError, asyncio.TimeoutError):
            pass

    @staticmethod
    async def request(host):
        reader, writer = await asyncio.open_connection(host, 2379)
        try:
            head = f"POST /v3/kv/put HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(PUT)}\r\n\r\n"
            writer.write(head.encode() + PUT)
            return b" 200 " in await reader.readline()
        finally:
            writer.close()

    async def stop(self):
        self.stopped = True
        await self.task


def elected(lab, fault, who, until=float("inf")):
    """What those members did from the fault until one of them became leader; None when none did."""
    events = lab.events(fault, until, who)
    won = next(((at, i, line) for at, i, line in events if "became leader at term" in line), None)
    if won is None:
        return None
    at, leader, line = won
    term = int(line.rsplit(" ", 1)[1])
    before = [event for event in events if event[0] <= at]
    campaigns = [t for t, _, line in before if CAMPAIGN in line]
    terms = {line.rsplit(" ", 1)[1] for _, _, line in before if "became candidate at term" in line}
    ignored = [line for _, _, line in before if "ignored Msg" in line and "lease is not expired" in line]
    know = [t for t, _, line in events if re.search(rf"(elected|changed) leader .* at term {term}$", line)]
    return at, leader, {
        "t_elect_ms": ms(at - fault),
        "rounds": len(campaigns),
        "terms": len(terms),
        "lease_ignored_votes": len(ignored),
        "t_first_campaign_ms": ms(campaigns[0] - fault) if campaigns else "",
        "all_survivors_know_ms": ms(max([at, *know]) - fault),
    }


async def killed(lab, stalls):
    election_s = lab.election_ms / 1000
    await asyncio.sleep((2.5 + random.random()) * election_s)
    leader = await lab.whole()
    who = [member.number for member in lab.members if member.number != leader]
    fault = time.time()
    lab.members[leader].kill()
    prober = Prober([lab.members[i] for i in who], 0.01 if election_s <= 1 else 0.02)
    while time.time() < fault + 12 * election_s and not (prober.done and elected(lab, fault, who)):
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    await prober.stop()
    found = elected(lab, fault, who)
    lab.members[leader].start()
    await asyncio.sleep(0.5)
    await lab.whole()
    if found is None:
        return None
    at, _, row = found
    stall = stalls.worst_ms((fault, at))
    written = ms(min(prober.done) - fault) if prober.done else ""
    return {**row, "t_write_ms": written, "worst_stall_ms": stall, "valid": int(stall < lab.heartbeat_ms / 2)}


async def isolated(lab, stalls, count, with_leader):
    await asyncio.sleep(3 * lab.election_ms / 1000 + 2 * random.random())
    leader = await lab.whole()
    followers = [member.number for member in lab.members if member.number != leader]
    random.shuffle(followers)
    cut = [leader, *followers[: count - 1]] if with_leader else followers[:count]
    rest = [member.number for member in lab.members if member.number not in cut]
    # Each member is written to ten times a second, before the cut too.
    probers = [Prober([lab.members[i] for i in group], 0.1 / len(group)) for group in (rest, cut)]
    await asyncio.sleep(1.5)
    fault = time.time()
    lab.isolate(cut)
    await asyncio.sleep(6 + 3 * random.random())
    heal = time.time()
    lab.heal()
    await settled(lab, heal)
    for prober in probers:
        await prober.stop()
    row = {"hold_ms": ms(heal - fault), "cut_epoch": fault}
    at, now_leader = heal, leader
    if with_leader:
        found = elected(lab, fault, rest, heal)
        if found is None:
            return None
        at, now_leader, election = found
        down = [t for t, _, line in lab.events(fault, heal, [leader]) if "since quorum is not active" in line]
        written = [t for t in probers[0].done if t > at]
        row.update(election, campaigns_majority=election["rounds"])
        row["t_stepdown_old_leader_ms"] = ms(down[0] - fault) if down else ""
        row["t_write_ms"] = ms(min(written) - fault) if written else ""
    row["isolated_campaigns_before_heal"] = sum(CAMPAIGN in line for _, _, line in lab.events(fault, heal, cut))
    settled_at, healed = after_heal(lab, heal, now_leader, probers)
    row.update(healed)
    stall = stalls.worst_ms((fault, at), (heal, settled_at))
    return {**row, "worst_stall_ms": stall, "valid": int(stall < lab.heartbeat_ms / 2)}


def after_heal(lab, heal, leader, probers):
    """What a heal does to a healthy leader, and when that was over."""
    events = lab.events(heal)
    won = [(at, i) for at, i, line in events if "became leader at term" in line]
    deposed = [at for at, i, line in events if i == leader and "became follower at term" in line]
    know = [at for at, _, line in events if re.search(r"raft\.node: .* leader", line) and "lost" not in line]
    done = sorted(at for prober in probers for at in prober.done if at > heal - 0.5)
    gap = max((b - a for a, b in zip(done, done[1:])), default=0)
    return won[-1][0] if won else heal + 2, {
        "heal_leader_changes": len(won),
        "heal_campaigns": sum(CAMPAIGN in line for _, _, line in events),
        "heal_leader_stepped_down_ms": ms(deposed[0] - heal) if deposed else "",
        "heal_new_leader_ms": ms(won[-1][0] - heal) if won else "",
        "heal_to_all_agree_ms": ms(max(know) - heal) if know else "",
        "heal_max_write_gap_ms": ms(gap) if won else "",
        "final_leader_same_as_majority_leader": int(not won or won[-1][1] == leader),
    }


async def partly_cut(lab, stalls):
    await asyncio.sleep(3 * lab.election_ms / 1000 + 2 * random.random())
    leader = await lab.whole()
    follower = random.choice([member.number for member in lab.members if member.number != leader])
    prober = Prober(lab.members, 0.1 / len(lab.members))
    await asyncio.sleep(1.5)
    fault = time.time()
    lab.switch.cut.update([(leader, follower), (follower, leader)])
    await asyncio.sleep(60)
    heal = time.time()
    lab.heal()
    await settled(lab, heal)
    await prober.stop()
    during = lab.events(fault, heal)
    settled_at, healed = after_heal(lab, heal, leader, [prober])
    stall = stalls.worst_ms((heal, settled_at))
    return {
        "prevote": int(lab.pre_vote),
        "cut_ms": ms(heal - fault),
        "cut_epoch": fault,
        "campaigns_by_cut_follower": sum(CAMPAIGN in line for _, i, line in during if i == follower),
        "old_leader_stepdowns": sum("became follower" in line for _, i, line in during if i == leader),
        "leader_changes_during": sum("became leader" in line for _, _, line in during),
        **healed,
        "final_leader_same": healed["final_leader_same_as_majority_leader"],
        "worst_stall_ms": stall,
        "valid": int(stall < lab.heartbeat_ms / 2),
    }


async def quorum_lost(lab, stalls):
    await asyncio.sleep((3 + 2 * random.random()) * lab.election_ms / 1000)
    leader = await lab.whole()
    followers = [member for member in lab.members if member.number != leader]
    random.shuffle(followers)
    survives = random.random() < 0.5
    count = len(lab.members) // 2 + 1
    lost = followers[:count] if survives else [lab.members[leader], *followers[: count - 1]]
    alive = [member.number for member in lab.members if member not in lost]
    fault = time.time()
    for member in lost:
        member.process.kill()
    for member in lost:
        member.process.wait()
    await asyncio.sleep(14)
    back = time.time()
    first = random.choice(lost)
    first.start()
    prober = Prober([lab.members[i] for i in alive], 0.01)
    await asyncio.sleep(10 * lab.election_ms / 1000)
    await prober.stop()
    for member in lost:
        if member is not first:
            member.start()
    before, after = lab.events(fault, back, alive), lab.events(back)
    down = [at for at, i, line in before if i == leader and "since quorum is not active" in line]
    won = [at for at, _, line in after if "became leader at term" in line]
    stall = stalls.worst_ms((fault, fault + 3), (back, won[0] if won else back))
    return {
        "leader_survives": int(survives),
        "t_stepdown_ms": ms(down[0] - fault) if down else "",
        "campaigns_by_survivors": sum(CAMPAIGN in line for _, _, line in before),
        "loss_ms": ms(back - fault),
        "t_leader_after_first_restart_ms": ms(won[0] - back) if won else "",
        "t_write_after_first_restart_ms": ms(min(prober.done) - back) if prober.done else "",
        "worst_stall_ms": stall,
        "valid": int(stall < lab.heartbeat_ms / 2),
    }


async def settled(lab, heal):
    await asyncio.sleep(4)
    for _ in range(200):
        news = [at for at, _, line in lab.events(heal) if "became" in line or "leader" in line]
        if lab.leader() is not None and time.time() - max(news, default=heal) > 3:
            return
        await asyncio.sleep(0.1)


def set_up(name, net):
    kill = re.fullmatch(r"killed-(\d+)-(\d+)-(\d+)(-prevote)?(?:-delay([\d.]+))?", name)
    if kill:
        return Lab(net, int(kill[1]), int(kill[2]), int(kill[3]), bool(kill[4]), float(kill[5] or 0)), killed
    alone = re.fullmatch(r"leader-isolated-(\d+)-(\d+)-(\d+)(-prevote)?", name)
    if alone:
        lab = Lab(net, int(alone[1]), int(alone[2]), int(alone[3]), bool(alone[4]))
        return lab, lambda lab, stalls: isolated(lab, stalls, 1, True)
    several = re.fullmatch(r"isolated-(\d+)of(\d+)-(with-leader|followers)", name)
    if several:
        with_leader = several[3] == "with-leader"
        return Lab(net, int(several[2]), 100, 1000), lambda lab, stalls: isolated(lab, stalls, int(several[1]), with_leader)
    whole = re.fullmatch(r"(partial-cut|quorum-lost)-(\d+)(-prevote)?", name)
    if whole:
        return Lab(net, int(whole[2]), 100, 1000, bool(whole[3])), partly_cut if whole[1] == "partial-cut" else quorum_lost
    raise SystemExit(f"{name} is no set-up that is known")


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set_up")
    parser.add_argument("trials", type=int)
    parser.add_argument("out")
    parser.add_argument("--net", type=int, default=11, help="second byte of the addresses, 10.NET.0.0")
    asked = parser.parse_args()
    lab, trial = set_up(asked.set_up, asked.net)
    stalls = Stalls()
    stalls.start()
    rows = []
    try:
        await lab.whole()
        for number in range(1, asked.trials + 1):
            row = await trial(lab, stalls)
            if row is not None:
                rows.append({"trial": number, **row})
                save(asked.out, rows)
    finally:
        lab.clean()


if __name__ == "__main__":
    asyncio.run(main())
