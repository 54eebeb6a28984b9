import { describe, expect, it } from 'vitest';
import { nameLines, plotOf } from './rows.ts';

describe('names of rows', () => {
  it('are broken after the signs they are made of, and lose nothing', () => {
    const name = 'nodes.manager.count=7,systems.swarm.election-timeout=10s,topology.us-west.zones=abc';
    const lines = nameLines(name);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join('')).toBe(name);
  });

  it('are cut in the middle only past three lines', () => {
    const lines = nameLines(Array.from({ length: 40 }, (_, i) => `part-${i}`).join('.'));
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain('…');
    expect(lines[2]).toMatch(/part-39$/);
  });

  it('and figures leave the marks more than a third of the page, however long they are', () => {
    const { x0, x1 } = plotOf([{ name: 'n'.repeat(300), note: 'x', figures: ['f'.repeat(300)] }]);
    expect(x1 - x0).toBeGreaterThan(400);
  });
});
