// The coordinator's rule on its own: RethinkDB's unit tests (facts/conformance.md H2-H4, H6) and facts/consensus.md 3.14-3.17.
import { describe, expect, test } from 'vitest';
import { type ContractInputs, calculateContract, type Sees, visibleVoters } from './calculate-contract.ts';
import type { Contract, ContractAck } from './contract.ts';
import type { ServerId } from './server-id.ts';
import { type Branch, type Version, ZERO } from './version.ts';

const [alice, billy, carol] = [0, 1, 2];
const branch: Branch = { id: 'alice', origin: ZERO };
const at = (position: number, on: Branch = branch): Version => ({ branch: on, position });

const contract: Contract = {
  replicas: [alice, billy, carol],
  voters: [alice, billy, carol],
  tempVoters: null,
  primary: { server: alice, handOver: null },
  afterEmergencyRepair: false,
};
const orphaned: Contract = { ...contract, primary: null };

function ack(state: ContractAck['state'], version: Version | null = null): ContractAck {
  return { contractId: 'c', state, version, branch: null };
}

const everybody: Sees = () => true;
const without = (...pairs: [ServerId, ServerId][]): Sees => {
  return (observer, target) => !pairs.some(([o, t]) => o === observer && t === target);
};

function calculate(inputs: Partial<ContractInputs>): Contract {
  return calculateContract({
    config: { voters: [alice, billy, carol], nonVoters: [], primary: alice },
    contract,
    branch,
    acks: new Map([
      [alice, ack('primary-ready')],
      [billy, ack('secondary-streaming')],
      [carol, ack('secondary-streaming')],
    ]),
    sees: everybody,
    ...inputs,
  });
}

const needPrimary = (...positions: [ServerId, Version][]) =>
  new Map(positions.map(([server, version]) => [server, ack('secondary-need-primary', version)]));

describe('the primary is kept', () => {
  test('while everybody sees it', () => {
    expect(calculate({})).toEqual(contract);
  });

  test('H2: when only the coordinator cannot see it', () => {
    const sees = without([alice, alice], [alice, billy], [alice, carol]);
    expect(calculate({ sees })).toEqual(contract);
  });

  test('while half of four voters see it or are unseen themselves: but not when only half do', () => {
    const four = { ...contract, voters: [0, 1, 2, 3], replicas: [0, 1, 2, 3] };
    expect(visibleVoters(four, without([3, 0])).has(0)).toBe(true);
    expect(visibleVoters(four, without([3, 0], [2, 0])).has(0)).toBe(false);
    expect(visibleVoters(four, without([3, 0], [2, 0], [2, 2])).has(0)).toBe(true);
  });

  test('H6: when the coordinator cannot see a server that could testify (rethinkdb#4357)', () => {
    // Nine servers, three shards; of shard A the primary (0) is dead, and the link from replica 1 to the coordinator is lost.
    const shardA: Contract = { ...contract, replicas: [0, 1, 2], voters: [0, 1, 2] };
    const sees: Sees = (observer, target) => observer === 2 && target !== 0;
    expect(calculate({ contract: shardA, sees }).primary?.server).toBe(0);
    // Had replica 1 been visible, the primary would have gone.
    const whole: Sees = (observer, target) => observer !== 0 && target !== 0;
    expect(calculate({ contract: shardA, sees: whole }).primary).toBeNull();
  });
});

describe('the primary goes', () => {
  test('H3: when the other replicas do not see it either; there is none in that round', () => {
    const sees = without([alice, alice], [billy, alice], [carol, alice]);
    expect(calculate({ sees }).primary).toBeNull();
  });

  test('when it is to be no replica any more', () => {
    const config = { voters: [billy, carol], nonVoters: [], primary: billy };
    const without = { ...contract, voters: [billy, carol] };
    const next = calculate({ config, contract: without });
    expect(next.primary).toBeNull();
    expect(next.replicas).toEqual([billy, carol]);
  });
});

