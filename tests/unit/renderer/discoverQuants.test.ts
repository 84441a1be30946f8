import { describe, expect, it } from 'vitest';
import { fitMachineOf } from '#core/fit/fitMachineOf.ts';
import type { FitMachine } from '#core/fit/fitTypes.ts';
import type { CatalogQuant } from '#shared/contract/catalog.ts';
import { chooseQuant } from '../../../src/renderer/features/discover/chooseQuant.ts';
import { quantFit, recommendedQuant } from '../../../src/renderer/features/discover/quantFit.ts';
import { artifactOf } from '../../../src/renderer/features/discover/useQuantOnDisk.ts';
import { memoryBars } from '../../../src/renderer/fit/memoryBars.ts';
import { ownBytes } from '../../../src/renderer/fit/ownBytes.ts';
import { fitWords } from '../../../src/renderer/ui/fitWords.ts';
import { catalogHeader, catalogRepo } from '../../fixtures/page/catalogData.ts';
import { artifacts, hardware, loaded } from '../../fixtures/page/sampleData.ts';

const gib = 2 ** 30;
const repo = catalogRepo('unsloth/Qwen3-30B-A3B-Instruct-2507-GGUF', null);
const read = repo.quants.find((quant) => quant.type === 'Q4_K_M') as CatalogQuant;
const header = { file: read.file, shape: catalogHeader(repo.repo, read.file, false).shape };
const cpu: FitMachine = { ramBytes: 32 * gib, ramAvailableBytes: 28 * gib, gpu: null, bandwidthBytesPerSecond: 41e9 };
const gpu: FitMachine = { ...cpu, gpu: { backend: 'cuda', vramBytes: 12 * gib, freeBytes: 11 * gib, unified: false } };
const plan = (machine: FitMachine, contextTokens = 8192) => ({ machine, contextTokens, kvType: 'f16' as const });
const none = { pickedFile: undefined, wanted: null, recommendedFile: undefined };
const type = (choice: { readonly quant: CatalogQuant | undefined }): string | null | undefined => choice.quant?.type;

describe('the selected quant', () => {
  it('is what was picked by hand, before anything else', () => {
    const picked = repo.quants[1] as CatalogQuant;
    const wanted = { repo: repo.repo, quant: 'Q8_0', file: null };
    expect(chooseQuant(repo.quants, { pickedFile: picked.file, wanted, recommendedFile: read.file }).quant).toBe(picked);
  });

  it.each(['Q8_0', 'q8_0'])('is what a typed name asks for, however it is written: %s', (quant) => {
    const wanted = { repo: repo.repo, quant, file: null };
    expect(chooseQuant(repo.quants, { ...none, wanted })).toMatchObject({ quant: { type: 'Q8_0' }, missing: null });
  });

  it('is the one that holds the file a link names', () => {
    const file = repo.quants[2]?.file ?? '';
    expect(chooseQuant(repo.quants, { ...none, wanted: { repo: repo.repo, quant: 'Q8_0', file } }).quant?.file).toBe(file);
  });

  it('is the recommended one where a typed quant is not there, and that is said', () => {
    const wanted = { repo: repo.repo, quant: 'Q4_0_4_4', file: null };
    const choice = chooseQuant(repo.quants, { ...none, wanted, recommendedFile: repo.quants[3]?.file });
    expect(choice).toMatchObject({ quant: { file: repo.quants[3]?.file }, missing: 'Q4_0_4_4' });
  });

  it('is the usual one, else the smallest whole one, where nothing is recommended', () => {
    expect(type(chooseQuant(repo.quants, none))).toBe('Q4_K_M');
    const odd = repo.quants.slice(0, 2).map((quant, index) => ({ ...quant, missingShards: index === 0 ? [2] : [] }));
    expect(type(chooseQuant(odd, none))).toBe('Q2_K');
    expect(chooseQuant([], none).quant).toBeUndefined();
  });
});

describe('what a quant would take', () => {
  it('grows with its file and with the context', () => {
    const bytes = repo.quants.map((quant) => quantFit(quant, header, plan(cpu))?.bytes.total ?? 0);
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
    expect(bytes[0]).toBeGreaterThan(0);
    const long = quantFit(read, header, plan(cpu, 65_536))?.bytes.total ?? 0;
    expect(long).toBeGreaterThan(quantFit(read, header, plan(cpu))?.bytes.total ?? 0);
  });

  it('is unknown for a header that no formula takes, and breaks nothing', () => {
    const hostile = { ...header.shape, hyperparameters: { block_count: -1e308 }, tensors: [] };
    expect(() => quantFit(read, { file: read.file, shape: hostile }, plan(cpu))).not.toThrow();
    expect(() => recommendedQuant(repo, { file: read.file, shape: hostile }, cpu)).not.toThrow();
  });

  it('is recommended for this machine once a header was read, with a reason', () => {
    const small = { ...cpu, ramBytes: 16 * gib, ramAvailableBytes: 14 * gib };
    const here = recommendedQuant(repo, header, small);
    const bytes = repo.quants.find((quant) => quant.file === here?.file)?.sizeBytes ?? 0;
    expect(bytes).toBeLessThan(read.sizeBytes);
    expect(here?.reason).toMatch(/8,192 tokens/);
    expect(recommendedQuant(repo, null, small)?.file).toBe(read.file);
  });

  it('is not recommended where the engine cannot run it, and said not to fit where none does', () => {
    expect(recommendedQuant({ ...repo, isArchitectureSupported: false }, header, cpu)).toBeNull();
    expect(recommendedQuant(repo, header, cpu)?.fits).toBe(true);
    expect(recommendedQuant(repo, header, { ...cpu, ramBytes: 4 * gib, ramAvailableBytes: 3 * gib })?.fits).toBe(false);
  });

  it('is told in the words of the design', () => {
    const words = (state: Parameters<typeof fitWords>[0]['state']) => fitWords({ state, gpuLayers: 28, layers: 48 });
    expect(words('gpu').words).toBe('Fits GPU');
    expect(words('partial')).toMatchObject({ words: 'Fits with 28/48 layers on GPU', short: '28/48 layers on GPU', look: 'partial' });
    expect(words('cpu').words).toBe('RAM only');
    expect(words('none').words).toBe("Won't fit");
  });
});

