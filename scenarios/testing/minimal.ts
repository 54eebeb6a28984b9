/** A small valid scenario for tests, and a short way to load one. */
import { ScenarioError } from '../issue.ts';
import { type LoadedScenario, type LoadOptions, loadScenario } from '../load.ts';

export const MINIMAL = `version: 1
title: Lose one zone of three
topology:
  us-west: { region: us, zones: [a, b, c] }
nodes:
  manager: { count: 3 }
  worker: { count: 6, labels: { disk: ssd } }
systems:
  swarm: { members: manager }
  etcd: { members: manager }
timeline:
  - { at: 2m, zone-outage: us-west/b, for: 5m }
objectives:
  - etcd write availability from us-west >= 98%
run: { duration: 10m }
`;

/** The minimal scenario with one piece of text in place of another (which must be there). */
export function minimalWith(piece: string, other: string): string {
  if (!MINIMAL.includes(piece)) throw new Error(`the minimal scenario has no ${piece}`);
  return MINIMAL.replace(piece, () => other);
}

export function load(text: string, options: LoadOptions = {}): LoadedScenario {
  return loadScenario(text, { fileName: 'f.yaml', ...options });
}

/** The lines of the error that loading gives; fails when it gives none. */
export function errorsOf(text: string, options: LoadOptions = {}): string[] {
  try {
    load(text, options);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.split('\n');
    throw error;
  }
  throw new Error('expected a ScenarioError');
}
