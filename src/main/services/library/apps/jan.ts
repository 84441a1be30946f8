import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { noClaim } from '../fileClaim.ts';
import { findGroup } from '../findGroup.ts';
import { findModelFiles } from '../findModelFiles.ts';
import type { FileGroup } from '../groupShards.ts';
import {
  type AppAdapter,
  claimedGroups,
  dataFolder,
  type FindOptions,
  joinFor,
  type Machine,
  repoOfFolders,
  shortLine,
} from './appAdapter.ts';
import { findPartials, isGguf, listFolderQuietly, readSmallJson, readSmallYaml, textAt } from './readAppFile.ts';

/**
 * Jan: `llamacpp/models/<org>/<repo>/model.yml` names a file by a path below the data folder, or anywhere for one that was linked. The data
 * folder may be moved (`data_folder` in its settings, `JAN_DATA_FOLDER`). Before 2025 models lay in `~/jan/models`.
 */
export const jan: AppAdapter = {
  app: 'jan',
  async folders(machine) {
    return [joinFor(machine, await dataFolderOf(machine), 'llamacpp', 'models'), joinFor(machine, machine.home, 'jan', 'models')];
  },
  async find(folder, options) {
    const described = await findDescribed(folder, options);
    const taken = new Set(described.flatMap((group) => [...group.files.map((file) => file.realPath), group.claim?.projectorPath ?? '']));
    const files = await findModelFiles(folder, { signal: options.signal, onUnreadable: (_path, error) => options.onUnreadable(error) });
    const rest = claimedGroups(
      (files ?? []).filter((file) => !taken.has(file.realPath) && !taken.has(file.path)),
      (path) => ({ ...noClaim, publisher: repoOfFolders(path)?.split('/')[0] ?? null }),
    );
    const partials = (await listModelFolders(folder)).map((path) => findPartials(path, (name) => /\.(tmp|download|part)$/.test(name)));
    return { groups: [...described, ...rest], partials: (await Promise.all(partials)).flat() };
  },
};

async function dataFolderOf(machine: Machine): Promise<string> {
  if (machine.env['JAN_DATA_FOLDER']) return machine.env['JAN_DATA_FOLDER'];
  const base = dataFolder(machine);
  const config = machine.platform === 'linux' ? machine.env['XDG_CONFIG_HOME'] || joinFor(machine, machine.home, '.config') : base;
  for (const place of [joinFor(machine, base, 'Jan'), joinFor(machine, base, 'jan.ai.app'), joinFor(machine, config, 'Jan')]) {
    const moved = textAt(await readSmallJson(joinFor(machine, place, 'settings.json')), 'data_folder');
    if (moved !== undefined && moved.length <= 4096 && !moved.includes('\0')) {
      if (/^([/\\]|[A-Za-z]:[/\\])/.test(moved)) return moved;
    }
  }
  return joinFor(machine, base, 'Jan', 'data');
}

async function findDescribed(folder: string, { signal }: FindOptions): Promise<FileGroup[]> {
  const groups: FileGroup[] = [];
  for (const path of await listModelFolders(folder)) {
    signal.throwIfAborted();
    const facts = await readSmallYaml(join(path, 'model.yml'));
    const modelPath = placeOf(textAt(facts, 'model_path'), folder);
    if (modelPath === null || !(await isGguf(modelPath))) continue;
    const group = await findGroup(modelPath);
    if (group === undefined) continue;
    const projector = placeOf(textAt(facts, 'mmproj_path'), folder);
    const sha256 = textAt(facts, 'model_sha256')?.toLowerCase() ?? '';
    const id = relative(folder, path).split(sep).join('/');
    groups.push({
      ...group,
      // Every file is called `model.gguf`: the folder is what tells them apart.
      baseName: /^model$/i.test(group.baseName) ? basename(path) : group.baseName,
      claim: {
        ...noClaim,
        nameInApp: shortLine(id),
        publisher: id.includes('/') ? shortLine(id.split('/')[0]) : null,
        sha256: group.files.length === 1 && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : null,
        projectorPath: projector !== null && (await isGguf(projector)) ? projector : null,
      },
    });
  }
  return groups;
}

/** A path as model.yml has it: below the data folder, or absolute. One that climbs out of the data folder is not believed. */
function placeOf(path: string | undefined, modelsFolder: string): string | null {
  if (path === undefined || path === '' || path.length > 4096 || path.includes('\0')) return null;
  if (isAbsolute(path)) return path;
  const data = dirname(dirname(modelsFolder));
  const place = resolve(data, path);
  return place.startsWith(data + sep) ? place : null;
}

/** Folders with a `model.yml`, at most four below the models folder. */
async function listModelFolders(folder: string): Promise<string[]> {
  const found: string[] = [];
  const waiting = [{ path: folder, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined && found.length < 5000; next = waiting.pop()) {
    const { path, depth } = next;
    const { folders, files } = await listFolderQuietly(path);
    if (files.includes('model.yml')) found.push(path);
    if (depth < 4) waiting.push(...folders.map((name) => ({ path: join(path, name), depth: depth + 1 })));
  }
  return found.sort();
}
