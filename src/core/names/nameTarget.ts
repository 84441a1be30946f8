import type { NameReading, NameTarget } from './nameReading.ts';

/**
 * Says where a name leads: to one repo, or to a search.
 * @param reading of what was typed
 * @returns the repo with the quant, file and revision that were named; otherwise words to search for
 */
export function nameTarget(reading: NameReading): NameTarget {
  const quant = reading.quant?.label ?? null;
  if (reading.repo !== null) {
    const { repo, revision, file } = reading;
    return { kind: 'repo', repo, revision, quant, file };
  }
  return { kind: 'search', query: reading.searchQuery ?? reading.displayName, quant };
}
