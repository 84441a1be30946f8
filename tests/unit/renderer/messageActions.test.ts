import { describe, expect, test } from 'vitest';
import type { NextLoad } from '#shared/contract/models.ts';
import { type ChatProblem, messageActions } from '../../../src/renderer/features/chat/messageActions.ts';

const next: NextLoad = {
  words: 'Load with 4,096 context',
  options: { contextTokens: 4096, threads: 3, gpuLayers: 0, kvType: 'q8_0', flashAttention: true, sequences: null },
};
const problem = (code: string, more: Partial<ChatProblem> = {}): ChatProblem => ({ code, message: 'It failed.', ...more });
const words = (of: ChatProblem, contextTokens: number | null = 8192): string[] =>
  messageActions(of, contextTokens).map((action) => action.words);

describe('the buttons of a failed answer or load', () => {
  test('begin with the next way to load where memory ran out, stored with a message or told by a call', () => {
    for (const told of [problem('out-of-memory', { next }), problem('out-of-memory', { data: { output: [], next } })]) {
      expect(words(told)).toEqual(['Load with 4,096 context', 'Try again', 'Choose another model']);
      expect(messageActions(told, 8192)[0]).toEqual({ kind: 'load', words: next.words, options: next.options });
    }
  });

  test('begin with another model where nothing smaller is left to try', () => {
    expect(words(problem('out-of-memory'))).toEqual(['Choose another model', 'Try again']);
    expect(words(problem('out-of-memory', { data: { next: { words: 'Load it all' } } }))).toEqual(['Choose another model', 'Try again']);
  });

  test('offer twice the context where it is full, from 2,048 where it is unknown', () => {
    expect(words(problem('context-full'))).toEqual(['Load with 16,384 context', 'New chat']);
    expect(messageActions(problem('context-full'), null)[0]).toMatchObject({ kind: 'load', options: { contextTokens: 4096 } });
  });

  test('offer as much as a conversation needs where that is known, and leave all else as it was saved', () => {
    const full = problem('context-full', { next: { ...next, options: { ...next.options, contextTokens: 32_768 } } });
    expect(words(full)).toEqual(['Load with 32,768 context', 'New chat']);
    expect(messageActions(full, 8192)[0]).toMatchObject({ options: { contextTokens: 32_768 } });
    expect(messageActions(full, 8192)[0]).not.toMatchObject({ options: { threads: 3 } });
  });

  test('offer what helps with everything else', () => {
    expect(words(problem('runner-blocked'))).toEqual(['Allow another try', 'Choose another model']);
    expect(words(problem('cancelled'))).toEqual(['Try again']);
    expect(words(problem('gguf-truncated'))).toEqual(['Choose another model', 'Try again']);
    expect(words(problem('load-failed'))).toEqual(['Try again', 'Choose another model']);
    expect(words(problem('runner-crashed'))).toEqual(['Try again', 'Choose another model']);
  });
});
