import type { AnswerShape, ChatPreset, Sampling } from '#shared/contract/chat.ts';

export interface Answering {
  readonly systemPrompt: string;
  readonly sampling: Sampling;
  readonly shape: AnswerShape;
}

/** @returns the preset that a conversation answers by, in everything the preset says; own ones before those that ship; undefined = by none */
export function activePreset(presets: readonly ChatPreset[], now: Answering): ChatPreset | undefined {
  const matching = presets.filter(
    ({ systemPrompt, sampling, shape }) =>
      (systemPrompt === null || systemPrompt === now.systemPrompt) &&
      isSame(withOff(sampling), withOff(now.sampling)) &&
      (shape === null || isSame(shape, now.shape)),
  );
  return matching.find(({ isShipped }) => !isShipped) ?? matching[0];
}

/** Absent and null both mean off. */
function withOff({ presencePenalty = null, frequencyPenalty = null, ...rest }: Sampling): Sampling {
  return { ...rest, presencePenalty, frequencyPenalty };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** The same value whatever order its fields were written in. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
