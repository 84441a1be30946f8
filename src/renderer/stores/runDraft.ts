import { create } from 'zustand';
import { freshDraft, type RunDraft } from './draftPlan.ts';

/** The run being set up. It outlives the screen, so that a look at the library loses nothing. */
export const useDraft = create<RunDraft>(() => freshDraft);

export function changeDraft(change: Partial<RunDraft>): void {
  useDraft.setState(change);
}

export function replaceDraft(draft: RunDraft): void {
  useDraft.setState(draft, true);
}
