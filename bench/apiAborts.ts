import { askApi } from './apiClient.ts';
import type { ApiHost, Holdings } from './apiHost.ts';

const atOnce = 16;
/** A leak grows with every block; what is only kept for reuse, and the log of the last 1,000 requests, do not. */
const blocks = 6;

/** Many requests of which half are hung up on at random times: what they leave behind. */
export async function abortMany(host: ApiHost, of: { readonly requests: number; readonly random: () => number }): Promise<void> {
  const { requests, random } = of;
  // What is grown once, such as code that becomes hot, is no leak.
  await hammer(host, { requests: Math.ceil(requests / 5), random });
  const held: Holdings[] = [await settled(host)];
  for (let block = 1; block <= blocks; block++) {
    const outcomes = await hammer(host, { requests, random });
    held.push(await settled(host));
    const told = [...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
    console.log(`${requests} requests, ${atOnce} at once, half of them hung up on within 300 ms: ${told}`);
  }
  const cells = (of: (holdings: Holdings) => string): string => held.map(of).join(' | ');
  console.log(
    `\n| held after a collection | before | ${held
      .slice(1)
      .map((_, block) => `after ${(block + 1) * requests}`)
      .join(' | ')} |`,
  );
  console.log(`|---|${held.map(() => '---|').join('')}`);
  console.log(`| host: JavaScript, MiB | ${cells(({ host }) => host.heapMib.toFixed(1))} |`);
  console.log(`| host: resident, MiB | ${cells(({ host }) => host.residentMib.toFixed(0))} |`);
  console.log(`| runner: JavaScript, MiB | ${cells(({ runner }) => runner.heapMib.toFixed(1))} |`);
  console.log(`| runner: resident, MiB | ${cells(({ runner }) => runner.residentMib.toFixed(0))} |`);
  console.log(`| sockets of the host | ${cells(({ sockets }) => String(sockets ?? 'unknown'))} |`);
  const slots = host.loaded()?.sequences ?? 1;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: slots }, (_, slot) => askApi(host, { messages: [{ role: 'user', content: `Slot ${slot}` }], tokens: 4 })),
  );
  console.log(`\nAfterwards ${slots} requests at once were answered in ${(performance.now() - startedAt).toFixed(0)} ms.\n`);
}

async function hammer(
  host: ApiHost,
  of: { readonly requests: number; readonly random: () => number },
): Promise<ReadonlyMap<string, number>> {
  const { requests, random } = of;
  const outcomes = new Map<string, number>();
  const count = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  let left = requests;
  async function worker(): Promise<void> {
    while (left-- > 0) {
      const controller = new AbortController();
      const isHungUp = random() < 0.5;
      const timer = isHungUp ? setTimeout(() => controller.abort(), random() * 300) : undefined;
      const content = `Question ${left}. ${'Some words before it. '.repeat(Math.floor(random() * 60))}`;
      try {
        await askApi(host, { messages: [{ role: 'user', content }], tokens: 1 + Math.floor(random() * 48), signal: controller.signal });
        count('answered');
      } catch (error) {
        if (!controller.signal.aborted) throw error;
        count('hung up on');
      } finally {
        clearTimeout(timer);
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcomes;
}

/** What is held once nothing is asked any more and connections that were kept for a next request have been closed. */
async function settled(host: ApiHost): Promise<Holdings> {
  await host.untilUsers(0);
  await new Promise((resolve) => setTimeout(resolve, 5000));
  return host.holdings();
}
