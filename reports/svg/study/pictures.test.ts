/** The pictures of many runs, realistic and hostile. (With svg.test.ts the only tests that need d3-node: it takes seconds to load.) */
import { D3Node } from 'd3-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectGolden } from '../../testing/golden.ts';
import * as studies from '../../testing/studies.ts';
import { textWidth } from '../text-width.ts';
import * as pictures from './index.ts';

/** The little of jsdom's elements that the tests look at. */
interface Element {
  readonly tagName: string;
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Element>;
  querySelector(selector: string): Element | null;
}

type Draw = (data: unknown) => Promise<string>;

/** By name of the study: `zonesNines` is drawn by `ninesSvg`. */
const CASES = Object.entries(studies).map(([name, make]) => {
  const drawer = Object.entries(pictures).find(([svg]) =>
    name.toLowerCase().endsWith(svg.replace('Svg', '').toLowerCase()),
  );
  return { name, draw: () => (drawer![1] as Draw)((make as () => unknown)()) };
});
const names = CASES.map(({ name }) => name);
const svgs = new Map<string, string>();
const roots = new Map<string, Element>();

function parseXml(text: string): Element {
  const { DOMParser } = new D3Node().window as unknown as {
    DOMParser: new () => { parseFromString(text: string, type: string): { documentElement: Element } };
  };
  // Throws on what is not well-formed.
  return new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
}

beforeAll(async () => {
  for (const { name, draw } of CASES) {
    const svg = await draw();
    svgs.set(name, svg);
    roots.set(name, parseXml(svg));
  }
}, 60_000);

function textsOf(name: string): string[] {
  return [...roots.get(name)!.querySelectorAll('text')].map(({ textContent }) => textContent);
}

function titleOf(name: string): string {
  return roots.get(name)!.querySelector('title')!.textContent;
}

/** Where a text lies, in the widest of the fonts that it may be drawn in. */
function boxOf(text: Element): { x0: number; x1: number; y0: number; y1: number; words: string } {
  const classes = (text.getAttribute('class') ?? '').split(' ');
  const size = classes.includes('t1') ? 19 : classes.includes('h') ? 13 : classes.includes('s') ? 11 : 12;
  const bold = ['t1', 'h', 'b'].some((each) => classes.includes(each));
  const width = textWidth(text.textContent, size, bold);
  const x = Number(text.getAttribute('x'));
  const y = Number(text.getAttribute('y'));
  const x0 = classes.includes('mid') ? x - width / 2 : classes.includes('end') ? x - width : x;
  return { x0, x1: x0 + width, y0: y - size * 0.72, y1: y + size * 0.2, words: text.textContent };
}

describe('pictures of many runs', () => {
  it.each(names.filter((name) => name.startsWith('zones')))('is as it was judged: %s', (name) => {
    expectGolden(`zones/${name.replace('zones', '').toLowerCase()}.svg`, svgs.get(name)!);
  });

  it.each(CASES)('is the same bytes again: $name', async ({ name, draw }) => {
    expect(await draw()).toBe(svgs.get(name));
  });

  it.each(names)('is named by its finding and holds no script, link or font: %s', (name) => {
    const root = roots.get(name)!;
    expect(root.tagName).toBe('svg');
    expect(root.getAttribute('role')).toBe('img');
    const [title, desc] = root.getAttribute('aria-labelledby')!.split(' ');
    expect(root.querySelector('title')!.getAttribute('id')).toBe(title);
    expect(root.querySelector('desc')!.getAttribute('id')).toBe(desc);
    expect(root.querySelector('desc')!.textContent.length).toBeGreaterThan(40);
    for (const tag of ['script', 'image', 'a', 'foreignObject', 'parsererror', 'use'])
      expect(root.querySelector(tag), tag).toBeNull();
  });

  it.each(names)('keeps every text on the sheet, and none touches another: %s', (name) => {
    const root = roots.get(name)!;
    const [, , width, height] = root.getAttribute('viewBox')!.split(' ').map(Number);
    const boxes = [...root.querySelectorAll('text')].map(boxOf).toSorted((a, b) => a.y0 - b.y0);
    boxes.forEach((box, i) => {
      expect(box.x0, box.words).toBeGreaterThanOrEqual(0);
      expect(box.x1, box.words).toBeLessThanOrEqual(width!);
      expect(box.y0, box.words).toBeGreaterThanOrEqual(0);
      expect(box.y1, box.words).toBeLessThanOrEqual(height!);
      for (const other of boxes.slice(i + 1)) {
        if (other.y0 >= box.y1) break;
        const touch = box.x0 < other.x1 && other.x0 < box.x1;
        expect(touch, `"${box.words}" and "${other.words}"`).toBe(false);
      }
    });
  });

  it.each(names)('rounds every figure: %s', (name) => {
    const svg = svgs.get(name)!;
    const drawn = svg.replace(/<(style|title|desc|text)[\s\S]*?<\/\1>/g, '');
    expect(drawn).not.toMatch(/\d\.\d{3,}/);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|null|e-\d/);
  });

  it('writes hostile names as text', () => {
    const hostile = names.filter((name) => name.startsWith('crowded'));
    expect(hostile.length).toBeGreaterThan(2);
    for (const name of hostile) expect(svgs.get(name)).toContain('Everything &lt;at once&gt; &amp; "more"');
  });
});

