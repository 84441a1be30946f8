import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppUnderTest, StartApp } from './appUnderTest.ts';
import { ask, chatFromFirstRun, goTo, readVerdict, setUpBenchmark, startBenchmark } from './clickThrough.ts';

const questions = ['What is quantization?', 'What is a GGUF file?', 'What is a token?'];
const models = ['Starter 1M Instruct Q8_0', 'Starter 7M Instruct Q8_0'];

/** The same test for every host: open, chat, benchmark, read the verdict, come back. */
export function describeClickThrough(hostName: string, start: StartApp): void {
  describe(`a newcomer in ${hostName}`, () => {
    let app: AppUnderTest;

    beforeAll(async () => {
      app = await start();
    });
    afterAll(() => app.stop());

    it('sees the starter models and chats with one; answers come in while they are written', async () => {
      await chatFromFirstRun(app.page);
      const replies = [];
      for (const question of questions) replies.push(await ask(app.page, question));
      expect(replies[0]?.answer).toMatch(/quant|bits/i);
      for (const { answer } of replies) expect(answer).not.toBe('');
      // An answer of a few words may be there within one frame of a busy machine: then another is asked for.
      const seen = replies.flatMap(({ partial }) => partial);
      for (let more = 0; seen.length === 0 && more < 8; more++) seen.push(...(await ask(app.page, 'What can you do?')).partial);
      expect(seen.length).toBeGreaterThan(0);
    });

    it('reads what an answer took: time to first token, both speeds, tokens', async () => {
      const answer = app.page.getByRole('article', { name: /^Answer by Starter/ }).last();
      expect(await answer.innerText()).toMatch(/TTFT\s*[\d.]+ m?s[\s\S]*Prompt\s*[\d,.]+ tok\/s[\s\S]*[\d,.]+ tok\/s[\s\S]*\d+ tokens/);
    });

    it('benchmarks two models by one button and reads a verdict with its interval', async () => {
      await goTo(app.page, 'Benchmark');
      await setUpBenchmark(app.page, { models, suite: /^Sentiment/, items: 40 });
      await startBenchmark(app.page);
      const verdict = await readVerdict(app.page);
      expect(verdict).toMatch(/Starter [17]M Instruct/);
      expect(verdict).toMatch(/\d+% \[\d+–\d+\]/);
      expect(verdict).toMatch(/\d+ of 40/);
      const table = app.page.getByRole('table', { name: /^Score by model and suite/ });
      for (const model of models)
        await table.getByRole('button', { name: new RegExp(`^${model}, Sentiment: \\d+% \\[\\d+–\\d+\\], \\d+ of 40 pass$`) }).waitFor();
    });

    it('finds chat and run again after opening the page anew', async () => {
      await app.page.reload();
      await app.page.getByRole('region', { name: 'Verdict' }).waitFor();
      await goTo(app.page, 'Chat');
      await app.page
        .getByRole('button', { name: new RegExp(`^${questions[0]?.slice(0, 20)}`) })
        .first()
        .click();
      await app.page
        .getByRole('article', { name: /^Answer by Starter/ })
        .nth(questions.length - 1)
        .waitFor();
    });

    it('was never in the way of the policy and broke nothing', () => {
      expect(app.problems).toEqual([]);
    });
  });
}
