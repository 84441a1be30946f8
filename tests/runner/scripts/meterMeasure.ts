import { loadEngine } from '#main/runner/engine.ts';
import { measure } from '#main/runner/measure.ts';
import { loadRequest } from '../runnerHarness.ts';

/** Measures in this process and tells what the engine's own meter counted: inputs have no logits, outputs have. */
const { signal } = new AbortController();
const { engine } = await loadEngine(loadRequest(process.argv[2] ?? ''), { signal, onProgress: () => undefined });
const sequence = engine.sequences[0];
const before = sequence.tokenMeter.getState();
await measure({ ...engine, sequence }, { promptTokens: 200, generatedTokens: 17, depthTokens: 0, seed: 1, warmUp: false }, signal);
process.send?.(sequence.tokenMeter.diff(before));
process.disconnect();
