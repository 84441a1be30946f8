import { reasonNotToJudge } from '#core/bench/judge/judgeTasks.ts';

/** A model as it is chosen: by words, and by the name that tells its family. */
export interface SelectableModel {
  readonly id: string;
  readonly label: string;
  readonly name: string;
}

const namedModels = 2;

/** Models whose answers a judge would leave out: its own, and those of its family. */
export function barredBy(judge: SelectableModel, candidates: readonly SelectableModel[]): readonly SelectableModel[] {
  const named = ({ id, name }: SelectableModel) => ({ modelId: id, name });
  return candidates.filter((candidate) => reasonNotToJudge(named(judge), named(candidate)) !== null);
}

/** What is said beside a model in the list of judges; undefined where it may judge all. */
export function judgeDetail(judge: SelectableModel, candidates: readonly SelectableModel[]): string | undefined {
  const barred = barredBy(judge, candidates).length;
  if (barred === 0) return undefined;
  return barred === candidates.length ? 'judges none of these' : `judges ${candidates.length - barred} of ${candidates.length}`;
}

/** What is said below a chosen judge: whose answers it will not judge; null where it may judge all. */
export function judgeNote(judge: SelectableModel, candidates: readonly SelectableModel[]): string | null {
  const barred = barredBy(judge, candidates);
  if (barred.length === 0) return null;
  if (barred.length === candidates.length) return 'It judges none of the chosen models: each is itself or of its family.';
  const names = barred.slice(0, namedModels).map(({ label }) => label);
  const more = barred.length - names.length;
  const list = more === 0 ? names.join(' and ') : `${names.join(', ')} and ${more} more`;
  return `It does not judge ${list}: itself or its family.`;
}
