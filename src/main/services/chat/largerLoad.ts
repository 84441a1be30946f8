import { formatCount } from '#core/units.ts';
import { LoadOptions, type NextLoad } from '#shared/contract/models.ts';

/**
 * How to load a model whose context did not hold a conversation: doubled until this one leaves a quarter free for the answer.
 * @param data of the error, as the engine tells it
 * @returns null where it does not say how much there was
 */
export function largerLoad(data: unknown): NextLoad | null {
  const read = (name: string): number => {
    const value: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, name) : null;
    return typeof value === 'number' && value > 0 && value < mostTokens ? value : 0;
  };
  const [promptTokens, roomTokens] = [read('promptTokens'), read('roomTokens')];
  if (promptTokens === 0 || roomTokens === 0) return null;
  // The engine keeps one place of its context to itself.
  let contextTokens = (roomTokens + 1) * 2;
  while (contextTokens * 0.75 < promptTokens) contextTokens *= 2;
  return { options: LoadOptions.parse({ contextTokens }), words: `Load with ${formatCount(contextTokens)} context` };
}

const mostTokens = 8_000_000;
