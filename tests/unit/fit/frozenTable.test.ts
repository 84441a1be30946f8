import { beforeAll, describe, expect, it } from 'vitest';
import { estimateFit } from '#core/fit/estimateFit.ts';
import {
  type Compared,
  compare,
  engineRows,
  frozenShape,
  type Kind,
  kindOf,
  machineOf,
  measuredLoads,
  spreadOf,
  total,
} from '../../fixtures/fit/frozenTable.ts';

/** Against what llama.cpp v0.5.0 itself reserves; tests/fixtures/fit/README.md says how the table was made. */
describe('estimate beside the engine', () => {
  let rows: readonly Compared[] = [];
  beforeAll(async () => {
    rows = await Promise.all(engineRows.map(compare));
  });
  const spread = (kind: Kind): ReturnType<typeof spreadOf> =>
    spreadOf(rows.filter(({ row }) => kindOf(row) === kind).map(({ error }) => error));

  it('has every configuration of the table', () => {
    expect(rows).toHaveLength(1047);
    expect(new Set(rows.map(({ row }) => row.file)).size).toBe(47);
  });

  it('puts the weights on each device to the byte, padding included', () => {
    const wrong = rows.filter(
      ({ estimated, engine }) => estimated.gpu.weights !== engine.gpu.weights || estimated.ram.weights !== engine.ram.weights,
    );
    expect(wrong.map(({ row }) => `${row.file} ${row.backend} ${row.gpuLayers}`)).toEqual([]);
  });

  it('gives the cache and the state within 0.2 %', () => {
    for (const { estimated, engine } of rows) {
      for (const device of ['gpu', 'ram'] as const) {
        const wanted = engine[device].kvAndState;
        expect(Math.abs(estimated[device].kvAndState - wanted)).toBeLessThanOrEqual(wanted * 0.002);
      }
    }
  });

  it('reaches the bar with all layers on the GPU: median 0.2 %, p95 1.5 %, max 5 %', () => {
    const { median, p95, max, lowShare } = spread('full offload');
    expect(median).toBeLessThanOrEqual(0.002);
    expect(p95).toBeLessThanOrEqual(0.015);
    expect(max).toBeLessThanOrEqual(0.05);
    expect(lowShare).toBeLessThanOrEqual(0.01);
  });

  it('reaches the bar with layers or experts in RAM: median 1 %, p95 5 %, max 15 %, 3 % too low', () => {
    const { median, p95, max, lowShare } = spread('partial offload or experts in RAM');
    expect(median).toBeLessThanOrEqual(0.01);
    expect(p95).toBeLessThanOrEqual(0.05);
    expect(max).toBeLessThanOrEqual(0.15);
    expect(lowShare).toBeLessThanOrEqual(0.03);
  });

  it('gives what a CPU load reserves within 2 %', () => {
    expect(spread('CPU').max).toBeLessThanOrEqual(0.02);
  });

  it('gives the pinned memory beside the GPU within 1 %', () => {
    const errors = rows
      .filter(({ row }) => row.backend === 'cuda')
      .map(({ estimated, engine }) => total(estimated.ram) / total(engine.ram) - 1);
    expect(spreadOf(errors).max).toBeLessThanOrEqual(0.01);
  });

  it('gives the memory of a process that loaded a model on a CPU within 5 % at p95, with flash attention and without', async () => {
    const loads = measuredLoads();
    const errors = await Promise.all(
      loads.map(async (load) => {
        const { contextTokens, batchTokens, kvType, sequences, flashAttention } = load;
        const fit = estimateFit(await frozenShape(`${load.model}.Q4_K_M`), machineOf('cpu'), {
          contextTokens,
          batchTokens,
          kvType,
          sequences,
          flashAttention,
          gpuLayers: 0,
          expertsInRamLayers: 0,
        });
        expect(fit.bytes.kvCache).toBe(load.kvBytes);
        return fit.bytes.ram / load.residentBytes - 1;
      }),
    );
    expect(errors.length).toBeGreaterThanOrEqual(24);
    expect(spreadOf(errors).p95).toBeLessThanOrEqual(0.05);
  });
});
