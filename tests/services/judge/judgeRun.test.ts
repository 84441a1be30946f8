import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JudgeTask } from '#core/bench/labelledItem.ts';
import type { Answerer } from '#main/services/benchmarks/answerer.ts';
import { askChecklist } from '#main/services/judge/askJudge.ts';
import type { GoldSet } from '#main/services/judge/goldSet.ts';
import { calibrationOf, type JudgeNeeds, type JudgePhase, judgeRun, keptJudge } from '#main/services/judge/judgeRun.ts';
import { type Database, openDatabase } from '#main/storage/database.ts';
import { factTable } from '#main/storage/factTable.ts';
import { createJudgementTable } from '#main/storage/judgementTable.ts';
import { createRunTable } from '#main/storage/runTable.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import { RunPlan } from '#shared/contract/benchmarks.ts';
import { endpointErrors } from '#shared/contract/endpoints.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type { GenerateRequest, GenerateResult } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const gold: GoldSet = {
  sha256: 'f'.repeat(64),
  answers: [
    { id: 'good', task: 'Where?', answer: 'In Mainz.', reference: null, criteria: [{ criterion: 'It names Mainz.', met: true }] },
    { id: 'bad', task: 'Where?', answer: 'In Vienna.', reference: null, criteria: [{ criterion: 'It names Mainz.', met: false }] },
  ],
};
const checklist: JudgeTask = { kind: 'checklist', criteria: ['It names Mainz.'], reference: null };
const preference: JudgeTask = { kind: 'preference', question: 'Which names more?' };

