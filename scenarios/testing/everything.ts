/** A scenario that uses every field of the schema at least once. */
export const EVERYTHING = `# yaml-language-server: $schema=../schema/v1.json
$schema: ../schema/v1.json
version: 1
title: Everything at once
description: >-
  Uses every field of the schema at least once.
topology:
  us-west: { region: us, zones: [a, b, c] }
  us-east:
    region: us
    zones: { a: [r1, r2], b: [] }
  london: { region: eu }
network:
  within-node: { one-way: 20us }
  within-rack: { rtt: 0.1ms, jitter: 10us, loss: 0.001%, bandwidth: 10Gbps }
  within-zone: { rtt: "lognormal(p50 0.3ms, p99 0.9ms)" }
  between-zones:
    rtt: lognormal(mean 1.2ms, p95 3ms)
  between-datacenters: { rtt: "normal(mean 70ms, sd 2ms)", loss: 0.0001 }
  between-regions: { rtt: "empirical(rtt.csv, column rtt_ms)" }
  matrix:
    file: rtt.csv
    names: { Dallas: us-west, London: london }
  links:
    - { between: [us-west, us-east], rtt: 70ms }
    - { from: manager-1, to: us-east/a, one-way: "uniform(30ms, 40ms)", jitter: 1ms, loss: 1%, bandwidth: 1Gbps }
nodes:
  manager:
    count: 5
    spread: zone
    in: [us-west, us-east/b]
    roles: [boss]
    labels: { disk: ssd, tier: 1, prod: true }
    fsync: lognormal(p50 2ms, p99 10ms)
    clock: { drift: 50ppm, offset: -5ms }
    cpu: 4
    memory: 16GiB
  dtr: { names: [alpha, beta, gamma], in: us-west }
  worker:
    placement: { us-west: 3, us-east/a/r1: 2, london: 1 }
    labels: { disk: hdd }
systems:
  swarm: { members: managers, profile: swarmkit-18.03, lost-quorum: 10s }
  etcd:
    members: managers
    learners: worker-1
    profile: etcd-3.4
    heartbeat: 100ms
    election: 2s
    pre-vote: true
    check-quorum: true
    initial-tick-advance: false
    deadlines: { write: 7s, read: 5s }
  rethink:
    members: [managers, dtr]
    heartbeat-timeout: 10s
    election-min: 1s
    election-max: 2s
    election-retry-max: 30s
    reconnect-min: 50ms
    reconnect-max: 15s
    reconnect-factor: 1.5
  lesson: { kind: raft, members: "worker-1, worker-2, worker-3", tick: 10ms, heartbeat: 50ms, election: 200ms, mode: paper, transport: datagram }
vantages: [region, datacenter, zone, manager-1]
timeline:
  - { name: dark, at: 2m, zone-outage: us-west/b, for: 5m }
  - { name: later, after: end of dark + 30s, kill: leader of etcd, for: 1m }
  - { after: start of later, stop: any two workers, for: 1m }
  - { at: 3m, delay: { between: [us-west, us-east], add-rtt: 500ms, multiply: 2, jitter: 5ms, shape: triangle }, for: 30s }
  - { at: 3m, delay: { target: manager-1, add-one-way: 10ms }, for: 30s }
  - { at: 4m, restart: followers of swarm, for: 10s }
  - { at: 5m, pause: minority of etcd, for: 20s }
  - { at: 6m, power-loss: managers in us-west/a, for: 1m }
  - { at: 7m, rack-outage: us-east/a/r1, for: 1m }
  - { at: 8m, datacenter-outage: us-east, for: 1m }
  - { at: 9m, region-outage: eu, for: 1m }
  - { at: 10m, cut: { from: us-west/a, to: us-west/b }, for: 1m }
  - { at: 11m, isolate: leader of swarm, for: 1m }
  - { at: 12m, partition: [[us-west/a, us-west/b], us-west/c], for: 1m }
  - { at: 13m, loss: { between: [us-west, us-east], share: 5% }, for: 1m }
  - { at: 14m, bandwidth: { target: "label:disk=ssd", limit: 10Mbps }, for: 1m }
  - { at: 15m, slow-disk: { target: majority of etcd, fsync: 4s }, for: 1m }
  - { at: 16m, clock-skew: { target: all except workers, drift: 500ppm, offset: -5s }, for: 1m }
  - { at: 17m, kill: worker-1, for: 10s, repeat: { every: 1m, times: 3 } }
  - { every: 1h, kill: worker-2, for: 10s }
faults:
  - { name: crashes, every: exponential(mean 90d), kill: any boss, for: "weibull(shape 0.7, scale 1h)" }
  - { every: "weibull(shape 1.5, mean 1y)", power-loss: each boss, for: 4h, reaction: 10m, crew: hands }
  - { every: exponential(mean 2y), zone-outage: each zone in us-west, for: 2h, common-cause: [{ name: building, group: [us-west/a, us-west/b], beta: 10% }] }
operators:
  crews: { hands: { size: 2 } }
  maintenance:
    - { name: patches, at: 5m, every: 10m, restart: [worker-1, managers], for: 1m, settle: 30s, window: 5m, guard: quorum }
  runbooks:
    - { force-new-cluster: swarm, no-quorum-for: 1m, reaction: 1m, for: 2m, rejoin: 1m, crew: hands }
    - { emergency-repair: rethink, for: 2m }
    - { restore: etcd, for: 2m }
objectives:
  - etcd write availability from us-west >= 50%
  - swarm failover detected p50 <= 30s
  - rethink-dtr write longest outage <= 10m
run: { duration: 30m, warm-up: 1m, seed: tuesday }
`;
