import { describe, expect, it } from 'vitest';
import { contextScale, contextTicks, stepOf, tokensAt } from '../../../src/renderer/fit/contextScale.ts';

describe('the scale of context lengths', () => {
  it.each([512, 2048, 4096, 8192, 40_960, 131_072, 262_144, 1_010_000, 16_777_216])(
    'ends at what a model was trained for: %d',
    (trained) => {
      const { stops } = contextScale(trained);
      expect(stops.at(-1)).toBe(trained);
      expect(stops).toEqual([...new Set(stops)].sort((a, b) => a - b));
    },
  );

  it('begins at 2,048 tokens, and lower for a model of a short context', () => {
    expect(contextScale(262_144).least).toBe(2048);
    expect(contextScale(1024).least).toBe(128);
  });

  it('offers 128k where nobody knows what the model was trained for', () => {
    expect(contextScale(null).most).toBe(131_072);
  });

  it('gives each doubling the same room', () => {
    const scale = contextScale(262_144);
    const gaps = [2048, 4096, 8192, 16_384, 32_768].map((tokens) => stepOf(scale, tokens * 2) - stepOf(scale, tokens));
    expect(new Set(gaps)).toEqual(new Set([4]));
  });

  it('comes back to the same tokens from every step, and places what lies between in proportion', () => {
    const scale = contextScale(40_960);
    for (const [step, tokens] of scale.stops.entries()) {
      expect(stepOf(scale, tokens)).toBe(step);
      expect(tokensAt(scale, step)).toBe(tokens);
    }
    expect(stepOf(scale, 8192 + 1024)).toBe(stepOf(scale, 8192) + 0.5);
  });

  it('keeps what lies outside at its ends', () => {
    const scale = contextScale(8192);
    expect(stepOf(scale, 1)).toBe(0);
    expect(stepOf(scale, 1e9)).toBe(scale.stops.length - 1);
  });

  it('labels doublings and its end, never two so close that they overlap', () => {
    for (const trained of [128, 2048, 8192, 40_960, 262_144, 1_010_000]) {
      const ticks = contextTicks(contextScale(trained));
      expect(ticks.at(-1)?.tokens).toBe(trained);
      const gaps = ticks.slice(1).map((tick, index) => tick.share - (ticks[index]?.share ?? 0));
      expect(Math.min(...gaps, 1)).toBeGreaterThan(0.05);
    }
  });

  it('has no more labels than a narrow pane has room for, for millions of tokens', () => {
    const labels = (trained: number) => contextTicks(contextScale(trained)).map(({ tokens }) => tokens);
    expect(labels(1_048_576)).toHaveLength(10);
    expect(labels(10_485_760)).toEqual([2048, 8192, 32_768, 131_072, 524_288, 2_097_152, 10_485_760]);
  });
});
