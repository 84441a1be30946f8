import { describe, expect, test } from 'vitest';
import { type Conversation, defaultAnswerShape, defaultSampling, type Message } from '#shared/contract/chat.ts';
import { applyEvents, startedLive, withChange, withMessage, withStarted } from '../../../src/renderer/stores/chatThread.ts';
import { frameBatch } from '../../../src/renderer/stores/frameBatch.ts';

function message(id: string, role: Message['role'], text = ''): Message {
  return {
    ...{ id, role, text, conversationId: 'c', reasoning: null, state: 'complete', finishReason: null, error: null },
    ...{ usage: null, timings: null, context: null, modelId: null, modelName: null, createdAt: 0 },
    ...{ parentId: null, siblingIds: [id], attachments: [], calls: [], isEdited: false },
  };
}
function conversation(id: string, updatedAt: number): Conversation {
  return { id, title: id, modelId: null, systemPrompt: '', sampling: defaultSampling, shape: defaultAnswerShape, createdAt: 0, updatedAt };
}

describe('applyEvents', () => {
  const delta = (text: string, reasoning: string, completionTokens: number) =>
    ({ kind: 'delta', text, reasoning, completionTokens, tokensPerSecond: null }) as const;

  test('adds up text and keeps the last counts when a frame brings several deltas', () => {
    const live = applyEvents(
      startedLive({ pendingText: 'hi', replacing: null }),
      [
        { kind: 'started', user: message('u', 'user', 'hi'), assistant: message('a', 'assistant') },
        delta('Hel', 'hm', 1),
        { ...delta('lo', '', 2), tokensPerSecond: 40 },
      ],
      0,
    );
    expect(live).toMatchObject({
      phase: 'writing',
      text: 'Hello',
      reasoning: 'hm',
      completionTokens: 2,
      tokensPerSecond: 40,
      messageId: 'a',
      pendingText: null,
    });
  });

  test('shows loading, then reading, before the first word', () => {
    const loading = applyEvents(startedLive({ pendingText: null, replacing: 'a' }), [{ kind: 'loading', progress: 0.4 }], 0);
    expect(loading).toMatchObject({ phase: 'loading', loadProgress: 0.4 });
    expect(applyEvents(loading, [{ kind: 'prompt', processedTokens: 128, totalTokens: 400 }], 0)).toMatchObject({ phase: 'prompt' });
  });

  test('tells how long and over how many tokens it reasoned, and says nothing of tokens where a piece brought both', () => {
    const thinking = applyEvents(startedLive({ pendingText: null, replacing: null }), [delta('', 'hm', 1)], 1_000);
    const thought = applyEvents(thinking, [delta('', ' so', 7)], 3_000);
    expect(applyEvents(thought, [delta('Yes', '', 8)], 3_200).reasoned).toEqual({ ms: 2_000, tokens: 7 });
    expect(applyEvents(thought, [delta('Yes', '.', 9)], 3_200).reasoned).toEqual({ ms: 2_200, tokens: null });
  });

  test('goes on with the words and calls that an answer had', () => {
    const call = { id: 'c', name: 'calculator', arguments: {}, state: 'running', result: null, tookMs: null, at: 3 } as const;
    const before = { ...message('a', 'assistant', 'One'), calls: [{ ...call, state: 'done' as const, result: '2' }] };
    const live = startedLive({ pendingText: null, replacing: 'a', goesOnWith: before });
    const next = applyEvents(live, [{ kind: 'started', user: null, assistant: before }, delta(' two', '', 4), { kind: 'call', call }], 0);
    expect(next).toMatchObject({ text: 'One two', calls: [{ id: 'c', state: 'running' }] });
  });
});

describe('withStarted', () => {
  const before = [message('u1', 'user'), message('a1', 'assistant'), message('u2', 'user'), message('a2', 'assistant')];

  test('appends the stored question and the new answer', () => {
    const started = { kind: 'started', user: message('u3', 'user'), assistant: message('a3', 'assistant') } as const;
    expect(withStarted(before, started, { replacing: null }).map((one) => one.id)).toEqual(['u1', 'a1', 'u2', 'a2', 'u3', 'a3']);
  });

  test('puts a regenerated answer in the place of the old one and of what followed it', () => {
    const started = { kind: 'started', user: null, assistant: message('a9', 'assistant') } as const;
    expect(withStarted(before, started, { replacing: 'a2' }).map((one) => one.id)).toEqual(['u1', 'a1', 'u2', 'a9']);
  });

  test('holds a message once when the new answer keeps the old id', () => {
    const started = { kind: 'started', user: null, assistant: message('a2', 'assistant') } as const;
    expect(withStarted(before, started, { replacing: 'a2' }).map((one) => one.id)).toEqual(['u1', 'a1', 'u2', 'a2']);
  });
});

test('withMessage replaces the message of the same id and appends an unknown one', () => {
  const replaced = withMessage([message('a', 'assistant', 'old')], message('a', 'assistant', 'new'));
  expect(replaced.map((one) => one.text)).toEqual(['new']);
  expect(withMessage(replaced, message('b', 'user')).map((one) => one.id)).toEqual(['a', 'b']);
});

test('withChange keeps the newest conversation first through changes and removals', () => {
  const list = withChange([], { kind: 'snapshot', conversations: [conversation('old', 1), conversation('new', 9)] });
  expect(list.map((one) => one.id)).toEqual(['new', 'old']);
  const touched = withChange(list, { kind: 'conversation', conversation: conversation('old', 12) });
  expect(touched.map((one) => one.id)).toEqual(['old', 'new']);
  expect(withChange(touched, { kind: 'removed', id: 'old' }).map((one) => one.id)).toEqual(['new']);
});

describe('frameBatch', () => {
  test('hands everything of one frame over together, and asks for one frame only', () => {
    const frames: (() => void)[] = [];
    const batches: (readonly number[])[] = [];
    const batch = frameBatch<number>(
      (items) => batches.push(items),
      (callback) => frames.push(callback),
    );
    batch.add(1);
    batch.add(2);
    expect([frames.length, batches]).toEqual([1, []]);
    frames[0]?.();
    batch.add(3);
    frames[1]?.();
    expect(batches).toEqual([[1, 2], [3]]);
  });

  test('flushes without a frame, and the late frame then brings nothing twice', () => {
    const frames: (() => void)[] = [];
    const batches: (readonly number[])[] = [];
    const batch = frameBatch<number>(
      (items) => batches.push(items),
      (callback) => frames.push(callback),
    );
    batch.add(1);
    batch.flush();
    frames[0]?.();
    expect(batches).toEqual([[1]]);
  });
});