describe('the distribution of downtime', () => {
  it('answers in its title', () => {
    expect(titleOf('zonesDistribution')).toBe(
      'Three zones or one? No run goes beyond the limit for swarm writes with three zones, 88 % of them with one zone',
    );
    expect(titleOf('zeroDistribution')).toContain('Nothing was down in any run');
  });

  it('names every variant that breaks the limit as often', () => {
    expect(titleOf('evenDistribution')).toContain(
      'No run goes beyond the limit for swarm writes with three zones, 15 % of them with one zone and two zones',
    );
  });

  it('stacks what lies close together, within the values and on its side of the limit', () => {
    const root = roots.get('evenDistribution')!;
    const limit = Number(/M([\d.]+)/.exec(root.querySelector('g .limit')!.getAttribute('d') ?? '')?.[1]);
    const circles = [...root.querySelectorAll('circle')].slice(0, 60);
    const columns = new Set(circles.map((circle) => circle.getAttribute('cx')));
    // A minute and some seconds, five hours, three hours: on each row no more than the bins that they take.
    expect(columns.size).toBeLessThanOrEqual(10);
    for (const circle of circles) {
      const isBeyond = circle.getAttribute('class')!.startsWith('ring');
      if (limit > 0) expect(Number(circle.getAttribute('cx')) > limit).toBe(isBeyond);
    }
  });

  it('has as many dots a row as it says, rings beyond the limit', () => {
    const root = roots.get('zonesDistribution')!;
    // Six rows of fifty, and one of each kind in the key.
    expect([...root.querySelectorAll('circle')]).toHaveLength(6 * 50 + 2);
    const beyond = [...root.querySelectorAll('circle.ring')].length - 1;
    // 88 %, 64 %, 54 % and 17 % of fifty.
    expect(Math.abs(beyond - 111.5)).toBeLessThanOrEqual(2);
  });

  it('does not stretch a run of ten minutes to a year', () => {
    expect(textsOf('oneRunDistribution').join(' ')).toContain('in a run of 10 min');
    expect(textsOf('oneRunDistribution').join(' ')).not.toContain('a year');
  });
});

describe('the nines', () => {
  it('answers in its title', () => {
    expect(titleOf('zonesNines')).toContain(
      'Limits are kept with three zones, broken with one zone, not certain yet with two zones',
    );
  });

  it('labels its axis in nines, as a percentage and as time a year', () => {
    const texts = textsOf('zonesNines');
    for (const label of ['4 nines', '99.99 %', '52.6 min']) expect(texts).toContain(label);
    const far = textsOf('farApartNines');
    for (const label of ['1 nine', '9 nines']) expect(far).toContain(label);
  });

  it('has no time on the axis where scripts differ in length, and ranks them by their times', () => {
    const texts = textsOf('scriptsNines');
    expect(texts).toContain('81.00 % · 1 min 54 s over the whole script');
    expect(texts).toContain('96.83 % · 1 min 54 s over the whole script');
    expect(texts).toContain('limit 50 %');
    expect(texts.join(' ')).toContain('Shares are of runs that differ in length');
    expect(texts).not.toContain('a run');
    expect(texts).not.toContain('a year');
    // By share the longest run has the most nines, though it is down longest.
    expect(titleOf('scriptsNines')).toContain(
      'etcd writes: 1 min 54 s over the whole script with ten minutes, 10 min with a day',
    );
    const dots = textsOf('scriptsDistribution');
    expect(dots.filter((text) => text.endsWith('always 1 min 54 s'))).toHaveLength(2);
    // 114 s are beyond 15 % of ten minutes, and not of an hour.
    expect(titleOf('scriptsDistribution')).toContain(
      'No run goes beyond the limit for etcd writes with 60 minutes, 100 % of them with 10 minutes',
    );
  });

  it('gives a bound, not 100 %, where nothing failed', () => {
    const texts = textsOf('zonesNines');
    expect(texts).toContain('nothing failed in 400 runs · pass');
    expect(texts).toContain('below 1 min 13 s a year, over 99.99977 %');
    expect(texts.some((text) => text.startsWith('100 %'))).toBe(false);
  });

  it('says whether the exact answer agrees', () => {
    expect(textsOf('zonesNines')).toContain('exact by failures alone 99.951 %, agrees');
    expect(textsOf('zonesNines')).toContain('exact by failures alone 99.99984 %, not met here');
  });

  it('has no interval where one run gives none', () => {
    expect(textsOf('oneRunNines')).toContain('1 run: too few for an interval');
  });
});

