import { readEndpointModelId } from '#shared/contract/endpoints.ts';
import type { GenerateItem, GenerateRequest } from '#shared/contract/runner.ts';
import type { Answer } from '../benchmarks/answerer.ts';
import type { EndpointService } from '../endpoints/endpointService.ts';
import type { LibraryService } from '../library/libraryService.ts';
import type { ModelService } from '../models/modelService.ts';
import { noteAnswer } from '../models/noteAnswer.ts';

/** A model of this disk or behind an endpoint, before it is asked. */
export interface ComparedModel {
  readonly modelId: string;
  readonly modelName: string;
  /** Whether it would fit beside what is in use now; an endpoint's takes nothing here. */
  fitsNow(signal: AbortSignal): Promise<boolean>;
  open(options: { readonly signal: AbortSignal; readonly onProgress: (progress: number) => void }): Promise<OpenModel>;
}

/** A model that can be asked, until it is released. */
export interface OpenModel {
  /** Null where it was loaded already, and for an endpoint. */
  readonly loadMs: number | null;
  generate(
    request: GenerateRequest,
    options: { readonly signal: AbortSignal; readonly onItem: (item: GenerateItem) => void },
  ): Promise<Answer>;
  /** An error of its work, with what may be tried next where memory ran out. */
  explained(error: unknown): unknown;
  release(): void;
}

export interface ComparedModelNeeds {
  readonly library: Pick<LibraryService, 'require'>;
  readonly models: Pick<ModelService, 'acquire' | 'plan' | 'loaded'>;
  readonly endpoints: Pick<EndpointService, 'get' | 'generate'>;
}

/** As a person who waits would: once more, not five times. */
const endpointRetries = 1;

/**
 * Finds a model by its id. Loads nothing.
 * @throws {RpcError} model-not-found, endpoint-not-found
 */
export async function findComparedModel(id: string, needs: ComparedModelNeeds): Promise<ComparedModel> {
  const remote = readEndpointModelId(id);
  return remote === null ? ofLibrary(id, needs) : await ofEndpoint(id, remote, needs);
}

function ofLibrary(id: string, { library, models }: ComparedModelNeeds): ComparedModel {
  const { name, quant } = library.require(id);
  return {
    modelId: id,
    modelName: quant === null ? name : `${name} ${quant}`,
    async fitsNow(signal) {
      if (models.loaded().some((model) => model.artifactId === id)) return true;
      const { fit } = await models.plan(id, {}, { signal });
      return fit === null || fit.state !== 'none';
    },
    async open({ signal, onProgress }) {
      const runner = await models.acquire(id, { signal, onProgress });
      return {
        loadMs: runner.isFresh ? runner.load.loadMs : null,
        async generate(request, options) {
          const result = await runner.generation.generate(request, options);
          noteAnswer(runner, result);
          return result;
        },
        explained: (error) => runner.explained(error),
        release: () => runner.release(),
      };
    },
  };
}

async function ofEndpoint(
  id: string,
  remote: { readonly endpointId: string; readonly model: string },
  { endpoints }: ComparedModelNeeds,
): Promise<ComparedModel> {
  const endpoint = await endpoints.get(remote.endpointId);
  return {
    modelId: id,
    modelName: `${remote.model} (${endpoint.name})`,
    fitsNow: () => Promise.resolve(true),
    open: () =>
      Promise.resolve({
        loadMs: null,
        generate: (request, options) => endpoints.generate(remote, request, { ...options, retries: endpointRetries }),
        explained: (error) => error,
        release: () => undefined,
      }),
  };
}
