import { describe, expect, it } from 'vitest';
import { modelFactsOf } from '#core/fit/modelFacts.ts';
import { processBytes } from '#core/fit/processBytes.ts';
import { frozenShape } from '../../fixtures/fit/frozenTable.ts';

const mebibyte = 2 ** 20;

/**
 * Resident memory of the runner after its first answer less weights and cache, in MiB: synthetic models of these shapes with their whole
 * vocabulary, batch of 128, one thread, Linux on x86, 2026-11-21.
 */
const measured = [
  { file: 'llama-3.2-1b.Q4_K_M', tokenizer: 'gpt2', mib: 355 },
  { file: 'llama-3.2-3b.Q4_K_M', tokenizer: 'gpt2', mib: 369 },
  { file: 'lfm2-1.2b.Q4_K_M', tokenizer: 'gpt2', mib: 264 },
  { file: 'gemma3-4b.Q4_K_M', tokenizer: 'llama', mib: 328 },
] as const;

describe("a process's own memory", () => {
  it.each(measured)('is what was measured within 15 % of itself: $file', async ({ file, tokenizer, mib }) => {
    const shape = await frozenShape(file);
    expect(Math.abs(processBytes(modelFactsOf({ ...shape, tokenizer })) / mebibyte / mib - 1)).toBeLessThan(0.15);
  });

  it('is smaller for a tokenizer without merges, by its name or, where that was not kept, by the family', async () => {
    const { tokenizer: _, ...shape } = await frozenShape('gemma3-4b.Q4_K_M');
    const of = (tokenizer?: string) => processBytes(modelFactsOf(tokenizer === undefined ? shape : { ...shape, tokenizer }));
    expect(of()).toBe(of('llama'));
    expect(of('no_vocab')).toBe(of('llama'));
    // 550 bytes for each of 262,144 pieces.
    expect(of('gpt2') - of('llama')).toBe(550 * 262_144);
  });
});
