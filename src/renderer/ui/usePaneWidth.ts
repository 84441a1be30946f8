import { useState } from 'react';

interface PaneWidthOptions {
  /** Under which name the width is remembered. */
  readonly name: string;
  readonly initial: number;
  readonly min: number;
  readonly max: number;
}

export interface PaneWidth {
  readonly width: number;
  readonly min: number;
  readonly max: number;
  readonly setWidth: (width: number) => void;
}

/** The width of a pane in pixels, as it was left the last time. */
export function usePaneWidth({ name, initial, min, max }: PaneWidthOptions): PaneWidth {
  const key = `rightsize.pane.${name}`;
  const clamp = (value: number): number => Math.min(max, Math.max(min, Math.round(value)));
  const [width, setWidth] = useState(() => clamp(remembered(key) ?? initial));
  return {
    width,
    min,
    max,
    setWidth: (next) => {
      setWidth(clamp(next));
      remember(key, clamp(next));
    },
  };
}

function remembered(key: string): number | null {
  try {
    const value = Number(localStorage.getItem(key) ?? Number.NaN);
    return Number.isFinite(value) ? value : null;
  } catch {
    return null;
  }
}

function remember(key: string, value: number): void {
  try {
    localStorage.setItem(key, String(value));
  } catch {
    // Storage can be switched off in a browser: then the width lasts as long as the page.
  }
}
