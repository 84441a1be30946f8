import { createCallScreen } from '#core/tools/callScreen.ts';
import type { ChatCall, Message } from '#shared/contract/chat.ts';
import type { GenerateItem } from '#shared/contract/runner.ts';
import type { AnswerNeeds } from './answerMessage.ts';
import type { ChatAnswer } from './chatModels.ts';

/** A crash of the app loses at most this much of an answer. */
const persistEveryMs = 500;
const paragraph = '\n\n';

/** The text of an answer while it is made, over all its turns: shown by pieces, and kept now and then. */
export function createAnswerWriting(message: Message, needs: Pick<AnswerNeeds, 'isContinued' | 'keep' | 'log' | 'emit'>) {
  let text = message.text;
  let reasoning = message.reasoning ?? '';
  let calls: readonly ChatCall[] = message.calls;
  let turn = { textBefore: text, reasoningBefore: reasoning, isHidden: false, gap: '' };
  let screen: ReturnType<typeof createCallScreen> | null = null;
  let tokensBefore = 0;
  let tokens = 0;
  let persistedAt = performance.now();

  // Called from the pipe, where nothing may be thrown.
  const keep = (): void => {
    try {
      persistedAt = performance.now();
      needs.keep({ id: message.id, text, reasoning: reasoning || null, calls: [...calls] });
    } catch (error) {
      needs.log.warn('chat.text-not-kept', { messageId: message.id, error });
    }
  };
  const show = (piece: { readonly text: string; readonly reasoning: string }, tokensPerSecond: number | null): void => {
    // Words of a later turn are a paragraph of their own, as are its thoughts.
    const isTextBegun = piece.text !== '' && text === turn.textBefore;
    const isThoughtBegun = piece.reasoning !== '' && reasoning === turn.reasoningBefore;
    // An answer that goes on does so in the middle of a sentence.
    const isSameSentence = needs.isContinued && calls === message.calls;
    if (isTextBegun && text !== '' && !isSameSentence) turn.gap = paragraph;
    const shown = {
      text: isTextBegun ? turn.gap + piece.text : piece.text,
      reasoning: isThoughtBegun && reasoning !== '' ? paragraph + piece.reasoning : piece.reasoning,
    };
    text += shown.text;
    reasoning += shown.reasoning;
    needs.emit({ kind: 'delta', ...shown, completionTokens: tokensBefore + tokens, tokensPerSecond });
    if (performance.now() - persistedAt >= persistEveryMs) keep();
  };

  return {
    get text() {
      return text;
    },
    begin({ screens, isHidden }: { readonly screens: boolean; readonly isHidden: boolean }): void {
      turn = { textBefore: text, reasoningBefore: reasoning, isHidden, gap: '' };
      screen = screens ? createCallScreen() : null;
      tokensBefore += tokens;
      tokens = 0;
    },
    onItem(item: GenerateItem): void {
      if (item.kind === 'prompt') {
        needs.emit({ kind: 'prompt', processedTokens: item.processedTokens, totalTokens: item.totalTokens });
        return;
      }
      tokens = item.completionTokens;
      const words = turn.isHidden ? '' : screen === null ? item.text : screen.push(item.text);
      show({ text: words, reasoning: item.reasoning }, item.tokensPerSecond);
    },
    /** What was held back and is no call is shown now. */
    end(answer: ChatAnswer): void {
      tokens = Math.max(tokens, answer.usage?.completionTokens ?? 0);
      if (turn.isHidden) return;
      const shown = text.slice(turn.textBefore.length + turn.gap.length);
      if (answer.text.startsWith(shown) && answer.text.length > shown.length)
        show({ text: answer.text.slice(shown.length), reasoning: '' }, null);
      // What turned out to be a thought only at its end.
      else if (screen === null && answer.text.length < shown.length && shown.endsWith(answer.text) && answer.reasoning !== null) {
        text = turn.textBefore + turn.gap + answer.text;
        reasoning = turn.reasoningBefore + answer.reasoning;
      }
    },
    onCall(call: ChatCall): void {
      calls = calls.some(({ id }) => id === call.id) ? calls.map((one) => (one.id === call.id ? call : one)) : [...calls, call];
      needs.emit({ kind: 'call', call });
      keep();
    },
    message: (): Message => ({ ...message, text, reasoning: reasoning.trim() || null, calls: [...calls] }),
  };
}
