import { readProcessTree } from './processTree.ts';
import { quantile } from './quantile.ts';

/** Uncounted rounds, after which the code of every process is hot. */
const usualWarmUps = 6;

/** One side of a comparison: what it did in each round, by the clock and by processor time, which a busy machine changes less. */
export class Contender {
  readonly perMs: number[] = [];
  readonly cpuMicros: number[] = [];
  readonly #pids: readonly number[];
  readonly #work: (round: number) => Promise<number>;

  /** @param options.work resolves with the tokens that were made; @param options.pid of the process whose tree makes them, or of several */
  constructor(options: { readonly pid: number | readonly number[]; readonly work: (round: number) => Promise<number> }) {
    this.#pids = typeof options.pid === 'number' ? [options.pid] : options.pid;
    this.#work = options.work;
  }

  async turn(round: number): Promise<void> {
    const cpuBefore = this.#cpuSeconds();
    const startedAt = performance.now();
    const made = await this.#work(round);
    const tookMs = performance.now() - startedAt;
    const cpuSeconds = this.#cpuSeconds() - cpuBefore;
    if (round < 0) return;
    this.perMs.push(made / tookMs);
    this.cpuMicros.push((cpuSeconds * 1e6) / made);
  }

  #cpuSeconds(): number {
    return this.#pids.reduce((sum, pid) => sum + (readProcessTree(pid)?.cpuSeconds ?? Number.NaN), 0);
  }
}

/** Lets contenders take turns: whoever goes later may find a busier machine, so the order goes round. */
export async function compete(rounds: number, contenders: readonly Contender[], warmUps = usualWarmUps): Promise<void> {
  for (let round = -warmUps; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) await contenders[(turn + round + warmUps) % contenders.length]?.turn(round);
  }
}

export const tableHead =
  '| what | tok/s, median | against the first, median | middle half | added µs a token | processor µs a token |\n|---|---|---|---|---|---|';

/** A line of the table; ratios are taken per round. */
export function tableRow(name: string, of: Contender, yardstick: Contender): string {
  const ratios = of.perMs.map((rate, index) => rate / (yardstick.perMs[index] ?? Number.NaN));
  const added = of.perMs.map((rate, index) => 1000 / rate - 1000 / (yardstick.perMs[index] ?? Number.NaN));
  const middle = `${quantile(ratios, 0.5).toFixed(3)} | ${quantile(ratios, 0.25).toFixed(3)} to ${quantile(ratios, 0.75).toFixed(3)}`;
  const speed = (quantile(of.perMs, 0.5) * 1000).toFixed(0);
  return `| ${name} | ${speed} | ${middle} | ${quantile(added, 0.5).toFixed(0)} | ${quantile(of.cpuMicros, 0.5).toFixed(0)} |`;
}
