import { type Endpoint, endpointModelId } from '#shared/contract/endpoints.ts';
import type { Artifact, LoadedModel } from '#shared/contract/models.ts';

/** A model that can be asked, wherever it is. */
export interface ModelChoice {
  readonly id: string;
  readonly name: string;
  readonly quant: string | null;
  readonly publisher: string | null;
  readonly contextTokens: number | null;
  /** Null for a model of another machine. */
  readonly artifact: Artifact | null;
  /** Where it is asked; null for one of this disk. */
  readonly endpoint: Endpoint | null;
}

/** Everything that can be asked: models of this disk that are ready, then those behind endpoints. */
export function modelChoices(artifacts: readonly Artifact[], endpoints: readonly Endpoint[]): readonly ModelChoice[] {
  return [
    ...artifacts.filter(({ state }) => state === 'ready').map(choiceOf),
    ...endpoints.flatMap((endpoint) =>
      endpoint.models.map((model) => ({
        id: endpointModelId(endpoint.id, model),
        name: model,
        quant: null,
        publisher: endpoint.name,
        contextTokens: null,
        artifact: null,
        endpoint,
      })),
    ),
  ];
}

/** Its whole name: two quants of a model are two answers, and so are two servers of it. */
export function choiceName({ name, quant, endpoint }: Pick<ModelChoice, 'name' | 'quant' | 'endpoint'>): string {
  if (endpoint !== null) return `${name} (${endpoint.name})`;
  return quant === null ? name : `${name} ${quant}`;
}

export function choiceOf(artifact: Artifact): ModelChoice {
  const { id, name, quant, publisher, contextTokens } = artifact;
  return { id, name, quant, publisher, contextTokens, artifact, endpoint: null };
}

/** Whether it can be shown images, as far as anybody knows: what is loaded says so itself, a server is left to say no. */
export function seesImages(choice: ModelChoice | undefined, running: LoadedModel | undefined): boolean {
  if (choice === undefined) return false;
  if (choice.artifact === null) return true;
  return running?.seesImages === true || choice.artifact.projectorPath !== null;
}
