import { createHash } from 'node:crypto';
import type { ReclaimItem } from '#shared/contract/models.ts';

/** A listed item, and what is needed to look at it again and let it go. */
export interface Reclaimable {
  readonly item: ReclaimItem;
  readonly target:
    | { readonly kind: 'files'; readonly files: readonly LeftoverFile[]; readonly root: string; readonly isOrphan: boolean }
    | { readonly kind: 'artifact'; readonly artifactId: string; readonly isDuplicate: boolean };
}

/** A file as it was when it was listed. */
export interface LeftoverFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
}

/** Says nothing of the path: the page gives it back, and it is looked up in the last listing. */
export function reclaimId(kind: ReclaimItem['kind'], path: string): string {
  return `${kind}-${createHash('sha256').update(path).digest('hex').slice(0, 24)}`;
}
