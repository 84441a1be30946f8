import { stat } from 'node:fs/promises';
import { basename, join, posix, relative, sep, win32 } from 'node:path';
import { type FileClaim, noClaim } from '../fileClaim.ts';
import { findModelFiles } from '../findModelFiles.ts';
import { type AppAdapter, claimedGroups, dataFolder, isRepoId, joinFor, type Machine } from './appAdapter.ts';
import { findPartials, listFolderQuietly, readSmallJson, readSmallText, textAt } from './readAppFile.ts';

/**
 * LM Studio: `<publisher>/<repo>/<file>.gguf` below the models folder, which its settings may move (`downloadsFolder`, checked 2026-11-21).
 * Its home is what `~/.lmstudio-home-pointer` says, else the old `~/.cache/lm-studio` where that is there, else `~/.lmstudio`.
 */
export const lmStudio: AppAdapter = {
  app: 'lm-studio',
  async folders(machine) {
    const home = await homeFolder(machine);
    for (const settings of [joinFor(machine, home, 'settings.json'), joinFor(machine, dataFolder(machine), 'LM Studio', 'settings.json')]) {
      const moved = textAt(await readSmallJson(settings), 'downloadsFolder');
      if (moved !== undefined && isAbsoluteOn(machine, moved)) return [moved];
    }
    return [joinFor(machine, home, 'models')];
  },
  async find(folder, { signal, onUnreadable }) {
    const files = await findModelFiles(folder, { signal, onUnreadable: (_path, error) => onUnreadable(error) });
    const whole = (files ?? []).filter((file) => !basename(file.path).startsWith('downloading_'));
    return { groups: claimedGroups(whole, (path) => claimOf(relative(folder, path))), partials: await findUnfinished(folder) };
  },
};

async function homeFolder(machine: Machine): Promise<string> {
  const pointer = (await readSmallText(joinFor(machine, machine.home, '.lmstudio-home-pointer'), 8192))?.trim().split(/\r?\n/)[0]?.trim();
  if (pointer && isAbsoluteOn(machine, pointer)) return pointer;
  const old = joinFor(machine, machine.home, '.cache', 'lm-studio');
  return (await stat(old).catch(() => undefined))?.isDirectory() ? old : joinFor(machine, machine.home, '.lmstudio');
}

const isAbsoluteOn = (machine: Machine, path: string): boolean =>
  path.length <= 4096 && !path.includes('\0') && (machine.platform === 'win32' ? win32 : posix).isAbsolute(path);

/** It mirrors the hub: the first two folders are the repo, the rest is the path within it. */
function claimOf(path: string): FileClaim {
  const [publisher = '', name = '', ...rest] = path.split(sep);
  const repo = `${publisher}/${name}`;
  if (rest.length === 0 || !isRepoId(repo)) return noClaim;
  return { ...noClaim, publisher, provenance: { repo, revision: null, commit: null, file: rest.join('/'), verifiedAt: null } };
}

async function findUnfinished(folder: string): ReturnType<typeof findPartials> {
  const isPartial = (name: string): boolean => /^downloading_.*\.part$/.test(name);
  const found = await findPartials(folder, isPartial);
  for (const publisher of (await listFolderQuietly(folder)).folders) {
    found.push(...(await findPartials(join(folder, publisher), isPartial)));
    for (const repo of (await listFolderQuietly(join(folder, publisher))).folders) {
      found.push(...(await findPartials(join(folder, publisher, repo), isPartial)));
    }
  }
  return found;
}
