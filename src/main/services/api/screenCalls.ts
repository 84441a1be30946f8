import { createCallScreen } from '#core/tools/callScreen.ts';
import type { GenerateResult, TokenLogprob } from '#shared/contract/runner.ts';
import type { ApiPiece } from './apiAnswer.ts';

/**
 * Hands on the pieces of an answer without what may be a call of a tool: clients get calls whole, and would show their marks as words.
 * @param onPiece is given what is certainly text
 */
export function screenCalls(onPiece: (piece: ApiPiece) => void): {
  push(piece: ApiPiece): void;
  /** Hands on what was held back and is no call after all. */
  finish(result: Pick<GenerateResult, 'text'>): void;
} {
  const screen = createCallScreen();
  let held: TokenLogprob[] = [];
  const send = (text: string, reasoning: string): void => {
    if (text === '' && reasoning === '') return;
    onPiece({ text, reasoning, ...(text === '' || held.length === 0 ? {} : { logprobs: held }) });
    if (text !== '') held = [];
  };
  return {
    push({ text, reasoning, logprobs }) {
      held.push(...(logprobs ?? []));
      send(screen.push(text), reasoning);
    },
    finish({ text }) {
      if (text.startsWith(screen.shown)) send(text.slice(screen.shown.length), '');
    },
  };
}