describe('the memory bars', () => {
  const bars = (machine: FitMachine, contextTokens?: number) => {
    const fit = quantFit(read, header, plan(machine, contextTokens));
    if (fit === null) throw new Error('no estimate');
    return { fit, plan: memoryBars(fit, machine) };
  };

  it('add up to what the estimate says, on GPU and RAM together', () => {
    const { fit, plan: shown } = bars(gpu);
    expect(shown.bars.map((bar) => bar.place)).toEqual(['GPU', 'RAM']);
    const used = shown.bars.reduce((sum, bar) => sum + bar.usedBytes, 0);
    expect(used - shown.other).toBeCloseTo(fit.bytes.total, -3);
    expect(shown.weights + shown.kv + shown.compute).toBeCloseTo(fit.bytes.total, -3);
  });

  it('share one scale that holds the longest', () => {
    const { plan: shown } = bars(gpu);
    expect(shown.scaleBytes).toBe(32 * gib);
    expect(Math.max(...shown.bars.map((bar) => bar.drawnBytes))).toBeLessThanOrEqual(shown.scaleBytes);
  });

  it('are one bar where GPU and processor share the memory', () => {
    const shared: FitMachine = { ...gpu, gpu: { backend: 'metal', vramBytes: 21 * gib, freeBytes: 20 * gib, unified: true } };
    expect(bars(shared).plan.bars.map((bar) => bar.place)).toEqual(['Memory']);
  });

  it('show what is missing beyond the limit, and never draw more than the bar', () => {
    const small: FitMachine = { ...cpu, ramBytes: 16 * gib, ramAvailableBytes: 12 * gib };
    const { plan: shown } = bars(small);
    const [bar] = shown.bars;
    expect(shown.missing).toBeGreaterThan(0);
    expect(bar?.parts.at(-1)?.kind).toBe('over');
    expect(bar?.parts.reduce((sum, part) => sum + part.value, 0)).toBeLessThanOrEqual((bar?.drawnBytes ?? 0) + 1);
  });
});

describe('the machine that is planned for', () => {
  it('counts what Rightsize itself has loaded as free', () => {
    const idle = fitMachineOf(hardware, ownBytes([]));
    const busy = fitMachineOf(hardware, ownBytes([loaded]));
    expect(busy.ramAvailableBytes - idle.ramAvailableBytes).toBe(loaded.measured?.ramBytes);
  });

  it('has no GPU where it was switched off, and never more free than there is', () => {
    const device = {
      name: 'A GPU',
      backend: 'cuda',
      vramBytes: 8 * gib,
      freeBytes: 7.9 * gib,
      unified: false,
      bandwidthBytesPerSecond: null,
      bandwidthSource: null,
    } as const;
    const withGpu = { ...hardware, gpus: [device] };
    const onGpu = { ...loaded, gpuLayers: 36, measured: { totalBytes: 6.4 * gib, gpuBytes: 6 * gib, ramBytes: 0.4 * gib } };
    expect(fitMachineOf(withGpu, { ...ownBytes([]), gpu: 'off' }).gpu).toBeNull();
    expect(fitMachineOf(withGpu, ownBytes([onGpu])).gpu?.freeBytes).toBe(8 * gib);
    expect(ownBytes([{ ...onGpu, measured: null }])).toEqual({ ramBytes: 0, gpuBytes: onGpu.memory?.residentBytes });
  });
});

describe('a quant on this disk', () => {
  const [artifact] = artifacts;
  if (artifact === undefined) throw new Error('no sample artifact');
  const disk = { repo: repo.repo, job: undefined };

  it('is found by its hash, whatever the catalog knew when it was asked', () => {
    const quant = { ...read, sha256: 'a'.repeat(64) };
    expect(artifactOf(quant, { ...disk, artifacts: [{ ...artifact, sha256: 'a'.repeat(64) }] })?.id).toBe(artifact.id);
  });

  it('is found by where it came from', () => {
    const provenance = { repo: repo.repo, revision: 'main', commit: null, file: read.file, verifiedAt: null };
    expect(artifactOf(read, { ...disk, artifacts: [{ ...artifact, provenance }] })?.id).toBe(artifact.id);
  });

  it('is not the file of another quant, and not a file that went missing', () => {
    expect(artifactOf(read, { ...disk, artifacts: [artifact] })).toBeUndefined();
    const gone = { ...artifact, state: 'missing' as const };
    expect(artifactOf({ ...read, artifactId: artifact.id }, { ...disk, artifacts: [gone] })).toBeUndefined();
  });
});
