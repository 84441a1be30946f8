import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAnswerReader } from '#main/runner/answerReader.ts';
import { answerStart, createReasoningSplit } from '#main/runner/reasoningSplit.ts';
import { createStopWatch } from '#main/runner/stopSequences.ts';
import { createTokenFrames } from '#main/runner/tokenFrames.ts';
import type { GenerateItem } from '#shared/contract/runner.ts';

/** Feeds text in pieces of every size from 1 to 5, so that each border is met. */
function everySplit(text: string): string[][] {
  return [1, 2, 3, 4, 5].map((size) => text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []);
}

describe('stop sequences', () => {
  function run(pieces: readonly string[], stop: readonly string[]): { text: string; stopped: boolean } {
    const watch = createStopWatch(stop);
    let text = '';
    for (const piece of pieces) {
      const result = watch.push(piece);
      text += result.text;
      if (result.stopped) return { text, stopped: true };
    }
    return { text: text + watch.flush(), stopped: false };
  }

  test('end the text before themselves wherever the token borders are', () => {
    for (const pieces of everySplit('one two STOP three')) expect(run(pieces, ['STOP'])).toEqual({ text: 'one two ', stopped: true });
  });

  test('that never complete lose nothing', () => {
    for (const pieces of everySplit('one two STO')) expect(run(pieces, ['STOP'])).toEqual({ text: 'one two STO', stopped: false });
  });

  test('that overlap stop at the earliest', () => {
    for (const pieces of everySplit('aab##b')) expect(run(pieces, ['##b', 'ab#'])).toEqual({ text: 'a', stopped: true });
  });

  test('hold back no more than what could still become one', () => {
    const watch = createStopWatch(['\n\nUser:']);
    expect(watch.push('Answer.\n')).toEqual({ text: 'Answer.', stopped: false });
    expect(watch.push(' More')).toEqual({ text: '\n More', stopped: false });
  });
});

describe('reasoning', () => {
  function run(pieces: readonly string[], promptTail = 'assistant\n'): { text: string; reasoning: string; seen: boolean } {
    const split = createReasoningSplit(answerStart(promptTail, null), { callsEndIt: false });
    const parts = [...pieces.map((piece) => split.push(piece)), split.flush()];
    return { text: parts.map((part) => part.text).join(''), reasoning: parts.map((part) => part.reasoning).join(''), seen: split.seen };
  }

  test('between the marks is told apart from the answer wherever the token borders are', () => {
    for (const pieces of everySplit('<think>\nTwo and two.\n</think>\n\nIt is 4.')) {
      expect(run(pieces)).toEqual({ text: 'It is 4.', reasoning: 'Two and two.', seen: true });
    }
  });

  test('that the prompt itself has opened needs no opening mark', () => {
    for (const pieces of everySplit('Two and two.\n</think>\n4')) {
      expect(run(pieces, '<|im_start|>assistant\n<think>\n')).toEqual({ text: '4', reasoning: 'Two and two.', seen: true });
    }
  });

  test('that is cut off stays reasoning', () => {
    for (const pieces of everySplit('<think>Two and')) expect(run(pieces)).toEqual({ text: '', reasoning: 'Two and', seen: true });
  });

  test('is absent from an answer without marks, which keeps its white space', () => {
    for (const pieces of everySplit('  a < b, <the> end\n'))
      expect(run(pieces)).toEqual({ text: '  a < b, <the> end\n', reasoning: '', seen: false });
  });

  test('is absent from a channel that is the answer', () => {
    for (const pieces of everySplit('<|channel|>final<|message|>Yes.'))
      expect(run(pieces)).toEqual({ text: 'Yes.', reasoning: '', seen: false });
  });

  test('of Gemma is told apart too', () => {
    for (const pieces of everySplit('<|channel>thought\nHm.<channel|>Yes.'))
      expect(run(pieces)).toEqual({ text: 'Yes.', reasoning: 'Hm.', seen: true });
  });

  test('in channels is told apart too', () => {
    for (const pieces of everySplit('<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.')) {
      expect(run(pieces)).toEqual({ text: 'Yes.', reasoning: 'Hm.', seen: true });
    }
  });
});

describe('reasoning before a call of a tool', () => {
  const call = '<|channel|>commentary to=functions.f <|constrain|>json<|message|>{}';
  const answer = `<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant${call}`;
  function run(pieces: readonly string[], callsEndIt: boolean): { text: string; reasoning: string } {
    const split = createReasoningSplit(answerStart('assistant\n', null), { callsEndIt });
    const parts = [...pieces.map((piece) => split.push(piece)), split.flush()];
    return { text: parts.map((part) => part.text).join(''), reasoning: parts.map((part) => part.reasoning).join('') };
  }

  test('ends where the call begins', () => {
    for (const pieces of everySplit(answer)) expect(run(pieces, true)).toEqual({ text: call, reasoning: 'Hm.' });
  });

  test('goes on where the model was told of no tools', () => {
    for (const pieces of everySplit(answer)) expect(run(pieces, false).text).toBe('');
  });
});

