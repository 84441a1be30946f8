import { join } from 'node:path';
import { noClaim } from '../fileClaim.ts';
import { foundFile, isModelFileName } from '../findModelFiles.ts';
import { type AppAdapter, claimedGroups, joinFor, localDataFolder } from './appAdapter.ts';
import { findPartials, listFolder } from './readAppFile.ts';

/** GPT4All: `*.gguf` in one flat folder, `incomplete-*` while they arrive; its Python package has a folder of its own. */
export const gpt4all: AppAdapter = {
  app: 'gpt4all',
  folders: async (machine) => [
    joinFor(machine, localDataFolder(machine), 'nomic.ai', 'GPT4All'),
    joinFor(machine, machine.home, '.cache', 'gpt4all'),
  ],
  async find(folder) {
    const isPartial = (name: string): boolean => name.startsWith('incomplete-');
    const listed = await listFolder(folder);
    const names = [...listed.files, ...listed.links].filter((name) => isModelFileName(name) && !isPartial(name));
    const files = await Promise.all(names.map((name) => foundFile(join(folder, name)).catch(() => undefined)));
    return {
      groups: claimedGroups(
        files.filter((file) => file !== undefined),
        () => noClaim,
      ),
      partials: await findPartials(folder, isPartial),
    };
  },
};