describe('judging a run', () => {
  it('calibrates the judge once, then judges every answer, and the second time nothing', async () => {
    const { phase, needs, judge } = newPhase({ answers: { a: 'In Mainz.', b: 'In Vienna.' } });
    expect(await judgeRun(phase, needs)).toBe(true);
    expect(scores(needs)).toEqual([
      ['a', 1],
      ['b', 0],
    ]);
    expect(calibrationOf(needs.facts, phase)?.agreement).toMatchObject({ kappa: 1, isCalibrated: true, missing: 0 });
    const asked = judge.asked;
    expect(await judgeRun(phase, needs)).toBe(true);
    expect(judge.asked).toBe(asked);
  });

  it('goes on where it was stopped, without judging anything twice', async () => {
    const { phase, needs, judge } = newPhase({ answers: { a: 'In Mainz.', b: 'In Vienna.', c: 'Mainz' } });
    const stop = new AbortController();
    const stopped = await judgeRun(phase, {
      ...needs,
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done === 3) stop.abort();
      },
    });
    expect(stopped).toBe(false);
    expect(scores(needs)).toEqual([['a', 1]]);
    const asked = judge.asked;
    expect(await judgeRun(phase, needs)).toBe(true);
    expect(scores(needs).map(([model]) => model)).toEqual(['a', 'b', 'c']);
    expect(judge.asked - asked).toBe(2);
  });

  it('writes an answer down as missing where the judge disobeys, makes its evidence up or cannot read it, and goes on', async () => {
    const { phase, needs } = newPhase({
      answers: { a: 'disobey', b: 'invent', c: 'too long', d: 'In Mainz.' },
      reply: (answer) => {
        if (answer === 'disobey') return 'I would rather not.';
        if (answer === 'invent') return JSON.stringify({ criteria: [{ evidence: 'In Mainz, surely.', verdict: 'met' }], note: '' });
        if (answer === 'too long') throw new RpcError(modelErrors.contextFull, 'The conversation has 9 tokens, and 8 fit.');
        return null;
      },
    });
    expect(await judgeRun(phase, needs)).toBe(true);
    expect(scores(needs)).toEqual([
      ['a', null],
      ['b', null],
      ['c', null],
      ['d', 1],
    ]);
    expect(needs.judgements.all('run').map(({ judgement }) => judgement.note)[2]).toMatch('9 tokens');
  });

  it('holds preferences against the reference in both orders, and takes a choice by place for a tie', async () => {
    const { phase, needs } = newPhase({ answers: { a: 'longer answer', b: 'short' }, task: preference, referenceId: 'b' });
    expect(await judgeRun(phase, needs)).toBe(true);
    expect(needs.judgements.all('run').map(({ judgement }) => [judgement.againstId, judgement.score])).toEqual([['b', 1]]);
    const byPlace = newPhase({ answers: { a: 'x', b: 'y' }, task: preference, referenceId: 'b', reply: () => '{"note":"","better":"A"}' });
    expect(await judgeRun(byPlace.phase, byPlace.needs)).toBe(true);
    expect(byPlace.needs.judgements.all('run')[0]?.judgement).toMatchObject({ score: 0.5, note: expect.stringMatching('order') });
  });

  it('pauses between two answers of its calibration too', async () => {
    const { phase, needs, judge } = newPhase({ answers: { a: 'In Mainz.' } });
    expect(await judgeRun(phase, { ...needs, shouldStop: () => judge.asked > 0 })).toBe(false);
    expect(calibrationOf(needs.facts, phase)).toBeNull();
    const asked = judge.asked;
    expect(await judgeRun(phase, { ...needs, shouldStop: () => false })).toBe(true);
    expect(judge.asked).toBeGreaterThan(asked * 2);
  });

  it('keeps with the run how the judge had done, whatever becomes of its file', async () => {
    const { phase, needs } = newPhase({ answers: { a: 'In Mainz.' } });
    expect(keptJudge(needs.facts, 'run')).toBeNull();
    await judgeRun(phase, needs);
    expect(keptJudge(needs.facts, 'run')).toMatchObject({ name: 'Arbiter', calibration: { agreement: { isCalibrated: true } } });
    expect(calibrationOf(needs.facts, { ...phase, judge: { ...phase.judge, identity: 'another file' } })).toBeNull();
  });

  it('keeps a server’s fault out of what its model can do, and ends where the server stays away', async () => {
    let isAway = true;
    const { phase, needs, judge } = newPhase({
      answers: { a: 'In Mainz.', b: 'b', c: 'c', d: 'd', e: 'e' },
      reply: (answer) => {
        if (isAway || answer.length === 1) throw new RpcError(endpointErrors.unreachable, 'Nobody answers.');
        return null;
      },
    });
    await expect(judgeRun(phase, needs)).rejects.toThrow('Nobody answers.');
    expect(calibrationOf(needs.facts, phase)).toBeNull();
    isAway = false;
    await expect(judgeRun(phase, needs)).rejects.toThrow('Nobody answers.');
    expect(calibrationOf(needs.facts, phase)?.agreement.isCalibrated).toBe(true);
    expect(scores(needs)).toEqual([
      ['a', 1],
      ['b', null],
      ['c', null],
    ]);
    expect(judge.isClosed).toBe(true);
  });

  it('waits for no answer for ever, of a server or of a runner', async () => {
    const { judge } = newPhase({ answers: {} });
    const asked = { task: 'Where?', answer: 'In Mainz.', criteria: ['It names Mainz.'], reference: null };
    const silent: Answerer['generate'] = async (request, { signal }) => {
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return resultOf(request, '', 'cancelled');
    };
    const asking = { signal: new AbortController().signal, answerSeconds: 0.02 };
    const remote = { ...judge, modelId: 'endpoint:lab/judge', generate: silent };
    await expect(askChecklist(asked, { ...asking, judge: { ...judge, generate: silent } })).rejects.toMatchObject({
      code: 'limit-reached',
    });
    await expect(askChecklist(asked, { ...asking, judge: remote })).rejects.toMatchObject({ code: 'endpoint-stalled' });
    expect(await askChecklist(asked, { ...asking, judge: remote, signal: AbortSignal.abort() })).toBeNull();
  });

  it('says so when the judge dies, keeps what was judged, and closes it', async () => {
    const { phase, needs, judge } = newPhase({
      answers: { a: 'In Mainz.', b: 'die' },
      reply: (answer, self) => {
        if (answer !== 'die') return null;
        self.isAlive = false;
        throw new RpcError(modelErrors.runnerCrashed, 'It crashed.');
      },
    });
    await expect(judgeRun(phase, needs)).rejects.toThrow('It crashed.');
    expect(scores(needs)).toEqual([['a', 1]]);
    expect(judge.isClosed).toBe(true);
  });
});

interface ScriptedJudge extends Answerer {
  isAlive: boolean;
  isClosed: boolean;
  asked: number;
}

