import type { ChatModel } from '../chat/chatModels.ts';
import type { ModelService } from '../models/modelService.ts';

/** Whether a model would fit beside what is in use now. An endpoint's takes nothing here, and a plan that cannot be made is the load's to explain. */
export async function fitsBeside(
  model: Pick<ChatModel, 'artifact'> | undefined,
  { models, signal }: { readonly models: Pick<ModelService, 'plan' | 'loaded'>; readonly signal: AbortSignal },
): Promise<boolean> {
  const artifact = model?.artifact ?? null;
  if (artifact === null || models.loaded().some(({ artifactId }) => artifactId === artifact.id)) return true;
  const plan = await models.plan(artifact.id, {}, { signal }).catch(() => null);
  return plan?.fit?.state !== 'none';
}
