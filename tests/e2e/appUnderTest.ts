import type { Page } from 'playwright-core';

/** A started app with its page open, in whichever host. Owns a data folder of its own. */
export interface AppUnderTest {
  readonly page: Page;
  readonly home: string;
  /** Of the host's process; runners are its children. */
  readonly pid: number;
  /** What the page logged as an error or threw, and what its policy blocked. */
  readonly problems: readonly string[];
  stop(): Promise<void>;
}

export type StartApp = (options?: {
  readonly home?: string;
  readonly colorScheme?: 'light' | 'dark';
  /** Variables of the app's environment: which hub it asks, for one. */
  readonly env?: Readonly<Record<string, string>>;
}) => Promise<AppUnderTest>;

/** Collects what a page complains about, so that a test can ask for silence at its end. */
export function watchProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`threw: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  return problems;
}
