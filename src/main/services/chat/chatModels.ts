import { type Conversation, chatErrors } from '#shared/contract/chat.ts';
import { readEndpointModelId } from '#shared/contract/endpoints.ts';
import type { Artifact, LoadOptions } from '#shared/contract/models.ts';
import type { GenerateItem, GenerateRequest } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { Answer } from '../benchmarks/answerer.ts';
import type { EndpointService } from '../endpoints/endpointService.ts';
import type { LibraryService } from '../library/libraryService.ts';
import type { LoadedRunner, ModelService } from '../models/modelService.ts';
import { noteAnswer } from '../models/noteAnswer.ts';
import type { SettingsService } from '../settings/settingsService.ts';

/** An answer with what it filled. */
export type ChatAnswer = Answer & {
  /** Null behind an endpoint, where nobody says. */
  readonly context: { readonly usedTokens: number; readonly totalTokens: number; readonly droppedTurns: number } | null;
  /** Null where nobody says which was taken. */
  readonly seed: number | null;
};

/** A model in hand: of this disk, loaded, or behind an endpoint. */
export interface OpenedModel {
  readonly knowsTools: boolean;
  readonly knowsThinking: boolean;
  readonly seesImages: boolean;
  /** What writes calls into its text; an endpoint's server takes them out. */
  readonly writesCalls: boolean;
  /** Null where it was loaded before. */
  readonly loadMs: number | null;
  generate(
    request: GenerateRequest,
    options: { readonly signal: AbortSignal; readonly onItem?: (item: GenerateItem) => void },
  ): Promise<ChatAnswer>;
  explained(error: unknown): unknown;
  release(): void;
}

/** Who answers a conversation. */
export interface ChatModel {
  readonly id: string;
  /** As it stands beside its answers. */
  readonly name: string;
  readonly artifact: Artifact | null;
  open(options: {
    readonly load: Partial<LoadOptions> | null;
    readonly signal: AbortSignal;
    readonly onProgress: (progress: number) => void;
    /** Whether it is to be shown pictures. */
    readonly sees: boolean;
  }): Promise<OpenedModel>;
}

/** What a model is found and asked with, by whoever asks one: chats, comparisons, the command line, a request that is asked again. */
export interface ModelFinder {
  readonly library: Pick<LibraryService, 'require'>;
  readonly models: Pick<ModelService, 'acquire'>;
  readonly endpoints: Pick<EndpointService, 'get' | 'generate'>;
}

export interface ChatModelNeeds extends ModelFinder {
  readonly library: Pick<LibraryService, 'require' | 'list'>;
  readonly models: Pick<ModelService, 'acquire' | 'loaded'>;
  readonly endpoints: Pick<EndpointService, 'get' | 'list' | 'generate'>;
  readonly settings: Pick<SettingsService, 'read' | 'update'>;
}

/** Askings again after what may pass. */
const endpointRetries = 2;

/**
 * The model that answers next: the conversation's, or the one used last.
 * @throws {RpcError} no-model-chosen, model-not-found, endpoint-not-found
 */
export async function chatModelOf(conversation: Conversation, needs: ChatModelNeeds): Promise<ChatModel> {
  const id = conversation.modelId ?? needs.settings.read().lastModelId;
  if (id === null) {
    throw new RpcError(chatErrors.noModel, 'No model is chosen for this conversation.', { hint: 'Choose a model, then send again.' });
  }
  return await chatModel(id, needs);
}

/** A model of this disk or behind an endpoint. Loads nothing. @throws {RpcError} model-not-found, endpoint-not-found */
export async function chatModel(id: string, needs: ModelFinder): Promise<ChatModel> {
  return readEndpointModelId(id) === null ? localModel(needs.library.require(id), needs) : await remoteModel(id, needs);
}

/** @throws {RpcError} model-not-found; an endpoint is looked for when it is asked */
export function requireModel(id: string, library: Pick<LibraryService, 'require'>): void {
  if (readEndpointModelId(id) === null) library.require(id);
}

