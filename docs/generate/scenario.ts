/** docs/reference/scenario.md from the schema of scenario files: every field with its meaning, default and examples. */
import { jsonSchema } from '../../scenarios/index.ts';

interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly unit?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** A map with fields of its own: one section of the page. */
interface Section {
  readonly path: string;
  readonly schema: Schema;
}

export function scenarioPage(): string {
  const root = jsonSchema() as Schema;
  const known = new Map(
    groups(sections({ path: '', schema: root })).flatMap(([first]) => [[fingerprint(first!), first!.path]]),
  );
  const lines = [
    '# Scenario files',
    '',
    '<!-- Made by npm run docs from the schema. Do not edit. -->',
    '',
    `YAML 1.2 (JSON is YAML too). Unknown keys are errors, with the nearest known one. ${sentence(root.description)} Fields in **bold** must be stated.`,
    '`zonefall schema` prints the same as JSON Schema, for [completion in editors](../how-to/complete-in-shell-and-editor.md).',
    'Texts with a grammar of their own: [durations, sizes and distributions](units.md), [selectors](selectors.md), [objectives](objectives.md).',
    '',
  ];
  for (const [section, ...alike] of groups(sections({ path: '', schema: root }))) {
    const { path, schema } = section!;
    lines.push(`## ${path === '' ? 'The file' : `\`${path}\``}`, '');
    if (alike.length > 0)
      lines.push(`The same for ${alike.map((other) => `\`${other.path}\``).join(', ')}.`, '');
    if (path !== '') lines.push(sentence(schema.description), '');
    if (path !== '' && schema.examples !== undefined) lines.push(examples(schema.examples), '');
    lines.push('| field | what | default | examples |', '|---|---|---|---|');
    for (const [name, field] of Object.entries(schema.properties!))
      lines.push(row(section!, name, field, alike, known));
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Sections with the same fields, the first of them first; defaults may differ. */
function groups(all: readonly Section[]): Section[][] {
  const found = new Map<string, Section[]>();
  for (const section of all) {
    const key = fingerprint(section);
    found.set(key, [...(found.get(key) ?? []), section]);
  }
  return [...found.values()];
}

function fingerprint({ schema }: Pick<Section, 'schema'>): string {
  return JSON.stringify(
    Object.entries(schema.properties!).map(([name, { description }]) => [name, description]),
  );
}

/** Depth first: a section, then those of its fields. */
function sections(section: Section): Section[] {
  const below = Object.entries(section.schema.properties ?? {}).flatMap(([name, field]) =>
    sectionsOf(section.path === '' ? name : `${section.path}.${name}`, field),
  );
  return section.schema.properties === undefined ? below : [section, ...below];
}

function sectionsOf(path: string, schema: Schema): Section[] {
  if (schema.properties !== undefined) return sections({ path, schema });
  if (typeof schema.additionalProperties === 'object')
    return sectionsOf(`${path}.NAME`, { ...schema.additionalProperties });
  if (schema.items?.properties !== undefined) return sectionsOf(`${path}[]`, schema.items);
  return [];
}

function row(
  section: Section,
  name: string,
  field: Schema,
  alike: readonly Section[],
  known: ReadonlyMap<string, string>,
): string {
  const path = section.path === '' ? name : `${section.path}.${name}`;
  const label = section.schema.required?.includes(name) ? `**\`${name}\`**` : `\`${name}\``;
  const own = sectionsOf(path, field)[0];
  const elsewhere = own === undefined ? undefined : known.get(fingerprint(own));
  const link = elsewhere === undefined ? '' : ` See [\`${elsewhere}\`](#${anchor(elsewhere)}).`;
  const what = [sentence(field.description), limits(field), unit(field)]
    .filter((part) => part !== '')
    .join(' ');
  const differs = alike.some(
    (other) => yaml(other.schema.properties![name]!.default) !== yaml(field.default),
  );
  const otherwise = differs ? 'see above' : field.default === undefined ? '' : cell(code(field.default));
  return `| ${label} | ${cell(what)}${link} | ${otherwise} | ${cell((field.examples ?? []).map(code).join(' or '))} |`;
}

function limits({ enum: choices, minimum, maximum }: Schema): string {
  if (choices !== undefined) return `One of ${choices.map((choice) => `\`${String(choice)}\``).join(', ')}.`;
  if (minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER)
    return `From ${minimum} to ${maximum}.`;
  return '';
}

function unit(field: Schema): string {
  return field.unit === undefined ? '' : `(${field.unit})`;
}

function examples(values: readonly unknown[]): string {
  return `For example ${values.map(code).join(' or ')}.`;
}

/** As one would write it in a file. */
function code(value: unknown): string {
  return `\`${yaml(value)}\``;
}

function yaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yaml).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, each]) => `${key}: ${yaml(each)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  if (value === '') return "''";
  return String(value);
}

function sentence(text: string | undefined): string {
  return text === undefined ? '' : text.trim();
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

/** As GitHub makes it of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}
