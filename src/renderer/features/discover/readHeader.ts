import type { CatalogRepo, RemoteHeader } from '#shared/contract/catalog.ts';
import type { Loadable } from '../../stores/benchmarks.ts';
import { headerKey } from '../../stores/catalog.ts';
import type { ReadHeader } from './quantFit.ts';

/** The header of a repo that was read, of whichever of its quants. @returns null while none was */
export function readHeaderOf(repo: CatalogRepo, headers: Readonly<Record<string, Loadable<RemoteHeader>>>): ReadHeader | null {
  for (const quant of repo.quants) {
    const entry = headers[headerKey(repo.repo, repo.commit, quant.file)];
    if (entry?.state === 'ready') return { file: quant.file, shape: entry.value.shape };
  }
  return null;
}
