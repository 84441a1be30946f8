/** Four steps an octave on a scale of doublings: what a person picks with the arrows. */
const stepsAnOctave = 4;
const leastTokens = 128;
/** Where there are more, every second gets a label. */
const mostLabels = 9;
const usualLeastTokens = 2048;

export interface ContextScale {
  /** Tokens at each step, ascending; the last one is the most. */
  readonly stops: readonly number[];
  readonly least: number;
  readonly most: number;
}

/**
 * @param trainedTokens what the model was trained for; null = unknown, then 128k is offered
 * @returns a scale from 2,048 tokens (less for a model of a short context) to what it was trained for
 */
export function contextScale(trainedTokens: number | null): ContextScale {
  const most = Math.max(leastTokens, trainedTokens ?? 131_072);
  const least = Math.min(usualLeastTokens, Math.max(leastTokens, 2 ** Math.floor(Math.log2(most / 8))));
  const stops: number[] = [];
  for (let octave = least; octave < most; octave *= 2) {
    for (let step = 0; step < stepsAnOctave; step += 1) {
      const tokens = octave + (octave / stepsAnOctave) * step;
      if (tokens < most) stops.push(tokens);
    }
  }
  return { stops: [...stops, most], least, most };
}

/** @returns where a number of tokens lies on the scale, in steps; between two of them in proportion */
export function stepOf({ stops, least, most }: ContextScale, tokens: number): number {
  const clamped = Math.min(most, Math.max(least, tokens));
  const above = stops.findIndex((stop) => stop >= clamped);
  const high = stops[above] ?? most;
  const low = stops[above - 1] ?? high;
  return high === low ? Math.max(0, above) : above - 1 + (clamped - low) / (high - low);
}

/** @returns tokens at a step */
export function tokensAt({ stops, most }: ContextScale, step: number): number {
  return stops[Math.round(step)] ?? most;
}

/** @returns the doublings that get a label, the share of the scale they lie at, and the end of the scale */
export function contextTicks(scale: ContextScale): readonly { readonly tokens: number; readonly share: number }[] {
  const last = scale.stops.length - 1;
  if (last === 0) return [{ tokens: scale.most, share: 0 }];
  const octaves = scale.stops.flatMap((tokens, step) =>
    step % stepsAnOctave === 0 && step < last ? [{ tokens, share: step / last }] : [],
  );
  const every = octaves.length > mostLabels ? 2 : 1;
  const labelled = octaves.filter(({ share }, octave) => octave % every === 0 && share <= 1 - 0.6 / octaves.length);
  return [...labelled, { tokens: scale.most, share: 1 }];
}
