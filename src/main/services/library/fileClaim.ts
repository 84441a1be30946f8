import type { Provenance } from '#shared/contract/models.ts';

/** What another app's own records say of a model. Hostile until the file bears it out: a claimed hash is never shown as read. */
export interface FileClaim {
  /** What the app calls it, where that is not the file's name: `llama3.2:3b`. */
  readonly nameInApp: string | null;
  readonly publisher: string | null;
  readonly provenance: Provenance | null;
  readonly sha256: string | null;
  readonly projectorPath: string | null;
}

export const noClaim: FileClaim = { nameInApp: null, publisher: null, provenance: null, sha256: null, projectorPath: null };
