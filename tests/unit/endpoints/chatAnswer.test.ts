import { describe, expect, it } from 'vitest';
import { createChatAnswer } from '#main/services/endpoints/chatAnswer.ts';

const piece = (delta: object, more: object = {}): string =>
  JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null, ...more }] });
const counts = (completion: number): string => JSON.stringify({ choices: [], usage: { prompt_tokens: 5, completion_tokens: completion } });

/** An answer whose pieces arrived at these times. */
function answerOf(arrivalsMs: readonly number[], tokens: number) {
  const answer = createChatAnswer();
  for (const atMs of arrivalsMs) answer.push(piece({ content: 'x' }), atMs);
  const lastMs = arrivalsMs.at(-1) ?? 0;
  answer.push(piece({}, { finish_reason: 'stop' }), lastMs);
  answer.push(counts(tokens), lastMs + 500);
  const whole = answer.end(lastMs + 900, { isDone: true });
  if (whole === null || whole === 'filtered') throw new Error('There is no answer.');
  return whole;
}

describe('times of an answer that came in pieces', () => {
  it('are those of tokens where each piece holds one', () => {
    const { timings, interTokenMs } = answerOf([100, 110, 125, 130, 150], 5);
    expect(timings).toMatchObject({ ttftMs: 100, ttfaMs: 100, totalMs: 150, generationTokensPerSecond: 80 });
    expect(interTokenMs).toEqual([10, 15, 5, 20]);
  });

  it('give a speed and no gaps where pieces hold several', () => {
    const { timings, interTokenMs } = answerOf([100, 120, 140, 160, 180], 50);
    // 40 of the 50 tokens came in 80 ms.
    expect(timings.generationTokensPerSecond).toBeCloseTo(500);
    expect(interTokenMs).toEqual([]);
  });

  it('give no speed where the pieces came in a lump or two', () => {
    expect(answerOf([100, 100.1, 100.2, 100.3, 100.4, 100.5], 6).timings.generationTokensPerSecond).toBeNull();
    expect(answerOf([100, 150], 40).timings.generationTokensPerSecond).toBeNull();
    expect(answerOf([100], 40).timings).toMatchObject({ ttftMs: 100, totalMs: 100, generationTokensPerSecond: null });
  });

  it('tell the first token of reasoning and of the answer apart, also where marks are cut', () => {
    const answer = createChatAnswer();
    for (const [at, text] of ['<', 'think', '> a ', '</th', 'ink> ', ' b'].entries()) answer.push(piece({ content: text }), 10 * (at + 1));
    answer.push(piece({}, { finish_reason: 'stop' }), 90);
    const whole = answer.end(90, { isDone: true });
    expect(whole).toMatchObject({ text: 'b', reasoning: 'a', timings: { ttftMs: 10, ttfaMs: 60, totalMs: 60 } });
  });
});

describe('what an answer is made of', () => {
  it('keeps text that only looks like a mark, and reasoning that is never closed', () => {
    const textOf = (...pieces: string[]) => {
      const answer = createChatAnswer();
      for (const text of pieces) answer.push(piece({ content: text }), 1);
      answer.push(piece({}, { finish_reason: 'length' }), 2);
      return answer.end(2, { isDone: true });
    };
    expect(textOf('<th')).toMatchObject({ text: '<th', reasoning: null });
    expect(textOf('1 <think> 2')).toMatchObject({ text: '1 <think> 2', reasoning: null });
    expect(textOf('<think>on and on', ' </th')).toMatchObject({ text: '', reasoning: 'on and on </th', finishReason: 'length' });
  });

  it('has unknown tokens where the count is none', () => {
    const answer = createChatAnswer();
    answer.push(piece({ content: 'x' }), 1);
    for (const usage of [null, {}, { prompt_tokens: -1, completion_tokens: 2 }, { prompt_tokens: '5', completion_tokens: 2 }, 'many']) {
      answer.push(JSON.stringify({ choices: [], usage }), 2);
    }
    expect(answer.end(3, { isDone: true })).toMatchObject({ text: 'x', usage: null });
  });

  it('is none that breaks off, and none that a filter stopped', () => {
    const cut = createChatAnswer();
    cut.push(piece({ content: 'x' }), 1);
    expect(cut.end(2, { isDone: false })).toBeNull();
    expect(createChatAnswer().end(2, { isDone: true })).toBeNull();
    cut.push(piece({}, { finish_reason: 'content_filter' }), 3);
    expect(cut.end(3, { isDone: true })).toBe('filtered');
  });

  it('takes calls whatever their places, within bounds', () => {
    const answer = createChatAnswer();
    answer.push(piece({ tool_calls: [{ index: 1, function: { name: 'b', arguments: '{}' } }] }), 1);
    answer.push(piece({ tool_calls: [{ function: { name: 'a', arguments: { x: 1 } } }] }), 2);
    answer.push(piece({}, { finish_reason: 'tool_calls' }), 3);
    const whole = answer.end(3, { isDone: true });
    expect(whole).toMatchObject({
      toolCalls: [
        { name: 'a', arguments: { x: 1 } },
        { name: 'b', arguments: {} },
      ],
      toolProblem: null,
    });
    expect(answer.push(piece({ tool_calls: [{ index: 1e6, function: { name: 'c' } }] }), 4)).toEqual({ kind: 'garbage' });
  });
});
