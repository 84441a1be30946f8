import type { AnswerEvent } from '#shared/contract/chat.ts';
import type { ComparedAnswer, Comparison, ComparisonEvent } from '#shared/contract/comparisons.ts';

/** What a column shows while it is written. */
export interface LiveColumn {
  readonly phase: 'loading' | 'prompt' | 'writing';
  /** 0 to 1; null before the load has told. */
  readonly loadProgress: number | null;
  readonly prompt: { readonly processedTokens: number; readonly totalTokens: number } | null;
  readonly text: string;
  readonly reasoning: string;
  readonly completionTokens: number;
  readonly tokensPerSecond: number | null;
}

/** A comparison that is being written. */
export interface LiveComparison {
  readonly comparison: Comparison;
  /** By number of the column. */
  readonly columns: Readonly<Record<number, LiveColumn>>;
  /** Columns that have ended; of a blind one nothing more is told. */
  readonly ended: number;
}

const begunColumn: LiveColumn = {
  phase: 'loading',
  loadProgress: null,
  prompt: null,
  text: '',
  reasoning: '',
  completionTokens: 0,
  tokensPerSecond: null,
};

/** Applies a run of events in one step, so that a frame costs one render however many tokens it brought. */
export function withComparisonEvents(live: LiveComparison, events: readonly ComparisonEvent[]): LiveComparison {
  let next = live;
  for (const event of events) {
    switch (event.kind) {
      case 'started':
        next = { comparison: event.comparison, columns: {}, ended: 0 };
        break;
      case 'answer':
        next = { ...next, columns: { ...next.columns, [event.index]: withAnswerEvent(next.columns[event.index], event.event) } };
        break;
      case 'column':
        next = { ...next, comparison: withColumn(next.comparison, event.index, event.answer) };
        break;
      case 'progress':
        next = { ...next, ended: event.ended };
        break;
      default:
        event satisfies never;
    }
  }
  return next;
}

function withColumn(comparison: Comparison, index: number, answer: ComparedAnswer): Comparison {
  return { ...comparison, answers: comparison.answers.map((before, at) => (at === index ? answer : before)) };
}

function withAnswerEvent(column: LiveColumn = begunColumn, event: AnswerEvent): LiveColumn {
  switch (event.kind) {
    case 'loading':
      return { ...column, phase: 'loading', loadProgress: event.progress };
    case 'prompt':
      return { ...column, phase: 'prompt', prompt: { processedTokens: event.processedTokens, totalTokens: event.totalTokens } };
    case 'delta':
      return {
        ...column,
        phase: 'writing',
        text: column.text + event.text,
        reasoning: column.reasoning + event.reasoning,
        completionTokens: event.completionTokens,
        tokensPerSecond: event.tokensPerSecond,
      };
    case 'started':
    case 'call':
      return column;
    default:
      return event satisfies never;
  }
}

/** Whether its models are not told yet. */
export const isHidden = ({ answers }: Comparison): boolean => answers.every(({ modelId }) => modelId === null);
