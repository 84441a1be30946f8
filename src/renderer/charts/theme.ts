import { useSyncExternalStore } from 'react';

/** The chart colours of the design, read from tokens.css: charts never name a colour themselves. */
export interface ChartTheme {
  readonly accent: string;
  /** Comparisons of equals only, in this order, at most six. */
  readonly series: readonly string[];
  readonly grid: string;
  readonly axis: string;
  readonly mute: string;
  readonly line: string;
  readonly ink: string;
  readonly ink2: string;
  readonly surface: string;
  readonly raised: string;
  readonly ok: string;
  readonly warn: string;
  readonly bad: string;
  readonly font: string;
}

let cached: { readonly theme: string | undefined; readonly colours: ChartTheme } | null = null;

/** @returns the colours of the theme that shows now. */
export function readChartTheme(): ChartTheme {
  const theme = document.documentElement.dataset.theme;
  if (cached === null || cached.theme !== theme) cached = { theme, colours: computeColours() };
  return cached.colours;
}

/** The colours, again when the theme changes. */
export function useChartTheme(): ChartTheme {
  return useSyncExternalStore(subscribe, readChartTheme);
}

/** @returns the colour with an opacity, for fills under a line. */
export function faded(colour: string, opacity: number): string {
  return `color-mix(in srgb, ${colour} ${Math.round(opacity * 100)}%, transparent)`;
}

function computeColours(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    accent: token('accent-text'),
    series: [1, 2, 3, 4, 5, 6].map((index) => token(`chart-${index}`)),
    grid: token('chart-grid'),
    axis: token('chart-axis'),
    mute: token('chart-mute'),
    line: token('line-strong'),
    ink: token('ink'),
    ink2: token('ink-2'),
    surface: token('surface'),
    raised: token('raised'),
    ok: token('ok'),
    warn: token('warn'),
    bad: token('bad'),
    font: token('font-ui'),
  };
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
