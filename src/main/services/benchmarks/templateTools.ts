import { mayHaveSkills } from '#core/gguf/mayHaveSkills.ts';
import type { LibraryService } from '#main/services/library/libraryService.ts';

/** Whether a model is surely told of no tools, read from its file without loading it; false where that is not known. */
export type LacksTools = (modelId: string) => Promise<boolean>;

/** Makes that question. Each file is read once; after it was replaced, once more. */
export function createLacksTools(library: Pick<LibraryService, 'get' | 'inspect'>): LacksTools {
  const read = new Map<string, Promise<boolean>>();

  /** A file that cannot be read has a reason of its own not to run. */
  async function readTemplate(modelId: string): Promise<boolean> {
    try {
      const { chatTemplate } = await library.inspect(modelId);
      return chatTemplate === null || !mayHaveSkills(chatTemplate);
    } catch {
      return false;
    }
  }

  return (modelId) => {
    const artifact = library.get(modelId);
    if (artifact?.state !== 'ready') return Promise.resolve(false);
    const key = JSON.stringify([artifact.id, artifact.path, artifact.sizeBytes, artifact.sha256]);
    const known = read.get(key) ?? readTemplate(modelId);
    read.set(key, known);
    return known;
  };
}
