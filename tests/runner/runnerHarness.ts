import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type * as z from 'zod';
import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import type { RunnerDeadlines } from '#main/supervisor/runnerGeneration.ts';
import { createRunnerSupervisor, type RunnerGeneration, type RunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import type { GenerateRequest, LoadRequest } from '#shared/contract/runner.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

export const runnerScript = fileURLToPath(new URL('../../src/main/runner/entry.js', import.meta.url));
export const quietLog: Log = { error: () => undefined, warn: () => undefined, info: () => undefined };

/** Absolute path of a starter model, as `7M-Instruct-Q8_0`. */
export function starterModel(name: string): string {
  return fileURLToPath(new URL(`../../resources/models/Starter-${name}.gguf`, import.meta.url));
}

/** A folder of its own for one test, removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rightsize-runner-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function loadRequest(path: string, changes: Partial<LoadRequest> = {}): LoadRequest {
  return {
    path,
    backend: 'cpu',
    contextTokens: 1024,
    batchTokens: 128,
    threads: 1,
    gpuLayers: 0,
    flashAttention: true,
    kvType: 'f16',
    useMmap: false,
    ...changes,
  };
}

/** A supervisor over real processes; every one of them is gone when the test ends. */
export function createSupervisor(deadlines: Partial<RunnerDeadlines> = {}): RunnerSupervisor {
  const supervisor = createRunnerSupervisor({ spawnRunner: createNodeRunnerSpawner({ runnerScript }), log: quietLog, deadlines });
  onTestFinished(() => supervisor.dispose());
  return supervisor;
}

/** A runner with a model in it. */
export async function startLoaded(path: string, changes: Partial<LoadRequest> = {}): Promise<RunnerGeneration> {
  const generation = await createSupervisor().start('model');
  await generation.load(loadRequest(path, changes));
  return generation;
}

/** One user turn, greedy, every other sampler off: the same answer each time. */
export function greedy(content: string, changes: Partial<z.input<typeof GenerateRequest>> = {}): z.input<typeof GenerateRequest> {
  return {
    turns: [{ role: 'user', content }],
    sampling: { temperature: 0, topK: null, topP: null, minP: null, maxTokens: 120 },
    prefix: 'fixed',
    ...changes,
  };
}

/** The RpcError that a promise rejects with. Fails the test when it resolves or rejects with something else. */
export async function failureOf(promise: Promise<unknown>): Promise<RpcError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
  throw new Error('expected a failure, but it worked');
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
