import { speedTests } from '#core/bench/planRun.ts';
import type { MeasuredSpeed } from '#shared/contract/models.ts';

/** Milliseconds a model takes for one labelled answer and for one speed measurement. Null = nothing to go by. */
export interface Pace {
  readonly answerMs: number | null;
  readonly measureMs: number | null;
}

/** Mean length of a suite's questions and answers, in tokens. */
export interface ItemLength {
  readonly promptTokens: number;
  readonly answerTokens: number;
}

/** English text in a common vocabulary; only ever used to say how long something will take. */
const charactersPerToken = 4;
const chatTemplateTokens = 12;

/** @returns mean token counts of labelled items, guessed from their characters. */
export function itemLength(
  items: readonly { readonly input: string; readonly system: string | null; readonly expected: unknown }[],
): ItemLength {
  if (items.length === 0) return { promptTokens: 0, answerTokens: 0 };
  let prompt = 0;
  let answer = 0;
  for (const { input, system, expected } of items) {
    prompt += input.length + (system?.length ?? 0);
    answer += typeof expected === 'string' ? expected.length : JSON.stringify(expected).length;
  }
  const tokens = (characters: number): number => characters / items.length / charactersPerToken;
  return { promptTokens: tokens(prompt) + chatTemplateTokens, answerTokens: tokens(answer) + 2 };
}

/** What a speed that was measured before makes of a plan. */
export function paceFromSpeed(speed: MeasuredSpeed | null, length: ItemLength): Pace {
  const prompt = speed?.promptTokensPerSecond ?? null;
  const generation = speed?.generationTokensPerSecond ?? null;
  if (prompt === null || generation === null || prompt <= 0 || generation <= 0) return { answerMs: null, measureMs: null };
  let seconds = 0;
  let measurements = 0;
  for (const { promptTokens, generatedTokens, depthTokens, repeats } of speedTests) {
    const once = promptTokens / prompt + generatedTokens / generation;
    // One more for the warm-up, which a test at depth has behind it; reading up to the depth comes before each.
    seconds += (repeats + (depthTokens === 0 ? 1 : 0)) * once + repeats * (depthTokens / prompt);
    measurements += repeats;
  }
  return {
    answerMs: (length.promptTokens / prompt + length.answerTokens / generation) * 1000,
    measureMs: (seconds / measurements) * 1000,
  };
}

/** Time grows with the bytes read a token: the pace of a measured model, scaled by size. */
export function scalePace(pace: Pace, ratio: number): Pace {
  const scale = (milliseconds: number | null): number | null => (milliseconds === null ? null : milliseconds * ratio);
  return { answerMs: scale(pace.answerMs), measureMs: scale(pace.measureMs) };
}

/** The measured model nearest in size, and its pace scaled to this size. */
export function paceBySize(sizeBytes: number, known: readonly { readonly sizeBytes: number; readonly pace: Pace }[]): Pace {
  // Of a model on a server: nothing here tells how fast it is.
  if (sizeBytes <= 0) return { answerMs: null, measureMs: null };
  const distance = (other: number): number => Math.abs(Math.log(other / sizeBytes));
  const nearest = (has: (pace: Pace) => number | null): number | null => {
    const candidates = known.filter((entry) => has(entry.pace) !== null && entry.sizeBytes > 0);
    const best = candidates.sort((a, b) => distance(a.sizeBytes) - distance(b.sizeBytes))[0];
    return best === undefined ? null : has(scalePace(best.pace, sizeBytes / best.sizeBytes));
  };
  return { answerMs: nearest((pace) => pace.answerMs), measureMs: nearest((pace) => pace.measureMs) };
}

/** @returns milliseconds for so many answers and measurements; null when a needed pace is unknown. */
export function timeFor(pace: Pace, calls: { readonly answers: number; readonly measurements: number }): number | null {
  if (calls.answers > 0 && pace.answerMs === null) return null;
  if (calls.measurements > 0 && pace.measureMs === null) return null;
  return calls.answers * (pace.answerMs ?? 0) + calls.measurements * (pace.measureMs ?? 0);
}
