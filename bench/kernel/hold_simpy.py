"""The hold model on SimPy: each process waits one exponential step, again and again."""
import random
import sys
import time

import simpy

pending, holds = int(sys.argv[1]), int(sys.argv[2])
rng = random.Random(1)


steps = [rng.expovariate(1e-6) for _ in range(65536)]


def hold(env, at):
    while True:
        yield env.timeout(steps[at & 65535])
        at += 7


env = simpy.Environment()
for i in range(pending):
    env.process(hold(env, i))
for _ in range(2 * pending):
    env.step()
begin = time.perf_counter()
for _ in range(holds):
    env.step()
print(round(holds / (time.perf_counter() - begin)))
