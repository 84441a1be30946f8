import { describe, expect, it } from 'vitest';
import { adviseFit } from '#core/fit/adviseFit.ts';
import { FitInputError } from '#core/fit/checkFitInput.ts';
import { type FitEstimate, type FitMachine, type FitOptions, type KvType, kvTypes } from '#core/fit/fitTypes.ts';
import { type LoadWish, nextLoad, planLoad } from '#core/fit/planLoad.ts';
import { frozenShape } from '../../fixtures/fit/frozenTable.ts';

/** The same numbers on every run: a failure can be looked at again. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

const odd = [0, -1, 1, 1.5, 255, 1e3, 2 ** 31, 2 ** 53, 1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const files = ['llama-3.2-1b.Q4_K_M', 'gemma3n-e2b.Q8_0', 'qwen3.5-35b-a3b.Q4_0', 'deepseek-v2-lite.Q8_0', 'lfm2-1.2b.Q4_0'];

describe('whatever is asked, of whatever machine', () => {
  it.each(files)('the answer for %s is made of figures and words, or is a refusal in words', async (file) => {
    const shape = await frozenShape(file);
    const random = numbersFrom(file.length * 7919);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const size = (): number => (random() < 0.2 ? pick(odd) : Math.floor(random() * 64 * 2 ** 30));
    const count = (): number | null => (random() < 0.4 ? null : random() < 0.3 ? pick(odd) : Math.floor(random() * 60));
    let answered = 0;
    for (let round = 0; round < 150; round += 1) {
      const machine: FitMachine = {
        ramBytes: size(),
        ramAvailableBytes: size(),
        bandwidthBytesPerSecond: pick([null, 40e9, ...odd]),
        gpu: pick([
          null,
          {
            backend: pick(['cuda', 'vulkan', 'metal'] as const),
            vramBytes: size(),
            freeBytes: size(),
            unified: random() < 0.3,
            bandwidthBytesPerSecond: pick([null, 400e9, ...odd]),
            deviceCount: pick([1, 2, 3, ...odd]),
            largestBufferBytes: pick([null, 2 ** 27, 2 ** 32, ...odd]),
          },
        ]),
        calibration: {
          gpuOverheadBytes: pick([null, ...odd]),
          gpuOverheadSpreadBytes: pick([null, ...odd]),
          ramOffsetBytes: pick([null, ...odd]),
          gpuRamOffsetBytes: pick([null, ...odd]),
          cpuSpeedFactor: pick([null, ...odd]),
          gpuSpeedFactor: pick([null, ...odd]),
          loads: pick(odd),
        },
      };
      const wish: LoadWish = {
        contextTokens: random() < 0.2 ? pick(odd) : pick([null, 512, 4096]),
        kvType: pick<KvType | null>([null, ...kvTypes]),
        flashAttention: pick([null, true, false]),
        gpuLayers: count(),
        usualContextTokens: random() < 0.1 ? pick(odd) : 8192,
        mayShrink: random() < 0.7,
        projectorBytes: random() < 0.1 ? pick(odd) : 0,
      };
      const context = JSON.stringify({ machine, wish });
      try {
        const plan = planLoad(shape, machine, wish);
        answered += 1;
        expectSound(plan.fit, context);
        expect(plan.reasons.join(' '), context).not.toMatch(/NaN|Infinity|undefined|null|−/);
        const next = nextLoad(shape, machine, plan);
        if (next) expectSound(next.fit, context);
        const options: FitOptions = { ...plan.options, batchTokens: null };
        const advice = adviseFit(shape, machine, options);
        if (advice.ifOthersClosed) expectSound(advice.ifOthersClosed, context);
        if (advice.change) expect(advice.change.words, context).not.toMatch(/NaN|Infinity|undefined|−/);
      } catch (error) {
        if (!(error instanceof FitInputError)) throw error;
        expect(error.message.length, context).toBeGreaterThan(10);
      }
    }
    expect(answered).toBeGreaterThan(15);
  });
});

function expectSound(fit: FitEstimate, context: string): void {
  const { tokensPerSecond: speed } = fit;
  const numbers = [
    ...Object.values(fit.bytes),
    ...fit.buffers.flatMap(({ device: _, ...bytes }) => Object.values(bytes)),
    fit.range.low,
    fit.range.high,
    fit.maxContext ?? 0,
    ...(speed ? [speed.low, speed.estimate, speed.high] : []),
  ];
  expect(numbers.every((value) => Number.isFinite(value) && value >= 0) ? 'sound' : JSON.stringify(fit), context).toBe('sound');
}
