import type { ModelChoice } from '../../../stores/modelChoices.ts';

/**
 * The models of the columns: those chosen that are still there; where nothing was chosen, two to begin with.
 * @param preferred ids that come first where nothing was chosen: last used, in memory
 */
export function chosenModels(
  chosen: readonly string[] | null,
  choices: readonly ModelChoice[],
  preferred: readonly (string | null)[],
): readonly string[] {
  const known = new Set(choices.map(({ id }) => id));
  if (chosen !== null) {
    const kept = chosen.filter((id) => known.has(id));
    return kept.length >= 2 ? kept : filled(kept, choices);
  }
  const first = [...new Set(preferred.filter((id) => id !== null && known.has(id)))] as string[];
  return filled(first.slice(0, 2), choices);
}

function filled(ids: readonly string[], choices: readonly ModelChoice[]): readonly string[] {
  const rest = choices.filter(({ id, endpoint }) => endpoint === null && !ids.includes(id)).map(({ id }) => id);
  return [...ids, ...rest].slice(0, 2);
}
