import type { Endpoint } from '#shared/contract/endpoints.ts';
import { endpointModelId } from '#shared/contract/endpoints.ts';

/** A model behind an endpoint, as it can be chosen. */
export interface RemoteModel {
  readonly id: string;
  readonly name: string;
  readonly endpoint: string;
  /** Requests at the same time that its endpoint takes. */
  readonly concurrency: number;
}

export function remoteModels(endpoints: readonly Endpoint[]): readonly RemoteModel[] {
  return endpoints.flatMap((endpoint) =>
    endpoint.models.map((model) => ({
      id: endpointModelId(endpoint.id, model),
      name: model,
      endpoint: endpoint.name,
      concurrency: endpoint.concurrency,
    })),
  );
}
