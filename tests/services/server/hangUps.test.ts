import { expect, test } from 'vitest';
import { seededRandom } from '#core/seededRandom.ts';
import { ServerSettings } from '#shared/contract/server.ts';
import { importTireless, startServices } from '../servicesHarness.ts';

const parallel = 4;
const atOnce = 12;
const requests = 60;
/** When a program hangs up: before anything came, with the headers, with the first words, or never. */
const moments = ['asked', 'headers', 'words', 'never'] as const;

test('programs that hang up at random moments leave no place taken: afterwards as many as may are answered at once', async () => {
  const { services, runners } = await startServices({ host: 'serve' });
  const { server, models } = services;
  const model = await importTireless(services);
  await server.configure({ ...ServerSettings.parse({}), port: 0, parallel });
  await server.start();
  const key = await server.key();
  const random = seededRandom(11);

  /** Asks for an answer that would never end, and hangs up; or for a short one. */
  async function ask(moment: (typeof moments)[number], onWords?: () => Promise<void>): Promise<string> {
    const controller = new AbortController();
    const content = `Say something. ${'And then some more. '.repeat(Math.floor(random() * 40))}`;
    const body = {
      model,
      messages: [{ role: 'user', content }],
      stream: true,
      temperature: 0,
      max_tokens: moment === 'never' && onWords === undefined ? 1 + Math.floor(random() * 8) : 50_000,
    };
    try {
      const asked = fetch(`${server.state().url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: controller.signal,
      });
      if (moment === 'asked') controller.abort();
      const response = await asked;
      if (moment === 'headers') controller.abort();
      for await (const _words of response.body ?? []) {
        await onWords?.();
        if (moment === 'words' || onWords !== undefined) controller.abort();
      }
      return String(response.status);
    } catch (error) {
      if (!controller.signal.aborted) throw error;
      return 'hung up';
    }
  }

  const outcomes: string[] = [];
  let left = requests;
  async function program(): Promise<void> {
    while (left-- > 0) outcomes.push(await ask(moments[Math.floor(random() * moments.length)] ?? 'never'));
  }
  await Promise.all(Array.from({ length: atOnce }, program));
  expect(new Set(outcomes)).toEqual(new Set(['200', 'hung up']));

  // Nothing that was hung up on goes on.
  await new Promise<void>((resolve) => {
    models.subscribe((list) => list.every(({ users }) => users === 0) && resolve());
  });
  await new Promise<void>((resolve) => {
    server.subscribe((change) => 'state' in change && change.state.active + change.state.waiting === 0 && resolve());
  });
  expect(models.loaded()).toMatchObject([{ sequences: parallel, users: 0 }]);
  // Every place is free: all of them write at the same time, none waits for another's end.
  const all = Promise.withResolvers<void>();
  let writing = 0;
  const together = await Promise.all(
    Array.from({ length: parallel }, () => {
      let isFirst = true;
      return ask('never', async () => {
        if (!isFirst) return;
        isFirst = false;
        writing += 1;
        if (writing === parallel) all.resolve();
        await all.promise;
      });
    }),
  );
  expect(together).toEqual(Array.from({ length: parallel }, () => 'hung up'));
  expect(runners.length).toBeLessThanOrEqual(2);
});
