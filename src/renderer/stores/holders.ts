import { create } from 'zustand';
import type { MemoryHolders } from '#shared/contract/system.ts';
import { rpc } from './rpc.ts';

interface HoldersState {
  /** Null until somebody asked. */
  readonly holders: MemoryHolders | null;
  readonly isReading: boolean;
}

/** Which programs hold memory, as of the last time it mattered. */
export const useHolders = create<HoldersState>(() => ({ holders: null, isReading: false }));

/** Looks which programs hold memory now. Where that fails nothing is named. */
export async function readHolders({ signal }: { readonly signal: AbortSignal }): Promise<void> {
  useHolders.setState({ isReading: true });
  try {
    const holders = await rpc.call('system.holders', {}, { signal });
    if (!signal.aborted) useHolders.setState({ holders });
  } catch {
    useHolders.setState({ holders: null });
  } finally {
    useHolders.setState({ isReading: false });
  }
}

/** What is held changes all the time: nothing of it is shown a second time. */
export function forgetHolders(): void {
  useHolders.setState({ holders: null });
}
