import { expect, it } from 'vitest';
import type { AskedPrompt } from '#main/runner/askedPrompt.ts';
import { fitPrompt } from '#main/runner/fitPrompt.ts';
import type { ChatTurn } from '#shared/contract/runner.ts';

const user = (content: string): ChatTurn => ({ role: 'user', content });
const assistant = (content: string): ChatTurn => ({ role: 'assistant', content });

/** A token a letter. */
function fitted(
  turns: readonly ChatTurn[],
  overflow: 'fail' | 'drop-oldest',
): Promise<{ readonly count: number; readonly droppedTurns: number }> {
  return fitPrompt(turns, {
    render: async (kept) => ({ text: kept.map(({ content }) => content).join('') }) as AskedPrompt,
    tokenise: async ({ text }) => ({ tokens: [], count: text.length }),
    overflow,
    roomTokens: 1000,
    answerTokens: 250,
  });
}

it('drops the oldest turns where the whole conversation would leave no room for an answer', async () => {
  const turns = [user('a'.repeat(500)), assistant('b'.repeat(250)), user('c'.repeat(249))];
  expect(await fitted(turns, 'drop-oldest')).toMatchObject({ count: 249, droppedTurns: 2 });
  expect(await fitted(turns, 'fail')).toMatchObject({ count: 999, droppedTurns: 0 });
  expect(await fitted([...turns.slice(0, 2), user('c'.repeat(186))], 'drop-oldest')).toMatchObject({ count: 936, droppedTurns: 0 });
});

it('asks a question that fills the context by itself, where nothing is left to drop', async () => {
  expect(await fitted([user('a'.repeat(999))], 'drop-oldest')).toMatchObject({ count: 999, droppedTurns: 0 });
  await expect(fitted([user('a'.repeat(1001))], 'drop-oldest')).rejects.toMatchObject({ code: 'context-full' });
});