describe('token frames', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function collect(): { items: GenerateItem[]; frames: ReturnType<typeof createTokenFrames>; add(text: string): void } {
    const items: GenerateItem[] = [];
    const start = Date.now();
    const frames = createTokenFrames({ emit: (item) => items.push(item), now: () => Date.now() - start });
    let completionTokens = 0;
    return {
      items,
      frames,
      add(text) {
        frames.add({ text, reasoning: '', completionTokens: ++completionTokens, tokensPerSecond: null });
        frames.release();
      },
    };
  }
  const textOf = (items: readonly GenerateItem[]): string => items.map((item) => (item.kind === 'tokens' ? item.text : '')).join('');

  test('merge fast tokens and lose none', () => {
    const { items, frames, add } = collect();
    for (let index = 0; index < 1_000; index++) {
      add('x');
      vi.advanceTimersByTime(1);
    }
    frames.finish();
    expect(textOf(items)).toBe('x'.repeat(1_000));
    expect(items.length).toBeLessThanOrEqual(1_000 / 16 + 2);
    expect(items.at(-1)).toMatchObject({ completionTokens: 1_000 });
  });

  test('send the first token at once and slow tokens one by one', () => {
    const { items, add } = collect();
    add('a');
    expect(textOf(items)).toBe('a');
    vi.advanceTimersByTime(100);
    add('b');
    expect(textOf(items)).toBe('ab');
  });

  test('send waiting text although no further token comes', () => {
    const { items, add } = collect();
    add('a');
    add('b');
    expect(textOf(items)).toBe('a');
    vi.advanceTimersByTime(33);
    expect(textOf(items)).toBe('ab');
  });
});

describe('tokens that need not be read at once', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function collect(): { items: GenerateItem[]; reads: string[]; reader: ReturnType<typeof createAnswerReader<string>> } {
    const items: GenerateItem[] = [];
    const reads: string[] = [];
    const start = Date.now();
    const reader = createAnswerReader<string>({
      tokenText: {
        push: (piece) => {
          reads.push(piece);
          return piece;
        },
        flush: () => '',
      },
      split: createReasoningSplit({ marks: null, state: 'answer' }, { callsEndIt: false }),
      stop: [],
      emit: (item) => items.push(item),
      now: () => Date.now() - start,
    });
    return { items, reads, reader };
  }
  function come(reader: ReturnType<typeof collect>['reader'], token: string): void {
    reader.note();
    reader.keep(token, null);
    if (reader.isDue()) reader.readKept();
  }

  test('are read when they can be shown, the first at once', () => {
    const { items, reads, reader } = collect();
    come(reader, 'a');
    expect(items).toMatchObject([{ text: 'a', completionTokens: 1 }]);
    for (const token of ['b', 'c', 'd']) {
      vi.advanceTimersByTime(5);
      come(reader, token);
    }
    expect(reads).toEqual(['a']);
    vi.advanceTimersByTime(5);
    come(reader, 'e');
    expect(items).toMatchObject([{ text: 'a' }, { text: 'bcde', completionTokens: 5 }]);
    expect(reader.ttftMs).toBe(0);
    reader.close();
  });

  test('are read in time although no further token comes', () => {
    const { items, reader } = collect();
    come(reader, 'a');
    vi.advanceTimersByTime(1);
    come(reader, 'b');
    vi.advanceTimersByTime(33);
    expect(items).toMatchObject([{ text: 'a' }, { text: 'b', completionTokens: 2 }]);
    reader.close();
  });

  test('that cannot be read fail the answer at its next step, not the process', () => {
    const reader = createAnswerReader<string>({
      tokenText: {
        push: (piece) => {
          if (piece === 'b') throw new Error('cannot be read');
          return piece;
        },
        flush: () => '',
      },
      split: createReasoningSplit({ marks: null, state: 'answer' }, { callsEndIt: false }),
      stop: [],
      emit: () => undefined,
      now: () => Date.now(),
    });
    come(reader, 'a');
    come(reader, 'b');
    vi.advanceTimersByTime(33);
    expect(() => reader.readRest()).toThrow('cannot be read');
    reader.close();
  });

  test('are all read at the end, and none after it', () => {
    const { reads, reader } = collect();
    for (const token of ['a', 'b', 'c']) come(reader, token);
    reader.readRest();
    reader.close();
    expect(reader.text).toBe('abc');
    vi.advanceTimersByTime(100);
    expect(reads).toEqual(['a', 'b', 'c']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
