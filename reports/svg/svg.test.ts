/** All tests that need d3-node, for loading it takes seconds (but those of study/pictures.test.ts). */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { D3Node } from 'd3-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../../sim/simulate.ts';
import { leaderOf, smallScenario } from '../../sim/testing.ts';
import { expectGolden } from '../testing/golden.ts';
import { calmRun, crowdedRun, hostileRun, quorumLossRun, threeZonesRun, yearRun } from '../testing.ts';
import { REPORT_FILES, writeReports } from '../write.ts';
import { timelineSvg } from './index.ts';

const MAKERS = { threeZonesRun, quorumLossRun, calmRun, crowdedRun, yearRun, hostileRun };
type Name = keyof typeof MAKERS;

/** The little of jsdom's elements that the tests look at. */
interface Element {
  readonly tagName: string;
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Element>;
  querySelector(selector: string): Element | null;
}

const svgs = new Map<Name, string>();
const parsed = new Map<Name, Element>();

function parseXml(text: string): Element {
  const { DOMParser } = new D3Node().window as unknown as {
    DOMParser: new () => { parseFromString(text: string, type: string): { documentElement: Element } };
  };
  // Throws on what is not well-formed.
  return new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
}

beforeAll(async () => {
  for (const [name, make] of Object.entries(MAKERS) as [Name, () => ReturnType<typeof calmRun>][]) {
    const svg = await timelineSvg(make());
    svgs.set(name, svg);
    parsed.set(name, parseXml(svg));
  }
});

const names = Object.keys(MAKERS) as Name[];

describe('timeline.svg', () => {
  it.each(['threeZonesRun', 'quorumLossRun', 'yearRun'] as const)('is as it was judged: %s', (name) => {
    expectGolden(
      `${name.replace('Run', '').replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}/timeline.svg`,
      svgs.get(name)!,
    );
  });

  it('is the same bytes again', async () => {
    expect(await timelineSvg(crowdedRun())).toBe(svgs.get('crowdedRun'));
  });

  it.each(names)('is well-formed and holds no script, no link and no font: %s', (name) => {
    const root = parsed.get(name)!;
    expect(root.tagName).toBe('svg');
    for (const tag of ['script', 'image', 'a', 'foreignObject', 'parsererror', 'use']) {
      expect(root.querySelector(tag), tag).toBeNull();
    }
    for (const element of root.querySelectorAll('*')) {
      expect(element.getAttribute('onload')).toBeNull();
      expect(element.getAttribute('href')).toBeNull();
    }
  });

  it.each(names)('is named by its finding: %s', (name) => {
    const root = parsed.get(name)!;
    expect(root.getAttribute('role')).toBe('img');
    const [title, desc] = root.getAttribute('aria-labelledby')!.split(' ');
    expect(root.querySelector('title')!.getAttribute('id')).toBe(title);
    expect(root.querySelector('desc')!.getAttribute('id')).toBe(desc);
    expect(root.querySelector('title')!.textContent).toMatch(/: .*(fail|keeps? working)/);
    expect(root.querySelector('desc')!.textContent).toMatch(/(failed|worked throughout)/);
  });

  it('says what stopped, for how long and why', () => {
    const root = parsed.get('threeZonesRun')!;
    expect(root.querySelector('title')!.textContent).toBe(
      'Lose one zone of three. Zone us-west/b loses power at 2:00: etcd fails for 6.4 s, rethink-dtr for 3.2 s; swarm and ' +
        'rethink-manager keep working. From us-west/b itself nothing works for 5 min 8 s.',
    );
    expect(root.querySelector('desc')!.textContent).toContain(
      'the leader manager-2 went down with zone us-west/b (fault 1); manager-1 noticed after 6.1 s',
    );
  });

  it('writes hostile names as text and drops what XML cannot hold', () => {
    const svg = svgs.get('hostileRun')!;
    expect(svg).toContain('&lt;script&gt;');
    expect(svg).not.toContain('<script');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are the point
    expect(svg).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(parsed.get('hostileRun')!.textContent).toContain('<script>alert(1)</script>&"\']]>');
  });

  it.each(names)('keeps all text inside the page, 11 px or larger: %s', (name) => {
    const root = parsed.get(name)!;
    const [, , width, height] = root.getAttribute('viewBox')!.split(' ').map(Number);
    for (const text of root.querySelectorAll('text')) {
      for (const x of text.getAttribute('x')!.split(' ').map(Number)) {
        expect(x).toBeGreaterThan(0);
        expect(x).toBeLessThan(width!);
      }
      expect(Number(text.getAttribute('y'))).toBeLessThan(height!);
    }
    const sizes = [...root.querySelector('style')!.textContent.matchAll(/font-size:(\d+)px/g)];
    expect(sizes.length).toBeGreaterThan(3);
    for (const [, size] of sizes) expect(Number(size)).toBeGreaterThanOrEqual(11);
  });

  it('rounds every coordinate to two decimals', () => {
    for (const svg of svgs.values()) {
      const drawn = svg.replace(/<(style|title|desc|text)[\s\S]*?<\/\1>/g, '');
      expect(drawn).not.toMatch(/\d\.\d{3,}/);
      expect(svg).not.toContain('NaN');
    }
  });

  it('has a letter or words for every state that is drawn in colour', () => {
    const text = parsed.get('quorumLossRun')!.textContent;
    for (const words of ['down 7 min', 'stale or reduced', 'no quorum: 1 of 3, 2 needed', 'leader, term 2']) {
      expect(text).toContain(words);
    }
  });

  it('shows a failover of four seconds in a year as wide as one in a minute', () => {
    const texts = [...parsed.get('yearRun')!.querySelectorAll('text')].map((each) => each.textContent);
    expect(texts).toContain('down 4.5 s');
    expect(texts).toContain('no leader 4 s');
    expect(texts).toContain('143 d 7 h');
  });

  it('numbers faults above and explains them below; one without effect is marked', () => {
    const root = parsed.get('quorumLossRun')!;
    const texts = [...root.querySelectorAll('text')].map((each) => each.textContent);
    expect(texts.filter((text) => text === '2')).toHaveLength(2);
    expect(texts).toContain(
      '5:00 to 6:00 (1 min), manager-1 is killed; no effect: manager-1 was already down (fault 1)',
    );
    expect([...root.querySelectorAll('.tag-edge')]).toHaveLength(2);
  });

  it('enlarges the gravest failovers and counts the others', () => {
    const texts = [...parsed.get('crowdedRun')!.querySelectorAll('text')].map((each) => each.textContent);
    expect(texts.filter((text) => text.startsWith('noticed after'))).toHaveLength(6);
    expect(texts.some((text) => /^\+ \d+ more failovers, none graver/.test(text))).toBe(true);
  });

  it('says that scheduling failed where no request did', async () => {
    const scenario = smallScenario({
      systems: [['swarm', 'swarmkit-20.10']],
      faults: [{ effect: { kind: 'kill', target: leaderOf('swarm') } }],
    });
    const svg = await timelineSvg(simulate(scenario, { seed: 1 }));
    expect(svg).toMatch(/noticed after [^<]* · scheduling failed for [\d.]+ s/);
    expect(svg).not.toMatch(/requests failed/);
  });

  it('summarises nodes in no system that never change, and gives the others a lane', () => {
    const texts = [...parsed.get('threeZonesRun')!.querySelectorAll('text')].map((each) => each.textContent);
    expect(texts.filter((text) => text === '+ 4 workers, all up')).toHaveLength(2);
    expect(texts).toContain('4 workers');
  });

  it('shortens long names to what tells them apart, and says so', () => {
    const text = parsed.get('crowdedRun')!.textContent;
    expect(text).toContain('names of nodes without “prod-usw2-” and “.internal.example.com”');
    expect(text).toContain('manager-07');
  });

  it('does not call it an election while there is no quorum', () => {
    const texts = [...parsed.get('quorumLossRun')!.querySelectorAll('text')].map((each) => each.textContent);
    expect(texts.some((text) => text?.startsWith('no quorum for 7 min · ') === true)).toBe(true);
    expect(texts.every((text) => text?.startsWith('elect ') === false)).toBe(true);
  });

  it('stays small however much happens', () => {
    for (const svg of svgs.values()) expect(svg.length).toBeLessThan(100_000);
  });
});