describe('paired differences', () => {
  it('says better, worse or cannot tell yet, and what it would take', () => {
    const texts = textsOf('zonesDifferences');
    for (const words of [
      'better · −4 h 28 min',
      'worse · +3 min 9 s',
      // What no run knows an end of has no mark that runs off the plot.
      'cannot tell yet',
      'too few failovers: about 210 more runs',
    ])
      expect(texts).toContain(words);
    expect(textsOf('crowdedDifferences')).toContain('about 123,456 more runs would tell');
  });

  it('has the exact difference beside that of the runs, and tells it where they know less', () => {
    const texts = textsOf('zonesDifferences');
    for (const words of [
      'better, exact · −6 min 19 s',
      'by runs −4 min 44 s to +2 min 38 s',
      'which have met less of it',
      'exact +3 min 41 s, agrees',
      'exact by failures alone',
    ])
      expect(texts).toContain(words);
  });

  it('answers in its title', () => {
    expect(titleOf('zonesDifferences')).toContain(
      'Against one zone: two zones is better throughout (in part by exact analysis); three zones is better for swarm writes and worse for etcd writes',
    );
    expect(titleOf('zeroDifferences')).toContain('these runs cannot tell yet what is better');
  });
});

describe('differences of files, told by their titles', () => {
  it('names all of them in full, and says who says that they are better', () => {
    expect(titleOf('titledDifferences')).toContain(
      'Against Three zones, 3 managers, 3 DTR replicas: Three zones, 5 managers, 3 DTR replicas and Three zones, 7 managers, 3 DTR replicas are better throughout by exact analysis',
    );
    expect(textsOf('titledDifferences').join(' ')).not.toContain('…');
  });

  it('has no panel of what cannot be drawn, but a line', () => {
    const texts = textsOf('titledDifferences');
    expect(texts).not.toContain('etcd failover, p99');
    expect(texts).toContain(
      'Left out, for there are too few failovers to tell: etcd failover, p99 (about 57 to 68 more runs).',
    );
  });
});

describe('the Pareto front', () => {
  it('says what to take and why', () => {
    expect(titleOf('zonesPareto')).toContain(
      'Take manager 2+2+1, dtr 1+1+1, 11 min 34 s down a year: the cheapest that keeps every objective',
    );
    expect(titleOf('noOptionPareto')).toContain('No option was weighed');
  });

  it('numbers what nothing beats and the file as it stands, and lists them from the cheapest on', () => {
    const texts = textsOf('zonesPareto');
    // In both panels and in the table.
    expect(texts.filter((text) => text === '6')).toHaveLength(3);
    const costs = ['36,000', '48,000', '52,000', '64,000', '88,000', '104,000'];
    expect(texts.filter((text) => costs.includes(text)).slice(-6)).toEqual(costs);
    expect(texts).toContain('as it stands, beaten');
    // The runs never met what the exact answer knows of.
    expect(texts).toContain('1 min 6 s, not met');
    expect(texts.filter((text) => text.includes('1 min 6 s'))).toHaveLength(2);
    expect(texts).toContain('≥ 5.5 s');
    expect(textsOf('crowdedPareto')).toContain('never failed');
  });
});

