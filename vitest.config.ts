import { defineConfig } from 'vitest/config';

/** A browser and an app beside it need both cores: those tests take one file at a time. */
const oneAtATime = { fileParallelism: false, maxWorkers: 1 } as const;
/** Tests load models with one thread, so that two files leave no engine thread waiting for a core. */
const twoAtATime = { maxWorkers: 2 } as const;
/** Projects with different numbers of workers run one after the other, also where vitest is asked for several at once. */
const group = (groupOrder: number) => ({ sequence: { groupOrder } });

export default defineConfig({
  test: {
    environment: 'node',
    projects: [
      { test: { name: 'unit', include: ['tests/unit/**/*.test.{ts,tsx}'], testTimeout: 20_000, ...group(0) } },
      {
        test: {
          name: 'services',
          include: ['tests/services/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          ...twoAtATime,
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
          ...twoAtATime,
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
          ...oneAtATime,
          ...group(4),
        },
      },
    ],
  },
});
