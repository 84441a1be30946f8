import type { RunnerGeneration } from '#main/supervisor/runnerSupervisor.ts';
import { askApi } from './apiClient.ts';
import type { ApiHost } from './apiHost.ts';
import type { BareProcess } from './bareProcess.ts';
import { Contender, compete, tableHead, tableRow } from './contender.ts';

/** Three ways to the same model with the same load. */
export interface ThreeWays {
  readonly bare: BareProcess;
  readonly runner: RunnerGeneration;
  readonly host: ApiHost;
  /** As the API calls it. */
  readonly model: string;
}

/** The text that the models' template makes of one question. */
export function rendered(content: string): string {
  return `<|im_start|>user\n${content}<|im_and|>\n<|im_start|>assistant\n`;
}

export async function askRunner(runner: RunnerGeneration, of: { readonly content: string; readonly tokens: number }): Promise<number> {
  const sampling = { temperature: 0, topK: null, topP: null, minP: null, maxTokens: of.tokens, seed: 1 };
  const result = await runner.generate({ turns: [{ role: 'user', content: of.content }], sampling, prefix: 'fresh' });
  return result.usage.completionTokens;
}

/** One answer at a time: the binding alone, our runner over its pipe, and the API over HTTP, which keeps the few tokens that every prompt begins with. */
export async function generation(
  { bare, runner, host, model }: ThreeWays,
  of: { readonly rounds: number; readonly tokens: number; readonly warmUps?: number },
): Promise<void> {
  const { tokens } = of;
  const text = (round: number): string => `${round} is the round. Say what you think of it.`;
  const ofBare = new Contender({
    pid: bare.pid,
    work: async (round) =>
      (await bare.tell({ kind: 'run', prompt: rendered(text(round)), tokens, temperature: 0, seed: 1 })).generatedTokens,
  });
  const ofRunner = new Contender({ pid: runner.pid ?? 0, work: (round) => askRunner(runner, { content: text(round), tokens }) });
  const ofApi = new Contender({
    pid: host.pid,
    work: async (round) => (await askApi(host, { model, messages: [{ role: 'user', content: text(round) }], tokens })).generatedTokens,
  });
  await compete(of.rounds, [ofBare, ofRunner, ofApi], of.warmUps);
  console.log(
    `${model}: one program, whole answers of ${tokens} tokens from the question to the last byte, ${of.rounds} rounds\n\n${tableHead}`,
  );
  console.log(tableRow('binding alone', ofBare, ofBare));
  console.log(tableRow('runner over its pipe', ofRunner, ofBare));
  console.log(`${tableRow('API over HTTP', ofApi, ofBare)}\n`);
  console.log(`${tableHead.replace('the first', 'the runner')}\n${tableRow('API over HTTP', ofApi, ofRunner)}\n`);
}
