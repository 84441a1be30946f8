import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonValue, LabelledItem } from '#core/bench/labelledItem.ts';
import { type LongContextPlan, longContextItems } from '#core/bench/longContextItems.ts';
import { parseLabelledItems } from '#core/bench/parseLabelledItems.ts';
import { readGrader } from '#core/bench/readGrader.ts';
import type { Suite } from '#shared/contract/benchmarks.ts';

export interface LoadedSuite {
  readonly suite: Suite;
  readonly items: readonly LabelledItem[];
}

/** One entry of suites.json: its items lie in a file, or are made from a seed. */
export interface ShippedEntry {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Goes up with every change of an item. */
  readonly version: number;
  /** Of the items under this version; the tests hold the two together. */
  readonly sha256: string;
  readonly temperatures: readonly number[] | null;
  readonly maxTokens: number | null;
  readonly contextTokens?: number;
  /** For items that name none. */
  readonly grader: JsonValue;
  readonly file?: string;
  readonly longContext?: LongContextPlan;
}

/**
 * The labelled suites that ship, in the order of suites.json.
 * @param folder holds suites.json and the files it names
 * @throws {Error} where one is damaged: a broken installation
 */
export async function readShippedSuites(folder: string): Promise<readonly LoadedSuite[]> {
  const index = JSON.parse(await readFile(join(folder, 'suites.json'), 'utf8')) as { readonly suites: readonly ShippedEntry[] };
  return Promise.all(
    index.suites.map(async (entry) => {
      const items = entry.longContext === undefined ? await itemsInFile(entry, folder) : longContextItems(entry.longContext);
      const { id, name, description, version, temperatures, maxTokens, contextTokens = null } = entry;
      const wishes = { temperatures: temperatures === null ? null : [...temperatures], maxTokens, contextTokens };
      const facts = { id, name, description, version, ...wishes };
      return { suite: { ...facts, kind: 'labelled', itemCount: items.length, source: 'shipped', sha256: hashItems(items) }, items };
    }),
  );
}

async function itemsInFile(entry: ShippedEntry, folder: string): Promise<readonly LabelledItem[]> {
  const damaged = (what: string): Error => new Error(`The suite ${entry.id} that ships is damaged: ${what}`);
  const grader = entry.grader === null ? null : readGrader(entry.grader);
  if (grader?.ok === false) throw damaged(grader.message);
  const text = await readFile(join(folder, entry.file ?? `${entry.id}.jsonl`), 'utf8');
  const { items, problems } = parseLabelledItems(text, { grader: grader?.grader ?? null });
  const first = problems[0];
  if (first !== undefined) throw damaged(`line ${first.line}: ${first.message}`);
  return items;
}

/** What makes two sets the same: every field of every item, in their order. */
export function hashItems(items: readonly LabelledItem[]): string {
  return createHash('sha256').update(JSON.stringify(items)).digest('hex');
}
