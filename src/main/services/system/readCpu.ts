import { availableParallelism, cpus } from 'node:os';
import type { Hardware } from '#shared/contract/system.ts';

export type CpuFacts = Hardware['cpu'];

/** Instruction sets that decide how fast a model runs, by the name of the kernel and what people call them. */
const simdNames: Readonly<Record<string, string>> = {
  sse4_2: 'SSE4.2',
  avx: 'AVX',
  avx2: 'AVX2',
  fma: 'FMA',
  f16c: 'F16C',
  avx_vnni: 'AVX-VNNI',
  avx512f: 'AVX-512',
  avx512_vnni: 'AVX-512 VNNI',
  avx512_bf16: 'AVX-512 BF16',
  amx_int8: 'AMX INT8',
  amx_bf16: 'AMX BF16',
  asimd: 'NEON',
  asimddp: 'dot product',
  i8mm: 'I8MM',
  bf16: 'BF16',
  sve: 'SVE',
  sve2: 'SVE2',
};

/** What the processor is. Read once: it does not change while the app runs. */
export async function readCpu(): Promise<CpuFacts> {
  // Loaded when first needed: it takes longer to load than the rest of the start.
  const { cpu } = await import('systeminformation');
  const facts = await cpu().catch(() => undefined);
  const model = cpus()[0]?.model.trim() || `${facts?.manufacturer ?? ''} ${facts?.brand ?? ''}`.trim();
  const flags = new Set((facts?.flags ?? '').toLowerCase().split(/\s+/));
  return {
    model: model === '' || model === 'unknown' ? null : model,
    physicalCores: facts === undefined || facts.physicalCores < 1 ? null : facts.physicalCores,
    logicalCores: cpus().length || availableParallelism(),
    features: Object.entries(simdNames).flatMap(([flag, name]) => (flags.has(flag) ? [name] : [])),
  };
}
