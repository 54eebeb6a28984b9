/** What the schema expects at a path: for "did you mean" and for --set. */
import type * as z from 'zod';

type Schema = z.core.$ZodType;

interface Def {
  readonly type: string;
  readonly innerType?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly valueType?: Schema;
  readonly element?: Schema;
  readonly options?: readonly Schema[];
}

const WRAPPERS = new Set(['optional', 'default', 'prefault', 'nullable', 'nonoptional', 'readonly']);

function defOf(schema: Schema): Def {
  return schema._zod.def as unknown as Def;
}

/** The schemas that may stand at a place: wrappers and unions taken apart. */
function forms(schema: Schema): Schema[] {
  const def = defOf(schema);
  if (WRAPPERS.has(def.type)) return forms(def.innerType!);
  if (def.type === 'union') return def.options!.flatMap(forms);
  return [schema];
}

/** The schema one step further down, or undefined where the schema knows no such step. */
export function step(schema: Schema, key: string | number): Schema | undefined {
  for (const form of forms(schema)) {
    const def = defOf(form);
    if (def.type === 'object' && typeof key === 'string' && Object.hasOwn(def.shape!, key))
      return def.shape![key];
    if (def.type === 'record' && typeof key === 'string') return def.valueType;
    if (def.type === 'array' && typeof key === 'number') return def.element;
  }
  return undefined;
}

export function schemaAt(schema: Schema, path: readonly PropertyKey[]): Schema | undefined {
  let at: Schema | undefined = schema;
  for (const key of path) at = at === undefined || typeof key === 'symbol' ? undefined : step(at, key);
  return at;
}

/** The keys that a map there may have; undefined where any key may stand (or none). */
export function keysOf(schema: Schema): readonly string[] | undefined {
  for (const form of forms(schema)) {
    const def = defOf(form);
    if (def.type === 'object') return Object.keys(def.shape!);
  }
  return undefined;
}

/** Whether a map with names of the scenario's own, or a list, may stand there. */
export function holds(schema: Schema, kind: 'record' | 'array'): boolean {
  return forms(schema).some((form) => defOf(form).type === kind);
}
