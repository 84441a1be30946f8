import { describe, expect, it } from 'vitest';
import type { FitMachine } from '#core/fit/fitTypes.ts';
import { engineQuestion, joinEngine } from '../../../src/renderer/fit/engineQuestion.ts';
import { fitAdvice, holderWords, type OtherQuant } from '../../../src/renderer/fit/fitAdvice.ts';
import { bytesRange, estimatedMeasured, gibibytesFine, loadAt } from '../../../src/renderer/fit/fitFigures.ts';
import { type FitPlan, fitOf } from '../../../src/renderer/fit/fitPlan.ts';
import { memoryBars } from '../../../src/renderer/fit/memoryBars.ts';
import { catalogHeader } from '../../fixtures/page/catalogData.ts';

const gib = 2 ** 30;
const subject = { shape: catalogHeader('unsloth/Qwen3-30B-A3B-GGUF', 'a.gguf', false).shape };
const ram = (availableGib: number, totalGib = 32): FitMachine => ({
  ramBytes: totalGib * gib,
  ramAvailableBytes: availableGib * gib,
  gpu: null,
  bandwidthBytesPerSecond: 41e9,
});
const withGpu = (machine: FitMachine, freeGib: number, vramGib = 24): FitMachine => ({
  ...machine,
  gpu: { backend: 'cuda', vramBytes: vramGib * gib, freeBytes: freeGib * gib, unified: false, bandwidthBytesPerSecond: 360e9 },
});

function planned(machine: FitMachine, contextTokens = 8192, kvType: FitPlan['kvType'] = 'f16') {
  const plan: FitPlan = { machine, contextTokens, kvType };
  const fit = fitOf(subject, plan);
  if (fit === null) throw new Error('no estimate');
  return { subject, plan, fit };
}

describe('advice', () => {
  it('is not given where it fits as well as it can', () => {
    expect(fitAdvice(planned(ram(28)))).toBeNull();
    expect(fitAdvice(planned(withGpu(ram(28), 23.5)))).toBeNull();
  });

  it('says what it needs and what is free, and that closing other apps would do', () => {
    const asked = planned(ram(12));
    const advice = fitAdvice(asked);
    expect(asked.fit.state).toBe('none');
    expect(advice?.problem).toBe(`It needs ${(asked.fit.bytes.ram / gib).toFixed(1)} GiB of RAM and 12.0 GiB is free.`);
    expect(advice).toMatchObject({ kind: 'none', wouldHelp: true, place: 'ram' });
    expect(advice?.ifClosed).toBe('If you close other apps, it fits in RAM.');
  });

  it('says that the GPU is too small where it is, and nothing of it where it shares the memory', () => {
    const asked = planned(withGpu(ram(6), 4, 6));
    expect(asked.fit).toMatchObject({ state: 'none', bytes: { gpu: 0 } });
    expect(fitAdvice(asked)?.problem).toMatch(/ of RAM and 6\.0 GiB is free\. The GPU cannot take enough of it\.$/);
    expect(fitAdvice(planned(ram(6)))?.problem).toMatch(/ of RAM and 6\.0 GiB is free\.$/);
  });

  it('says so where even closing all of them would not be enough', () => {
    const advice = fitAdvice(planned(ram(6, 8)));
    expect(advice).toMatchObject({ wouldHelp: false, ifClosed: 'Closing other apps would not be enough.' });
    expect(advice?.changes).toEqual([]);
  });

  it('offers the change of context and cache that makes it fit, and applying it does', () => {
    const long = 131_072;
    const asked = planned(ram(24), long);
    expect(['none', 'tight']).toContain(asked.fit.state);
    const [change] = fitAdvice(asked)?.changes ?? [];
    if (change === undefined) throw new Error('no change offered');
    const then = planned(ram(24), change.contextTokens ?? long, change.kvType ?? 'f16');
    expect(then.fit.state).toBe('cpu');
    expect(change.outcome).toBe(`RAM only, ${(then.fit.bytes.total / gib).toFixed(1)} GiB`);
    expect(change.words).toMatch(/^Use (?:[\d,]+ context|a q8_0 KV cache|[\d,]+ context and a q8_0 KV cache)$/);
  });

  it('offers a shorter context that would lie elsewhere: on the GPU what does not fit in RAM alone', () => {
    const asked = planned(withGpu(ram(10), 11, 12), 131_072);
    expect(asked.fit.state).toBe('none');
    const [change] = fitAdvice(asked)?.changes ?? [];
    if (change?.contextTokens == null) throw new Error('no context offered');
    expect(planned(withGpu(ram(10), 11, 12), change.contextTokens).fit.state).toBe('partial');
  });

  it('offers the largest smaller quant that fits', () => {
    const own = subject.shape.tensors.reduce((sum, { bytes, layers }) => sum + bytes * (layers?.length ?? 1), 0);
    const quants: OtherQuant[] = [0.3, 0.5, 0.6, 1.4].map((share) => ({
      file: `${share}.gguf`,
      name: `Q${share}`,
      sizeBytes: own * share,
    }));
    const free = (own * 0.5) / gib + 2.8;
    const offered = fitAdvice(planned(ram(free)), quants)?.changes.find(({ file }) => file !== null);
    expect(offered).toMatchObject({ words: 'Take Q0.5', file: '0.5.gguf', contextTokens: null, kvType: null });
  });

  it('has a word for a GPU that others fill, without calling it a problem', () => {
    const asked = planned(withGpu(ram(28), 6));
    expect(asked.fit.state).toBe('partial');
    expect(fitAdvice(asked)).toMatchObject({ kind: 'better', problem: null, place: 'gpu', changes: [] });
    expect(fitAdvice(asked)?.ifClosed).toBe('If you close other apps, it fits the GPU.');
  });

  it('names the largest holders of the memory that is short, and nobody where nobody holds much', () => {
    const holders = {
      ram: [
        { name: 'Firefox', bytes: 2.1 * gib, processes: 14 },
        { name: 'Slack', bytes: 0.9 * gib, processes: 7 },
        { name: 'code', bytes: 0.7 * gib, processes: 9 },
        { name: 'Mail', bytes: 0.6 * gib, processes: 1 },
      ],
      gpu: [{ name: 'compositor', bytes: 40 * 2 ** 20, processes: 1 }],
    };
    expect(holderWords(holders, 'ram')).toBe('Firefox 2.1 GiB, Slack 0.9 GiB, code 0.7 GiB');
    expect(holderWords(holders, 'gpu')).toBeNull();
  });
});

