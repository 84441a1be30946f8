import { type Endpoint, endpointModelId } from '#shared/contract/endpoints.ts';
import type { Artifact, LoadedModel } from '#shared/contract/models.ts';

/** What a chat may be answered by: a model of this disk, or one behind an endpoint. */
export interface ChatChoice {
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

export function choiceOf(artifact: Artifact): ChatChoice {
  const { id, name, quant, publisher, contextTokens } = artifact;
  return { id, name, quant, publisher, contextTokens, artifact, endpoint: null };
}

/** Every model behind every endpoint. */
export function remoteChoices(endpoints: readonly Endpoint[]): readonly ChatChoice[] {
  return endpoints.flatMap((endpoint) =>
    endpoint.models.map((model) => ({
      id: endpointModelId(endpoint.id, model),
      name: model,
      quant: null,
      publisher: endpoint.name,
      contextTokens: null,
      artifact: null,
      endpoint,
    })),
  );
}

/** Whether it can be shown images, as far as anybody knows: what is loaded says so itself, a server is left to say no. */
export function seesImages(choice: ChatChoice | undefined, running: LoadedModel | undefined): boolean {
  if (choice === undefined) return false;
  if (choice.artifact === null) return true;
  return running?.seesImages === true || choice.artifact.projectorPath !== null;
}
