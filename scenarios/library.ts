/** The shipped scenarios and templates: what there is, and which is meant by a name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nearest } from './nearest.ts';
import { parseYaml } from './yaml/parse.ts';

export interface LibraryEntry {
  /** Usable without folder and extension: `three-zones-3-managers`. */
  readonly name: string;
  /** `placements`, `latency`, `lessons`, `world`; '' for templates. */
  readonly folder: string;
  readonly path: string;
}

export interface DescribedEntry extends LibraryEntry {
  readonly title: string;
  /** The first sentence of the description. */
  readonly summary: string;
  /** `fail` where the story is a limit that does not hold (exit code 1): a comment at the top of the file says so. */
  readonly expected: 'pass' | 'fail';
}

/** `spikes-at-40ms` before `spikes-at-100ms`. */
const byNumber = new Intl.Collator('en', { numeric: true });

/** The folder in the sources, and where the bundle in dist/ finds it. */
function folderOf(name: 'library' | 'templates'): string {
  const candidates = [`./${name}`, `../scenarios/${name}`].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined)
    throw new Error(`the folder of shipped scenarios is missing: ${candidates.at(-1)}`);
  return found;
}

function entriesOf(root: 'library' | 'templates'): LibraryEntry[] {
  const folder = folderOf(root);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.yaml'))
    .sort(byNumber.compare)
    .map((path) => ({
      name: path.replace(/^.*\//, '').replace(/\.yaml$/, ''),
      folder: path.includes('/') ? path.slice(0, path.indexOf('/')) : '',
      path: `${folder}/${path}`,
    }));
}

function described(entry: LibraryEntry): DescribedEntry {
  const text = readFileSync(entry.path, 'utf8');
  const { value } = parseYaml(text, entry.path).root;
  const { title, description } = value as { title?: string; description?: string };
  const expected = /^# Expected outcome: fail\b/m.test(text) ? 'fail' : 'pass';
  return { ...entry, title: title ?? entry.name, summary: firstSentence(description ?? ''), expected };
}

function firstSentence(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(?<=[.?!]) (?=[A-Z])/, 1)[0]!;
}

/** Names only, without reading a file: for completion in shells. */
export function names(): string[] {
  return entriesOf('library').map(({ name }) => name);
}

export function templateNames(): string[] {
  return entriesOf('templates').map(({ name }) => name);
}

/** Every shipped scenario, by folder and name. */
export function list(): DescribedEntry[] {
  return entriesOf('library').map(described);
}

/** The shipped scenario of that name (`three-zones-3-managers`, also with folder or extension), or the nearest names. */
export function find(
  name: string,
): { entry: LibraryEntry } | { entry: undefined; nearest: string | undefined } {
  return findIn(entriesOf('library'), name);
}

/** The commented files of `zonefall init`. */
export function listTemplates(): DescribedEntry[] {
  return entriesOf('templates').map(described);
}

export function findTemplate(
  name: string,
): { entry: LibraryEntry } | { entry: undefined; nearest: string | undefined } {
  return findIn(entriesOf('templates'), name);
}

function findIn(
  entries: readonly LibraryEntry[],
  name: string,
): { entry: LibraryEntry } | { entry: undefined; nearest: string | undefined } {
  const bare = name.replace(/\.ya?ml$/, '');
  const entry = entries.find(
    (candidate) => candidate.name === bare || `${candidate.folder}/${candidate.name}` === bare,
  );
  if (entry !== undefined) return { entry };
  return {
    entry: undefined,
    nearest: nearest(
      bare.replace(/^.*\//, ''),
      entries.map((candidate) => candidate.name),
    ),
  };
}