describe('writeReports', () => {
  it('writes the picture with the other files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zonefall-svg-'));
    try {
      await writeReports(threeZonesRun(), folder, { version: '0.1.0', wallClock: null });
      expect(readdirSync(folder).toSorted()).toEqual([...REPORT_FILES].toSorted());
      expect(readFileSync(join(folder, 'timeline.svg'), 'utf8')).toBe(svgs.get('threeZonesRun'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a run with far too much in it', () => {
  it('is bounded in lanes, marks and size', async () => {
    const run = crowdedRun();
    const zones = run.scenario.world.nodes.map((node) => node.place);
    const members = Array.from({ length: 200 }, (_, i) => `extra-${i}`);
    const big = {
      ...run,
      scenario: {
        ...run.scenario,
        world: {
          ...run.scenario.world,
          nodes: [
            ...run.scenario.world.nodes,
            ...members.map((name, i) => ({ ...run.scenario.world.nodes[0]!, name, place: zones[i % 3]! })),
          ],
        },
      },
      // Each flaps two thousand times.
      members: [
        ...run.members,
        ...members.flatMap((node) =>
          Array.from({ length: 2_000 }, (_, k) => ({
            system: 'swarm',
            group: '',
            node,
            fromUs: k * 3_600_000,
            toUs: (k + 1) * 3_600_000,
            state: k % 2 === 0 ? ('follower' as const) : ('down' as const),
            term: 2,
            cutOff: false,
          })),
        ),
      ],
    };
    const svg = await timelineSvg(big);
    expect(svg.length).toBeLessThan(3_000_000);
    expect(parseXml(svg).textContent).toMatch(/\+ \d+ more lanes, see timeline\.csv/);
  });
});
