import { create } from 'zustand';
import type { KvType } from '#core/fit/fitTypes.ts';

interface FitChoice {
  /** What is planned for on every screen; null = what the settings say. */
  readonly contextTokens: number | null;
  readonly kvType: KvType;
}

/** For which context and cache every fit on the page is computed, so that two screens never disagree. */
export const useFitChoice = create<FitChoice>(() => ({ contextTokens: null, kvType: 'f16' }));

export function chooseContext(contextTokens: number): void {
  useFitChoice.setState({ contextTokens });
}

export function chooseKvType(kvType: KvType): void {
  useFitChoice.setState({ kvType });
}
