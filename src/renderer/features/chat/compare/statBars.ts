import { formatDuration, formatTokensPerSecond, missing } from '#core/units.ts';
import type { ComparedAnswer, Comparison } from '#shared/contract/comparisons.ts';

export interface StatBar {
  readonly label: 'TTFT' | 'Speed' | 'Total';
  readonly title: string;
  /** The number and its unit, apart; an en dash where it was not measured. */
  readonly value: string;
  readonly unit: string;
  /** Of the longest bar of its kind, 0 to 1. */
  readonly share: number;
  readonly isBest: boolean;
}

interface Kind {
  readonly label: StatBar['label'];
  readonly title: string;
  readonly better: 'low' | 'high';
  readonly of: (answer: ComparedAnswer) => number | null;
  readonly words: (value: number) => string;
}

const kinds: readonly Kind[] = [
  {
    label: 'TTFT',
    title: 'Time to first token, without loading',
    better: 'low',
    of: ({ timings }) => timings?.ttftMs ?? null,
    words: formatDuration,
  },
  {
    label: 'Speed',
    title: 'Generation speed',
    better: 'high',
    of: ({ timings }) => timings?.generationTokensPerSecond ?? null,
    words: (value) => formatTokensPerSecond(value, { kind: value < 100 ? 'live' : 'measured' }),
  },
  {
    label: 'Total',
    title: 'Time of the whole answer, without loading',
    better: 'low',
    // What was stopped or broke took less for that reason alone.
    of: ({ timings, state }) => (state === 'complete' ? (timings?.totalMs ?? null) : null),
    words: formatDuration,
  },
];

/**
 * The measured numbers under each column, as bars of one scale a kind. The best of a kind is named where at least two were measured, and only
 * of models that took turns: those that write at the same time share the machine.
 * @returns by column
 */
export function statBars({ answers, pace }: Pick<Comparison, 'answers' | 'pace'>): readonly (readonly StatBar[])[] {
  const byKind = kinds.map((kind) => {
    const values = answers.map(kind.of);
    const known = values.filter((value) => value !== null);
    const best = pace === 'turns' && known.length > 1 ? Math[kind.better === 'low' ? 'min' : 'max'](...known) : null;
    const most = Math.max(0, ...known);
    return values.map((value): StatBar => {
      const [number = missing, unit = '', ...rest] = (value === null ? missing : kind.words(value)).split(' ');
      const isSimple = rest.length === 0;
      return {
        label: kind.label,
        title: kind.title,
        value: isSimple ? number : [number, unit, ...rest].join(' '),
        unit: isSimple ? unit : '',
        share: value === null || most === 0 ? 0 : value / most,
        isBest: value !== null && value === best,
      };
    });
  });
  return answers.map((_answer, index) => byKind.flatMap((stats) => stats[index] ?? []));
}
