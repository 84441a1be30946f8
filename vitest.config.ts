import { defineConfig } from 'vitest/config';

/** Tests load models with one thread, so that two files leave no engine thread waiting for a core. A browser mostly waits for its app. */
const twoAtATime = { maxWorkers: 2 } as const;
/** Many of these wait for a disk, a server or a process that was killed. */
const threeAtATime = { maxWorkers: 3 } as const;
/** Projects with different numbers of workers run one after the other, also where vitest is asked for several at once. */
const group = (groupOrder: number) => ({ sequence: { groupOrder } });

export default defineConfig({
  test: {
    environment: 'node',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.{ts,tsx}'],
          setupFiles: ['tests/unit/freshModules.ts'],
          isolate: false,
          testTimeout: 20_000,
          ...twoAtATime,
          ...group(0),
        },
      },
      {
        test: {
          name: 'services',
          include: ['tests/services/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          ...threeAtATime,
          ...group(1),
        },
      },
      {
        test: {
          name: 'runner',
          include: ['tests/runner/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...twoAtATime,
          ...group(2),
        },
      },
      {
        test: {
          name: 'cli',
          include: ['tests/e2e/cli/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          ...threeAtATime,
          ...group(3),
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/{serve,desktop,packaged}/**/*.test.ts'],
          globalSetup: ['tests/e2e/buildOnce.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          ...twoAtATime,
          ...group(4),
        },
      },
    ],
  },
});
