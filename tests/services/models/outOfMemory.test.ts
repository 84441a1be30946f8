import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SpawnRunner } from '#main/supervisor/runnerProcess.ts';
import type { Message } from '#shared/contract/chat.ts';
import { nextLoadIn } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { editGguf } from '../../fixtures/gguf/editGguf.ts';
import { killProcess } from '../../fixtures/killProcess.ts';
import { starters } from '../library/libraryHarness.ts';
import { greedy, startServices, testPorts } from '../servicesHarness.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

/** Enough for the engine and a cache of 0.6 GiB. Of a larger one the kernel refuses the memory before any of it is touched. */
const budgetBytes = 1.6e9;
const isLimitable = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0;
if (!isLimitable) process.stdout.write('Skipped: loads that really run out of memory. They need Linux and prlimit.\n');

/** Runners that may take so much more memory from their load on; what V8 has reserved by then differs from machine to machine. */
function limited(spawn: SpawnRunner): SpawnRunner {
  return () => {
    const runner = spawn();
    const { pipe } = runner;
    return {
      ...runner,
      pipe: {
        ...pipe,
        send(frame) {
          if (frame.kind === 'req' && frame.route === 'runner.load') limitMemory(runner.pid);
          pipe.send(frame);
        },
      },
    };
  };
}

function limitMemory(pid: number | undefined): void {
  const kibibytes = /^VmData:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--data=${Number(kibibytes) * 1024 + budgetBytes}`]);
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}

const longContextTokens = 1_048_576;

/** A model that says it was trained for a million tokens, and settings that take it at its word: a cache of 4 GiB. */
async function startLimited() {
  const ports = testPorts();
  const harness = await startServices({ ...ports, spawnRunner: limited(ports.spawnRunner) });
  harness.services.settings.update({ contextTokens: longContextTokens });
  const path = join(temporaryFolder(), 'Long.gguf');
  editGguf(join(starters, 'Starter-7M-Instruct-Q8_0.gguf'), path, { 'llama.context_length': { type: 'uint32', value: longContextTokens } });
  const [artifact] = await harness.services.library.importPath(path);
  if (artifact === undefined) throw new Error('The model was not imported.');
  return { ...harness, id: artifact.id };
}

const listener = { signal: new AbortController().signal, emit: () => undefined };

describe.skipIf(!isLimitable)('a load that runs out of memory', () => {
  test('says how to try again, until an answer comes of it', async () => {
    const { services, id } = await startLimited();
    const conversation = services.chat.create(id);
    services.chat.update(conversation.id, { sampling: greedy });
    let message: Message = await services.chat.send(conversation.id, { text: 'Hello' }, listener);
    const tried: string[] = [];
    while (message.error !== null) {
      expect(message).toMatchObject({ state: 'failed', error: { code: 'out-of-memory', hint: expect.any(String) } });
      expect(services.models.loaded()).toEqual([]);
      const { next } = message.error;
      if (next === undefined) throw new Error(`Nothing is offered after ${tried.join(', ')}.`);
      tried.push(next.words);
      message = await services.chat.regenerate(conversation.id, { messageId: message.id, load: next.options }, listener);
    }
    expect(tried.length).toBeGreaterThan(0);
    expect(message).toMatchObject({ state: 'complete', text: expect.stringMatching(/\w/) });
    const totalTokens = message.context?.totalTokens ?? 0;
    expect(totalTokens).toBeGreaterThan(100_000);
    expect(totalTokens).toBeLessThan(longContextTokens);
    expect(services.models.loaded()).toMatchObject([
      {
        kvType: 'q8_0',
        contextTokens: totalTokens,
        reasons: expect.arrayContaining([expect.stringContaining('because the last try ran out of memory')]),
      },
    ]);
    // The next answer is made with what works, and the stored conversation tells the same.
    expect(await services.chat.send(conversation.id, { text: 'Again' }, listener)).toMatchObject({ state: 'complete' });
    expect(services.chat.open(conversation.id).messages.filter(({ error }) => error !== null)).toEqual([]);
  });

  test('says so to whoever loads the model without a chat', async () => {
    const { services, id } = await startLimited();
    const error: unknown = await services.models.load(id, { contextTokens: 900_000 }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'out-of-memory', data: { output: expect.any(Array) } });
    expect(nextLoadIn(error instanceof RpcError ? error.data : null)).toEqual({
      words: 'Load with the cache in 8 bits',
      options: { contextTokens: 900_000, threads: 1, gpuLayers: 0, kvType: 'q8_0', flashAttention: true, sequences: 1 },
    });
  });

  test('is forgiven to the smaller load after it once: what crashes by itself is blocked after three times', async () => {
    const { services, id } = await startLimited();
    await expect(services.models.load(id, { contextTokens: 900_000 })).rejects.toMatchObject({ code: 'out-of-memory' });
    for (let crashes = 0; crashes < 3; crashes++) {
      const { generation, release } = await services.models.acquire(id, { contextTokens: 512 });
      release();
      killProcess(generation.pid);
      await generation.exited;
    }
    await expect(services.models.load(id, { contextTokens: 512 })).rejects.toMatchObject({ code: 'runner-blocked' });
  });

  test('in a benchmark is not tried again with other settings', async () => {
    const { services, id } = await startLimited();
    await expect(services.models.fresh(id)).rejects.toMatchObject({ code: 'out-of-memory' });
    expect(services.models.loaded()).toEqual([]);
  });
});