describe('a new primary', () => {
  const sees = without([alice, alice], [billy, alice], [carol, alice]);

  test('H4: is the most up to date', () => {
    const left = needPrimary([billy, at(100)], [carol, at(101)]);
    expect(calculate({ contract: orphaned, sees, acks: left }).primary?.server).toBe(carol);
    const right = needPrimary([billy, at(100)], [carol, at(99)]);
    expect(calculate({ contract: orphaned, sees, acks: right }).primary?.server).toBe(billy);
  });

  test('counts only what lies on the path of acknowledged writes', () => {
    const dead: Branch = { id: 'dead', origin: at(90) };
    const acks = needPrimary([billy, at(100)], [carol, at(200, dead)]);
    expect(calculate({ contract: orphaned, sees, acks }).primary?.server).toBe(billy);
  });

  test('needs reports from a majority of the voters', () => {
    expect(calculate({ contract: orphaned, sees, acks: needPrimary([billy, at(100)]) }).primary).toBeNull();
  });

  test('must be at least as up to date as more than half of the voters', () => {
    const five: Contract = { ...orphaned, voters: [0, 1, 2, 3, 4], replicas: [0, 1, 2, 3, 4] };
    const config = { voters: five.voters, nonVoters: [], primary: 0 };
    const acks = needPrimary([1, at(1)], [2, at(2)], [3, at(3)]);
    const blind = without([0, 0], [1, 0], [2, 0], [3, 0], [4, 0], [1, 3], [2, 3], [4, 3]);
    // Server 3 is the newest but nobody sees it; 2 is as new as only two of five.
    expect(calculate({ contract: five, config, acks, sees: blind }).primary).toBeNull();
    const seen = without([0, 0], [1, 0], [2, 0], [3, 0], [4, 0]);
    expect(calculate({ contract: five, config, acks, sees: seen }).primary?.server).toBe(3);
  });

  test('is the configured one if that is eligible, even where others are equally new', () => {
    const acks = needPrimary([alice, at(7)], [billy, at(7)], [carol, at(7)]);
    expect(calculate({ contract: orphaned, acks }).primary?.server).toBe(alice);
  });

  test('is not the configured one if that lags behind', () => {
    const acks = needPrimary([alice, at(6)], [billy, at(7)], [carol, at(7)]);
    expect(calculate({ contract: orphaned, acks }).primary?.server).toBe(carol);
  });

  test('waits for the configured one while that is visible but has not answered', () => {
    const acks = needPrimary([billy, at(7)], [carol, at(7)]);
    expect(calculate({ contract: orphaned, acks }).primary).toBeNull();
    expect(calculate({ contract: orphaned, acks, sees }).primary?.server).toBe(carol);
  });

  test('after an emergency repair needs every voter, and the longest history wins', () => {
    const repaired = { ...orphaned, afterEmergencyRepair: true };
    const two = needPrimary([alice, at(5)], [billy, at(9)]);
    expect(calculate({ contract: repaired, acks: two }).primary).toBeNull();
    const three = needPrimary([alice, at(5)], [billy, at(9)], [carol, at(3)]);
    expect(calculate({ contract: repaired, acks: three }).primary?.server).toBe(billy);
  });
});

describe('a configured primary that comes back', () => {
  const held: Contract = { ...contract, primary: { server: carol, handOver: null } };
  const acks = (of: ContractAck['state'], ofCarol: ContractAck['state'] = 'primary-ready') =>
    new Map([
      [alice, ack(of)],
      [billy, ack('secondary-streaming')],
      [carol, ack(ofCarol)],
    ]);

  test('is handed over to once it streams', () => {
    expect(calculate({ contract: held, acks: acks('secondary-backfilling') })).toEqual(held);
    const next = calculate({ contract: held, acks: acks('secondary-streaming') });
    expect(next.primary).toEqual({ server: carol, handOver: alice });
  });

  test('gets it when the old primary says that everything is there, and not before', () => {
    const handing = { ...held, primary: { server: carol, handOver: alice } };
    const early = calculate({ contract: handing, acks: acks('secondary-streaming', 'primary-in-progress') });
    expect(early).toEqual(handing);
    expect(calculate({ contract: handing, acks: acks('secondary-streaming') }).primary).toBeNull();
  });

  test('loses its turn when it vanishes meanwhile', () => {
    const handing = { ...held, primary: { server: carol, handOver: alice } };
    const sees = without([alice, alice], [billy, alice], [carol, alice]);
    const next = calculate({
      contract: handing,
      acks: acks('secondary-streaming', 'primary-in-progress'),
      sees,
    });
    expect(next.primary).toEqual({ server: carol, handOver: null });
  });
});

describe('other voters', () => {
  const config = { voters: [alice, billy, 3], nonVoters: [], primary: alice };

  test('are staged when the new replica streams, and take over when the primary says so', () => {
    const first = calculate({ config });
    expect(first.replicas).toEqual([alice, billy, carol, 3]);
    expect(first.tempVoters).toBeNull();
    const acks = new Map([
      [alice, ack('primary-ready')],
      [billy, ack('secondary-streaming')],
      [carol, ack('secondary-streaming')],
      [3, ack('secondary-streaming')],
    ]);
    const second = calculate({ config, contract: first, acks });
    expect(second.tempVoters).toEqual([alice, billy, 3]);
    const third = calculate({ config, contract: second, acks });
    expect(third.voters).toEqual([alice, billy, 3]);
    expect(third.tempVoters).toBeNull();
    expect(third.replicas).toEqual([alice, billy, 3]);
  });
});
