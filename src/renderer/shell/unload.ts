import type { LoadedModel } from '#shared/contract/models.ts';
import { unloadModel } from '../stores/models.ts';
import { showError } from '../ui/showError.ts';
import { showToast } from '../ui/toast.ts';

/** Takes a model out of memory and says so. */
export async function unload(model: LoadedModel): Promise<void> {
  try {
    await unloadModel(model.artifactId);
    showToast({ tone: 'done', title: `Unloaded ${model.name}` });
  } catch (thrown) {
    showError(`${model.name} could not be unloaded`, thrown);
  }
}
