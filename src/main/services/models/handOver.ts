import type { HandOverFacts, HandOverSettings } from '#core/handOver/handOverFacts.ts';
import { handOvers } from '#core/handOver/handOvers.ts';
import { originalRepo } from '#core/handOver/originalRepo.ts';
import { defaultSampling } from '#shared/contract/chat.ts';
import type { LoadPlan } from '#shared/contract/fit.ts';
import type { HandOver } from '#shared/contract/handOver.ts';
import type { Artifact, LoadOptions } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { fileProblem, problemError } from '../library/fileProblem.ts';
import type { LibraryService } from '../library/libraryService.ts';
import type { ModelService } from './modelService.ts';

export interface HandOverOptions {
  readonly library: Pick<LibraryService, 'require' | 'inspect'>;
  readonly models: Pick<ModelService, 'plan'>;
}

/** Ways to run a model of the library somewhere else, as it would be loaded here. Loads nothing. */
export type HandOverOf = (id: string, wish: LoadOptions, asking?: { readonly signal?: AbortSignal }) => Promise<HandOver[]>;

/** @throws {RpcError} by the function it makes: model-not-found, file-missing and codes of bad files; bad-input for wishes that contradict each other */
export function createHandOver({ library, models }: HandOverOptions): HandOverOf {
  return async (id, wish, asking = {}) => {
    const artifact = library.require(id);
    if (artifact.state !== 'ready') {
      throw problemError(artifact.problem ?? fileProblem('file-missing', 'The file is not there.'), { artifactId: id });
    }
    const { metadata } = await library.inspect(id);
    const header = (key: string): string | null => metadata.find((entry) => entry.key === key)?.value ?? null;
    const plan = await planned(models, { id, wish, ...asking });
    return handOvers(factsOf(artifact, settingsOf(wish, plan), header));
  };
}

/** What cannot be planned on this machine may run well on another. */
async function planned(
  models: Pick<ModelService, 'plan'>,
  { id, wish, signal }: { readonly id: string; readonly wish: LoadOptions; readonly signal?: AbortSignal },
): Promise<LoadPlan | null> {
  try {
    return await models.plan(id, wish, signal === undefined ? {} : { signal });
  } catch (error) {
    if (error instanceof RpcError && error.code === 'out-of-memory') return null;
    throw error;
  }
}

function settingsOf(wish: LoadOptions, plan: LoadPlan | null): HandOverSettings {
  const chosen = plan?.options ?? wish;
  const { temperature, topP, topK, minP, repeatPenalty } = defaultSampling;
  return {
    contextTokens: chosen.contextTokens,
    parallel: chosen.sequences ?? 1,
    kvType: chosen.kvType,
    flashAttention: chosen.flashAttention,
    gpuLayers: wish.gpuLayers ?? placedLayers(plan),
    // Counted for this machine's cores: another one has others.
    threads: wish.threads,
    sampling: { temperature, topP, topK, minP, repeatPenalty },
  };
}

/** A machine without a GPU says nothing about one that has it. */
function placedLayers(plan: LoadPlan | null): number | 'all' | null {
  const placed = plan?.options.gpuLayers ?? null;
  if (plan === null || plan.backend === 'cpu' || placed === null) return null;
  return plan.fit !== null && placed >= plan.fit.layers ? 'all' : placed;
}

function factsOf(artifact: Artifact, settings: HandOverSettings, header: (key: string) => string | null): HandOverFacts {
  const { provenance } = artifact;
  return {
    name: artifact.name,
    quant: artifact.quant,
    files: artifact.files,
    projector: artifact.projectorPath,
    hub: provenance?.file == null ? null : { repo: provenance.repo, file: provenance.file },
    ollamaName: artifact.owner === 'ollama' ? artifact.nameInApp : null,
    originalRepo: originalRepo(header, [artifact.name, artifact.repo, provenance?.repo ?? null]),
    parameters: artifact.parameters,
    hasChatTemplate: artifact.hasChatTemplate,
    settings,
  };
}