describe('the Pareto front of counted nodes', () => {
  it('says nodes and not money, and claims no more of other options than the runs tell', () => {
    const texts = textsOf('countedPareto');
    expect(texts.filter((text) => text === 'nodes')).toHaveLength(2);
    expect(texts).not.toContain('cost a year');
    expect(titleOf('countedPareto')).toContain('with 6 nodes');
    expect(texts).toContain(
      'another option costs no more and is as good or better, as far as these runs tell',
    );
  });

  it('has the choice in the key as it is drawn', () => {
    const root = roots.get('countedPareto')!;
    // Not certain to keep the objectives: nothing is drawn as good.
    expect([...root.querySelectorAll('.f-good')]).toHaveLength(0);
  });

  it('has the exact answer at the cost of its option, joined to it', () => {
    const root = roots.get('countedPareto')!;
    const centre = (path: Element) => Number(/^M[\d.]+,([\d.]+)L/.exec(path.getAttribute('d')!)![1]);
    const drawn = [...root.querySelectorAll('path.ring.x-exact')].map(centre);
    const chosen = [...root.querySelectorAll('circle')].filter(
      (circle) => circle.getAttribute('class') === 'f-unsure',
    );
    // The point of the badge that has made room; another diamond is in the key.
    expect(chosen).toHaveLength(1);
    expect(drawn).toContain(Number(chosen[0]!.getAttribute('cy')));
  });
});

describe('the tornado', () => {
  it('has the strongest input first, whatever the order of the rows', () => {
    const inputs = textsOf('zonesTornado').filter((text) => / (repair|every|loss|election)$/.test(text));
    expect(inputs).toEqual(['zone repair', 'zone outages every', 'etcd election', 'between-zones loss']);
    expect(titleOf('zonesTornado')).toContain(
      'zone repair matters most for etcd writes: at 2 h, +57 min 51 s',
    );
  });

  it('claims nothing that the runs cannot tell', () => {
    expect(titleOf('zeroTornado')).toContain('1 input turned, and none makes a difference');
    expect(textsOf('zonesTornado')).toContain('0 %: −31.6 s, cannot tell yet');
  });
});

describe('importance', () => {
  it('names what to make safer', () => {
    expect(titleOf('zonesImportance')).toContain(
      'If us-west/a never failed, 62 % of the downtime of etcd writes would go',
    );
    expect(textsOf('zonesImportance')).toContain('exact 60 %');
    expect(titleOf('zeroImportance')).toContain('There is no downtime to remove');
  });
});

describe('convergence', () => {
  it('says whether the goal is reached', () => {
    expect(titleOf('zonesConvergence')).toContain('Not as precise as wanted after 400 runs: ');
    expect(titleOf('oneRunConvergence')).toContain('After 1 run there is no interval yet for etcd writes');
  });

  it('says when the runs have not met what exact analysis knows of', () => {
    expect(titleOf('missedConvergence')).toContain(
      'the exact answer is worse than the runs show for etcd writes',
    );
  });

  it('shows every estimate where it is, and holds none at the edge of the plot', () => {
    const root = roots.get('lateConvergence')!;
    const plot = [...root.querySelectorAll('rect.lane')][0]!;
    const bottom = Number(plot.getAttribute('y')) + Number(plot.getAttribute('height'));
    const estimate = [...root.querySelectorAll('path.thick.s-plain')].find((path) =>
      (path.getAttribute('d') ?? '').includes('L'),
    )!;
    const ys = [...estimate.getAttribute('d')!.matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y));
    expect(ys.length).toBeGreaterThan(4);
    for (const y of ys) expect(y).toBeLessThan(bottom - 3);
  });

  it('has a panel for each estimate, the least certain twelve at most', () => {
    expect(textsOf('zonesConvergence').filter((text) => text.startsWith('runs · '))).toHaveLength(6);
    expect(textsOf('crowdedConvergence').filter((text) => text.startsWith('runs · '))).toHaveLength(12);
    expect(textsOf('crowdedConvergence')).toContain('+ 12 more estimates, all more certain than these');
  });
});

describe('causes', () => {
  it('names the first cause where there is most downtime', () => {
    expect(titleOf('zonesCauses')).toContain(
      'zone-outage us-west/a makes 83 % of the downtime of swarm writes with one zone',
    );
  });

  it('names the system that the cause takes most from, where several are down about as long', () => {
    expect(titleOf('evenCauses')).toContain(
      'zone-outage each zone makes over 99 % of the downtime of swarm writes with one zone',
    );
  });

  it('says where a rarer cause, which the runs have not met, counts more than all that is drawn', () => {
    const texts = textsOf('zonesCauses');
    expect(texts.filter((text) => text.startsWith('exact '))).toEqual(['exact 4 min 44 s a year']);
    expect(texts).toContain('6.3 s a year met');
    expect(texts.join(' ')).toContain('Only what these runs met is shared out.');
    expect(textsOf('crowdedCauses').join(' ')).not.toContain('Only what these runs met');
  });

  it('gathers what has no look of its own', () => {
    const texts = textsOf('crowdedCauses');
    expect(texts.filter((text) => /^cause \d+ (?!.* makes )/.test(text))).toHaveLength(6);
    expect(texts).toContain('all other causes');
  });
});
