"""What the labs share: hosts as network namespaces, a switch between them, and a watch on the machine itself."""
import csv
import fcntl
import heapq
import os
import re
import select
import struct
import subprocess
import threading
import time

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
MEMORY = "/dev/shm"


def shell(command, check=True):
    quiet = subprocess.DEVNULL
    subprocess.run(command, shell=True, check=check, stdout=quiet, stderr=quiet)


class Switch(threading.Thread):
    """An Ethernet switch over TAP devices: a constant delay, and directed pairs between which frames vanish."""

    def __init__(self, devices, delay_s):
        super().__init__(daemon=True)
        self.delay_s = delay_s
        self.cut = set()
        self.port_of = {}
        self.queue = []
        self.frames = 0
        self.ports = [self.open(device) for device in devices]

    @staticmethod
    def open(device):
        port = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(port, TUNSETIFF, struct.pack("16sH", device.encode(), IFF_TAP | IFF_NO_PI))
        return port

    def run(self):
        poll = select.epoll()
        for port in self.ports:
            poll.register(port, select.EPOLLIN)
        index = {port: i for i, port in enumerate(self.ports)}
        while True:
            wait_s = max(0, self.queue[0][0] - time.monotonic()) if self.queue else 0.5
            for port, _ in poll.poll(wait_s):
                self.read(index[port])
            while self.queue and self.queue[0][0] <= time.monotonic():
                _, _, there, to, frame = heapq.heappop(self.queue)
                if (there, to) not in self.cut:
                    self.write(to, frame)

    def read(self, there):
        for _ in range(64):
            try:
                frame = os.read(self.ports[there], 70_000)
            except OSError:
                return
            self.port_of[frame[6:12]] = there
            to = None if frame[0] & 1 else self.port_of.get(frame[0:6])
            for port in range(len(self.ports)) if to is None else [to]:
                if port == there or (there, port) in self.cut:
                    continue
                if self.delay_s == 0:
                    self.write(port, frame)
                else:
                    self.frames += 1
                    heapq.heappush(self.queue, (time.monotonic() + self.delay_s, self.frames, there, port, frame))

    def write(self, port, frame):
        try:
            os.write(self.ports[port], frame)
        except OSError:
            pass


class Stalls(threading.Thread):
    """When the machine itself stood still."""

    def __init__(self):
        super().__init__(daemon=True)
        self.seen = []

    def run(self):
        last = time.time()
        while True:
            time.sleep(0.005)
            now = time.time()
            if now - last > 0.025:
                self.seen.append((now, now - last - 0.005))
            last = now

    def worst_ms(self, *spans):
        return ms(max([long for at, long in self.seen for a, b in spans if a <= at <= b], default=0))


def connect(space, tap, address):
    """A host: its namespace, and in it its port of the switch."""
    within = f"ip netns exec {space} ip"
    shell(f"ip netns add {space}; ip link set {tap} netns {space}; {within} link set lo up")
    shell(f"{within} addr add {address}/24 dev {tap}; {within} link set {tap} up")


def remove_hosts(tag):
    """Those that an earlier run with the same tag left."""
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True).stdout
    for space in re.findall(rf"^({tag}n\d+)", listed, re.MULTILINE):
        shell(f"ip netns del {space}", False)


def ms(seconds):
    return round(seconds * 1000, 2)


def save(path, rows):
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with open(f"{path}.part", "w", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    os.replace(f"{path}.part", path)
