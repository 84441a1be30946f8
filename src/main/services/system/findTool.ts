import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';

/**
 * Looks a program up in the absolute folders of PATH, then in its usual ones. Never in the working folder, where a download could lie, nor on
 * another machine.
 * @param name without `.exe`
 * @returns its path, or undefined where it is not
 */
export async function findTool(
  name: string,
  world: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly platform: NodeJS.Platform;
    readonly usual: readonly string[];
  },
): Promise<string | undefined> {
  const { env, platform, usual } = world;
  const { join, delimiter, isAbsolute } = platform === 'win32' ? path.win32 : path.posix;
  const variable = Object.keys(env).find((key) => key === 'PATH' || (platform === 'win32' && key.toUpperCase() === 'PATH'));
  const named = variable === undefined ? [] : (env[variable] ?? '').split(delimiter);
  const folders = [...named, ...usual].filter((folder) => isAbsolute(folder) && !/^[\\/]{2}/.test(folder));
  for (const folder of folders) {
    const candidate = join(folder, platform === 'win32' ? `${name}.exe` : name);
    if (await isProgram(candidate)) return candidate;
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
