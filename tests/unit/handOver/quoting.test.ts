import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { composeText, modelfileValue, oneLine, shellWord, slugOf, unitWord } from '#core/handOver/quoting.ts';

const hostile = [
  '/models/plain.gguf',
  '/models/with space.gguf',
  "/models/it's.gguf",
  '/models/"quoted".gguf',
  '/models/$HOME`id`$(id).gguf',
  '/models/100%h %% \\n.gguf',
  '/models/a\nb\tc.gguf',
  '/models/Größe 模型 \u{1f600}.gguf',
  '-rf',
  '#no: "comment" & [list] *star !tag | > ? {a}',
  '/models/\u0085\u2028\u001b[31m.gguf',
  ' spaces ',
  'trailing\\',
];

describe('a hostile name', () => {
  test.each(hostile)('is one word of a shell: %j', (name) => {
    // A word of its own: nothing is run, nothing is split.
    const seen = execFileSync('sh', ['-c', `printf '<%s>' ${shellWord(name)}`], { encoding: 'utf8' });
    expect(seen).toBe(`<${name}>`);
  });

  test.each(hostile)('is one word of a unit: %j', (name) => {
    const word = unitWord(name);
    expect(word).not.toMatch(/\n/);
    expect(readUnitWord(word)).toBe(name);
  });

  test.each(hostile)('is one scalar of a compose file: %j', (name) => {
    const read = parse(`- ${composeText(name)}\n`) as string[];
    expect(read).toHaveLength(1);
    expect(interpolated(read[0] ?? '')).toBe(name);
  });

  test.each(hostile)('is the value of a Modelfile or refused: %j', (name) => {
    const value = modelfileValue(name);
    if (value === null) expect(name).toMatch(/[\p{C}\p{Z}]/u);
    else expect(readModelfileValue(value)).toBe(name);
  });

  test('is no line of its own in a comment', () => {
    expect(oneLine('a\nFROM b\u2028c\r')).toBe('a FROM b c');
  });

  test('is a plain word as the name of a service', () => {
    expect(slugOf('Größe / ../../etc "Q4_K_M"')).toBe('gr-e-etc-q4-k-m');
    expect(slugOf('模型')).toBe('model');
    for (const name of ['null', 'On', 'No', '123', '2024-11-05', '1e3', '0x1F', 'model 3B']) {
      expect(Object.keys(parse(`${slugOf(name)}: 1`, { stringKeys: true, version: '1.1' }) as object)).toEqual([slugOf(name)]);
      expect(parse(`- ${slugOf(name)}`, { version: '1.1' })).toEqual([slugOf(name)]);
    }
    expect(slugOf(`${'a'.repeat(59)}-b`)).toHaveLength(59);
  });
});

/** As systemd reads a word of a command line: C escapes, `%%` and `$$`. */
function readUnitWord(word: string): string {
  const inner = word.startsWith('"') ? word.slice(1, -1) : word;
  const unescaped = inner.replace(/\\(?:u([0-9a-f]{4})|([nt"\\]))/g, (_all, code?: string, sign?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return sign === 'n' ? '\n' : sign === 't' ? '\t' : (sign ?? '');
  });
  if (/(?<!\$)\$(?:\$\$)*(?!\$)/.test(unescaped) || /(?<!%)%(?:%%)*(?!%)/.test(unescaped)) throw new Error(`not literal: ${word}`);
  return unescaped.replaceAll('%%', '%').replaceAll('$$', '$');
}

function interpolated(text: string): string {
  if (/(?<!\$)\$(?:\$\$)*(?!\$)/.test(text)) throw new Error(`a variable: ${text}`);
  return text.replaceAll('$$', '$');
}

function readModelfileValue(value: string): string {
  const trimmed = value.trim();
  return /^".*"$/s.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
}
