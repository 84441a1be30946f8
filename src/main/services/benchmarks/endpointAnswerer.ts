import { type EndpointId, endpointModelId } from '#shared/contract/endpoints.ts';
import type { EndpointService } from '../endpoints/endpointService.ts';
import type { Answerer } from './answerer.ts';

/**
 * A model behind an endpoint as one who answers items. It holds nothing open: closing ends nothing that is under way, its signal does.
 * @param options.retries askings again after what may pass, for each answer
 */
export function createEndpointAnswerer(
  endpoints: Pick<EndpointService, 'generate'>,
  options: { readonly endpointId: EndpointId; readonly model: string; readonly retries: number },
): Answerer {
  const { endpointId, model, retries } = options;
  return {
    modelId: endpointModelId(endpointId, model),
    knowsTools: true,
    isAlive: true,
    peakMemoryBytes: null,
    residentBytes: null,
    generate: (request, asking) => endpoints.generate({ endpointId, model }, request, { ...asking, retries }),
    close: () => Promise.resolve(),
  };
}
