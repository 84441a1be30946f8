import { readFileSync } from 'node:fs';
import { readName } from '../src/core/names/readName.ts';

/** Milliseconds to explain 1,000 real names, best and median of many rounds. The mark is 50. */
const nameCount = 1000;
const rounds = 30;

const rows = readFileSync(new URL('../tests/fixtures/names.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as { id?: string; file?: string; repo?: string });
const known = rows.map(({ id, repo, file }) => id ?? (repo === undefined ? (file ?? '') : `${repo}/${file}`));
const names = Array.from({ length: nameCount }, (_, index) => known[index % known.length] ?? '');

const timesMs: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const startedAtMs = performance.now();
  for (const name of names) readName(name);
  timesMs.push(performance.now() - startedAtMs);
}
const [first = Number.NaN] = timesMs;
const sorted = timesMs.toSorted((a, b) => a - b);
console.log(
  `1,000 names: first round ${first.toFixed(1)} ms, median ${sorted[rounds >> 1]?.toFixed(1)} ms, best ${sorted[0]?.toFixed(1)} ms`,
);
