import type { ServerSettingsPatch } from '#shared/contract/server.ts';
import { configureServer } from '../../stores/server.ts';
import { showError } from '../../ui/showError.ts';

/** Keeps a change of the settings; a refused one is taken back and said. */
export function saveServer(patch: ServerSettingsPatch): void {
  configureServer(patch).catch((thrown: unknown) => showError('The setting was not saved', thrown));
}

/** Copies what is read first; says so where it could not be had. */
export async function tryOr(title: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    showError(title, thrown);
    return false;
  }
}