describe('the engine’s figure', () => {
  it('is asked for at the placement that the estimate chose', () => {
    const target = { artifactId: 'a' };
    expect(engineQuestion(target, planned(ram(28), 4096, 'q8_0'))).toEqual({
      target,
      backend: 'cpu',
      placement: { contextTokens: 4096, kvType: 'q8_0', flashAttention: true, batchTokens: 128, gpuLayers: 0, sequences: 1 },
    });
    const onGpu = planned(withGpu(ram(28), 12));
    expect(engineQuestion(target, onGpu)).toMatchObject({
      backend: 'cuda',
      placement: { batchTokens: 512, gpuLayers: onGpu.fit.gpuLayers },
    });
    const beyond = engineQuestion(target, planned(ram(28), 1_000_000));
    expect(beyond.placement.contextTokens).toBe(262_144);
  });

  it('takes the place of the computed bytes, and leaves the overhead', () => {
    const asked = planned(ram(28));
    const { placement } = engineQuestion({ artifactId: 'a' }, asked);
    const [buffer] = asked.fit.buffers;
    if (buffer === undefined) throw new Error('no buffer');
    const share = { weights: buffer.weights, kvAndState: buffer.kvAndState, compute: buffer.compute + 64 * 2 ** 20 };
    const engine = { backend: 'cpu', placement, gpu: { weights: 0, kvAndState: 0, compute: 0 }, ram: share } as const;
    const joined = joinEngine(asked, engine);
    expect(joined?.bytes.compute).toBe(asked.fit.bytes.compute + 64 * 2 ** 20);
    expect(joined?.bytes.weights).toBe(asked.fit.bytes.weights);
    expect(joined?.isExact).toBe(true);
  });

  it('changes nothing where it cannot be joined', () => {
    const asked = planned(ram(28));
    const { placement } = engineQuestion({ artifactId: 'a' }, asked);
    const hostile = { weights: Number.NaN, kvAndState: -1, compute: 0 };
    const engine = { backend: 'cpu', placement, gpu: hostile, ram: hostile } as const;
    expect(joinEngine(asked, engine)).toBeNull();
  });
});

describe('figures of memory', () => {
  it('are a range where they are computed, and one where both ends read the same', () => {
    expect(bytesRange({ low: 6.1 * gib, high: 6.3 * gib })).toBe('6.1–6.3 GiB');
    expect(bytesRange({ low: 6.11 * gib, high: 6.13 * gib })).toBe('6.1 GiB');
    expect(bytesRange({ low: 0.05 * gib, high: 0.2 * gib })).toBe('51.2 MiB – 0.2 GiB');
  });

  it('hold what was estimated against what was measured, in hundredths', () => {
    const load = (estimated: number, measured: number) =>
      estimatedMeasured({ estimated: { totalBytes: estimated * gib }, measured: { totalBytes: measured * gib } } as never);
    expect(load(2.71, 2.68)).toBe('estimated 2.71, measured 2.68 GiB');
    expect(load(0.05, 0.06)).toBe('estimated 51.2, measured 61.4 MiB');
    expect(load(0.09, 0.12)).toBe('estimated 92.2 MiB, measured 0.12 GiB');
    expect(gibibytesFine(6.184 * gib)).toBe('6.18 GiB');
  });

  it('were measured here only by a load of just this placement', () => {
    const placement = { contextTokens: 8192, kvType: 'f16', flashAttention: true, batchTokens: 128, gpuLayers: 0, sequences: 1 } as const;
    const loads = [{ placement: { ...placement, contextTokens: 4096 } }, { placement, id: 'same' }, { placement, id: 'older' }] as never;
    expect(loadAt(loads, placement)).toMatchObject({ id: 'same' });
    expect(loadAt(loads, { ...placement, kvType: 'q8_0' })).toBeUndefined();
  });

  it('leave a memory out that holds next to nothing of the model, where only those that matter are drawn', () => {
    const whole = planned(withGpu(ram(28), 23.5));
    expect(whole.fit.state).toBe('gpu');
    expect(memoryBars(whole.fit, whole.plan.machine, { onlyUsed: true }).bars.map(({ place }) => place)).toEqual(['GPU']);
    const part = planned(withGpu(ram(28), 10));
    expect(memoryBars(part.fit, part.plan.machine, { onlyUsed: true }).bars.map(({ place }) => place)).toEqual(['GPU', 'RAM']);
    const alone = planned(withGpu(ram(28), 0.2));
    expect(memoryBars(alone.fit, alone.plan.machine, { onlyUsed: true }).bars.map(({ place }) => place)).toEqual(['RAM']);
  });
});
