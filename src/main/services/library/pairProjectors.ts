import { dirname } from 'node:path';
import { quantFromFileName } from '#core/quant/quantFromFileName.ts';
import type { ArtifactRow } from '#main/storage/artifactTable.ts';
import type { LibraryRows } from './libraryRows.ts';

/** Quality costs little in a projector: half precision first, as the packagers recommend. */
const precisions = ['F16', 'BF16', 'Q8_0', 'F32'];

/**
 * Gives every model the vision or audio projector that lies in its folder and feeds it: same width as the model's embeddings where both
 * headers tell, and of the same name where the projector has one. What an app's own records paired stays.
 */
export function pairProjectors(rows: LibraryRows): void {
  const byFolder = new Map<string, ArtifactRow[]>();
  for (const row of rows.all().filter(isProjector)) {
    const folder = dirname(pathOf(row));
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), row]);
  }
  const present = new Set([...byFolder.values()].flat().map(pathOf));
  for (const model of rows.all().filter((row) => row.role === 'model' && row.state === 'ready')) {
    const candidates = (byFolder.get(dirname(pathOf(model))) ?? []).filter((projector) => fits(projector, model));
    const best = candidates.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
    // A path out of an app's records, or of another folder, is not ours to doubt.
    const isFromHere = model.projectorPath === null || dirname(model.projectorPath) === dirname(pathOf(model));
    if (!isFromHere || (model.projectorPath !== null && present.has(model.projectorPath))) continue;
    if (best !== undefined || model.projectorPath === null)
      rows.save({ ...model, projectorPath: best === undefined ? null : pathOf(best) });
  }
}

const pathOf = (row: ArtifactRow): string => row.files[0]?.path ?? '';

function isProjector(row: ArtifactRow): boolean {
  return row.role === 'other' && row.state === 'ready' && (row.architecture === 'clip' || quantFromFileName(pathOf(row)).role === 'mmproj');
}

function fits(projector: ArtifactRow, model: ArtifactRow): boolean {
  if (projector.width !== null && model.width !== null && projector.width % model.width !== 0) return false;
  const own = wordsOf(projector).filter((word) => word !== 'mmproj' && word !== 'model' && word !== 'vision' && word !== 'proj');
  return own.length === 0 || own[0] === wordsOf(model)[0];
}

function wordsOf(row: ArtifactRow): string[] {
  return quantFromFileName(pathOf(row))
    .baseName.toLowerCase()
    .split(/[-._ ]+/)
    .filter(Boolean);
}

function rankOf(projector: ArtifactRow): number {
  const rank = precisions.indexOf(quantFromFileName(pathOf(projector)).label ?? '');
  return rank === -1 ? precisions.length : rank;
}
