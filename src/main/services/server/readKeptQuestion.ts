import { readJson } from '#core/bench/jsonValue.ts';
import type { LoadedRunner } from '#main/services/models/modelService.ts';
import type { RunnerGeneration } from '#main/supervisor/runnerSupervisor.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { GenerateRequest, type LoadResult } from '#shared/contract/runner.ts';
import { type RequestDetail, serverErrors } from '#shared/contract/server.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/**
 * What a kept request asked, read by the very routes that read it first: they are given a model that answers nothing and remembers what it was asked.
 * @throws {RpcError} request-body-not-kept for one that was not kept whole, or asked for no answer
 */
export async function readKeptQuestion({ request, question }: RequestDetail): Promise<GenerateRequest> {
  if (question === null) {
    throw notKept(
      'What this request asked was not kept.',
      'Switch on “Keep questions and answers” on the Server page: requests from then on can be replayed.',
    );
  }
  const body = readJson(question);
  if (!request.hasBody || !body.ok || typeof body.value !== 'object' || body.value === null || Array.isArray(body.value)) {
    throw notKept('Only a part of what this request asked was kept.', 'Requests of more than a million characters cannot be replayed.');
  }
  // The model is let go by nobody here, nothing is streamed, and numbers of tokens mean nothing to another one.
  const { keep_alive: _keepAlive, logit_bias: _logitBias, ...fields } = body.value as Readonly<Record<string, unknown>>;
  let asked: GenerateRequest | null = null;
  const generation: Pick<RunnerGeneration, 'generate'> = {
    async generate(given) {
      asked ??= GenerateRequest.parse(given);
      throw new Error('Only the question was wanted.');
    },
  };
  const { createDialects } = await import('#main/services/api/apiApp.ts');
  const dialects = createDialects({
    library: { list: () => [listener] },
    models: { acquire: async () => inHand(generation as RunnerGeneration), loaded: () => [] },
    now: () => request.at,
  });
  await dialects.request(request.path, {
    method: request.method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...fields, model: listener.id, stream: false }),
  });
  if (asked !== null) return asked;
  throw notKept(
    'This request asked for no answer that could be given again.',
    'Chats, completions and messages that were understood can be replayed.',
  );
}

const notKept = (message: string, hint: string): RpcError => new RpcError(serverErrors.noBody, message, { hint });

const inHand = (generation: RunnerGeneration): LoadedRunner => ({
  artifact: listener,
  generation,
  load,
  isFresh: false,
  noteSpeed: () => undefined,
  explained: (error) => error,
  release: () => undefined,
});

/** Takes whatever a request may hold: what the other model cannot do, it says itself. */
const load: LoadResult = {
  loadMs: 0,
  contextTokens: 16_777_216,
  trainContextTokens: null,
  layers: 0,
  gpuLayers: 0,
  threads: 1,
  backend: 'cpu',
  engine: '',
  reserved: null,
  gpuLostBytes: null,
  device: null,
  residentBytes: 0,
  hasChatTemplate: true,
  knowsTools: true,
  knowsThinking: true,
  seesImages: true,
};

const listener: Artifact = {
  id: 'kept-question',
  name: 'kept-question',
  publisher: null,
  repo: null,
  quant: null,
  nameInApp: null,
  path: '',
  files: [],
  sizeBytes: 0,
  sha256: null,
  owner: 'imported',
  folderId: null,
  state: 'ready',
  problem: null,
  architecture: null,
  parameters: null,
  contextTokens: null,
  license: null,
  hasChatTemplate: true,
  projectorPath: null,
  provenance: null,
  update: null,
  addedAt: 0,
  lastUsedAt: null,
  speed: null,
  score: null,
};
