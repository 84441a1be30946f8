import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nodeProgram, root, runCommand } from './runCommand.ts';

export const projects = ['unit', 'services', 'runner', 'cli', 'e2e'] as const;
export type Project = (typeof projects)[number];

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Runs one vitest project and counts its tests. A run that ends badly without a failing test counts as one failure. */
export async function runProject(project: Project, options: { readonly env?: Readonly<Record<string, string>> } = {}): Promise<Counts> {
  const report = join(root, 'test-results', `${project}.json`);
  mkdirSync(join(root, 'test-results'), { recursive: true });
  rmSync(report, { force: true });
  const flags = ['--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const end = await runCommand(nodeProgram('vitest/vitest.mjs', 'run', ...flags), options);
  const counts = readCounts(report);
  if (end.code !== 0 && counts.failed === 0) return { ...counts, failed: 1 };
  return counts;
}

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The closing line: `N passed, N failed`, and how many were skipped where any were. */
export function closingLine(counts: Counts): string {
  const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
  return `${counts.passed} passed, ${counts.failed} failed${skipped}`;
}

function readCounts(report: string): Counts {
  if (!existsSync(report)) return { passed: 0, failed: 0, skipped: 0 };
  const facts = JSON.parse(readFileSync(report, 'utf8')) as Record<string, unknown>;
  const count = (name: string): number => (typeof facts[name] === 'number' ? facts[name] : 0);
  return {
    passed: count('numPassedTests'),
    // A file that does not even load has no tests in it, only a failed suite.
    failed: Math.max(count('numFailedTests'), facts.success === false ? 1 : 0),
    skipped: count('numPendingTests') + count('numTodoTests'),
  };
}