/** A judge that does as it is told: what it says follows from the words it is shown. `reply` overrides it where it returns text. */
function scriptedJudge(reply: (answer: string, judge: ScriptedJudge) => string | null): ScriptedJudge {
  const judge: ScriptedJudge = {
    modelId: 'judge',
    knowsTools: false,
    isAlive: true,
    isClosed: false,
    asked: 0,
    peakMemoryBytes: null,
    residentBytes: null,
    generate: async (request, { signal }) => {
      judge.asked += 1;
      if (signal.aborted) return resultOf(request, '', 'cancelled');
      const shown = request.turns.at(-1)?.content ?? '';
      const answer = /<answer>\n([\s\S]*?)\n<\/answer>/.exec(shown)?.[1] ?? '';
      const own = reply(answer, judge);
      if (own !== null) return resultOf(request, own, 'stop');
      const first = /<answer-a>\n([\s\S]*?)\n<\/answer-a>/.exec(shown)?.[1];
      const second = /<answer-b>\n([\s\S]*?)\n<\/answer-b>/.exec(shown)?.[1];
      if (first !== undefined && second !== undefined) {
        return resultOf(request, JSON.stringify({ note: 'longer', better: first.length > second.length ? 'A' : 'B' }), 'stop');
      }
      const isMet = answer.includes('Mainz');
      const criteria = [{ evidence: isMet ? 'Mainz' : '', verdict: isMet ? 'met' : 'not-met' }];
      return resultOf(request, JSON.stringify({ criteria, note: '' }), 'stop');
    },
    close: async () => {
      judge.isClosed = true;
    },
  };
  return judge;
}

function resultOf(request: GenerateRequest, text: string, finishReason: GenerateResult['finishReason']): GenerateResult {
  return {
    text,
    reasoning: null,
    finishReason,
    usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 },
    timings: { loadMs: null, ttftMs: 1, promptTokensPerSecond: null, generationTokensPerSecond: null, totalMs: 1 },
    promptMs: 1,
    interTokenMs: [],
    contextUsedTokens: 2,
    contextTokens: 100,
    droppedTurns: 0,
    seed: request.sampling.seed ?? 1,
    promptSha256: '',
  };
}

function newPhase(options: {
  readonly answers: Readonly<Record<string, string>>;
  readonly task?: JudgeTask;
  readonly referenceId?: string;
  readonly reply?: (answer: string, judge: ScriptedJudge) => string | null;
}): { readonly phase: JudgePhase; readonly needs: JudgeNeeds; readonly judge: ScriptedJudge } {
  const database = openDatabase(join(temporaryFolder(), 'judge.db'));
  onTestFinished(() => database.close());
  addRun(database);
  const judge = scriptedJudge(options.reply ?? (() => null));
  const models = Object.keys(options.answers).map((modelId) => ({ modelId, name: modelId }));
  return {
    judge,
    phase: {
      runId: 'run',
      judge: { modelId: 'judge', name: 'Arbiter', identity: 'abc' },
      models,
      samples: Object.entries(options.answers).map(([modelId, output]) => answered(modelId, output)),
      judgeOf: () => options.task ?? checklist,
      referenceId: options.referenceId ?? null,
      gold,
    },
    needs: {
      open: () => Promise.resolve(judge),
      judgements: createJudgementTable(database),
      facts: factTable(database),
      signal: new AbortController().signal,
      shouldStop: () => false,
      now: () => 1,
      onProgress: () => undefined,
    },
  };
}

const scores = (needs: JudgeNeeds): readonly (readonly [string, number | null])[] =>
  needs.judgements.all('run').map(({ modelId, judgement }) => [modelId, judgement.score]);

function addRun(database: Database): void {
  createRunTable(database).insert({
    id: 'run',
    name: 'Run',
    state: 'running',
    plan: RunPlan.parse({ modelIds: ['a'], suiteIds: ['s'] }),
    suites: [],
    models: [],
    cpu: null,
    total: 1,
    startedAt: 0,
    finishedAt: null,
    elapsedMs: 0,
    verdict: null,
    error: null,
  });
}

function answered(modelId: string, output: string): JournaledSample {
  return {
    runId: 'run',
    modelId,
    suite: 's',
    itemId: 'where',
    task: 'fact',
    temperature: 0,
    repeat: 1,
    seed: 1,
    state: 'passed',
    passed: true,
    grade: null,
    input: 'Where did it begin?',
    system: null,
    expected: '',
    output,
    finishReason: 'stop',
    usage: null,
    timings: null,
    tokensPerSecond: null,
    peakMemoryBytes: null,
    error: null,
    finishedAt: 0,
  };
}
