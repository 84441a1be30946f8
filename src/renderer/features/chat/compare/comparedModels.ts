import { type Endpoint, endpointModelId } from '#shared/contract/endpoints.ts';
import type { Artifact } from '#shared/contract/models.ts';

/** A model that can be asked, wherever it is. */
export interface ModelChoice {
  readonly id: string;
  readonly name: string;
  readonly quant: string | null;
  /** Null for one of this disk. */
  readonly endpoint: string | null;
  readonly artifact: Artifact | null;
}

/** What can be compared: models of the library that are ready, then those behind endpoints. */
export function modelChoices(artifacts: readonly Artifact[], endpoints: readonly Endpoint[]): readonly ModelChoice[] {
  return [
    ...artifacts
      .filter(({ state }) => state === 'ready')
      .map((artifact) => ({ id: artifact.id, name: artifact.name, quant: artifact.quant, endpoint: null, artifact })),
    ...endpoints.flatMap((endpoint) =>
      endpoint.models.map((model) => ({
        id: endpointModelId(endpoint.id, model),
        name: model,
        quant: null,
        endpoint: endpoint.name,
        artifact: null,
      })),
    ),
  ];
}

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