/**
 * Refuses images for a model that does not see, before anything is written. A model with a projector is loaded to find out.
 * @returns how long that load took; null where there was none
 * @throws {RpcError} images-unsupported, and what loading throws
 */
export async function requireSight(
  model: ChatModel,
  options: Parameters<ChatModel['open']>[0],
  needs: Omit<ChatModelNeeds, 'settings'>,
): Promise<number | null> {
  const { artifact } = model;
  if (artifact === null) return null;
  const loaded = needs.models.loaded().find((one) => one.artifactId === artifact.id && one.state === 'ready');
  if (loaded?.seesImages === true) return null;
  if (artifact.projectorPath !== null) {
    const opened = await model.open({ ...options, sees: true });
    opened.release();
    if (opened.seesImages) return opened.loadMs;
  }
  throw new RpcError(chatErrors.noVision, `${model.name} can't be shown images. Nothing was sent.`, {
    hint: `Leave the image out, or choose ${await seeingModel(artifact, needs)}.`,
  });
}

async function seeingModel(artifact: Artifact, { library, models, endpoints }: Omit<ChatModelNeeds, 'settings'>): Promise<string> {
  const seeing = models.loaded().find((one) => one.seesImages);
  if (seeing !== undefined) return `a model that sees: ${seeing.name}`;
  const withProjector = library.list().find((one) => one.id !== artifact.id && one.projectorPath !== null && one.state === 'ready');
  if (withProjector !== undefined) return `a model with a vision projector: ${withProjector.name}`;
  const [endpoint] = await endpoints.list();
  return endpoint === undefined ? 'a model that sees behind an endpoint (Server › Endpoints)' : `a model that sees at ${endpoint.name}`;
}

function localModel(artifact: Artifact, { models }: Pick<ModelFinder, 'models'>): ChatModel {
  return {
    id: artifact.id,
    name: artifact.quant === null ? artifact.name : `${artifact.name} ${artifact.quant}`,
    artifact,
    async open({ load, signal, onProgress, sees }) {
      const runner = await models.acquire(artifact.id, { ...load, signal, onProgress, sees });
      const { knowsTools = false, knowsThinking = false, seesImages = false, loadMs } = runner.load;
      return {
        knowsTools,
        knowsThinking,
        seesImages,
        writesCalls: true,
        loadMs: runner.isFresh ? loadMs : null,
        generate: (request, options) => generateHere(runner, request, options),
        explained: (error) => runner.explained(error),
        release: () => runner.release(),
      };
    },
  };
}

async function generateHere(
  runner: LoadedRunner,
  request: GenerateRequest,
  options: Parameters<OpenedModel['generate']>[1],
): Promise<ChatAnswer> {
  const result = await runner.generation.generate(request, options);
  noteAnswer(runner, result);
  const { contextUsedTokens, contextTokens, droppedTurns } = result;
  return { ...result, context: { usedTokens: contextUsedTokens, totalTokens: contextTokens, droppedTurns } };
}

async function remoteModel(id: string, { endpoints }: Pick<ModelFinder, 'endpoints'>): Promise<ChatModel> {
  const target = readEndpointModelId(id);
  if (target === null) throw new Error('The id of an endpoint names one.');
  const endpoint = await endpoints.get(target.endpointId);
  return {
    id,
    name: `${target.model} (${endpoint.name})`,
    artifact: null,
    open: async () => ({
      // Who asks for one that does not is told so by its server.
      knowsTools: true,
      knowsThinking: true,
      seesImages: true,
      writesCalls: false,
      loadMs: null,
      generate: async (request, options) => ({
        ...(await endpoints.generate(target, request, { ...options, retries: endpointRetries })),
        context: null,
        seed: null,
      }),
      explained: (error) => error,
      release: () => undefined,
    }),
  };
}
