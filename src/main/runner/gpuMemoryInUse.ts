import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import type { LoadRequest } from '#shared/contract/runner.ts';

const patienceMs = 2000;

/**
 * Memory in use on the machine's graphics cards, by the system's own tools: the engine can only be asked once its driver has taken its share,
 * and that share is what is to be learned.
 * @param backend Metal counts for each process, and a CPU has none: nothing is read for them
 * @returns bytes over all cards, or null where no tool tells
 */
export async function gpuMemoryInUse(backend: LoadRequest['backend']): Promise<number | null> {
  switch (backend) {
    case 'cpu':
    case 'metal':
      return null;
    case 'cuda':
      return await askNvidia();
    case 'vulkan':
      return addKnown(await askNvidia(), await readAmd());
  }
}

function addKnown(first: number | null, second: number | null): number | null {
  return first === null && second === null ? null : (first ?? 0) + (second ?? 0);
}

async function askNvidia(): Promise<number | null> {
  const output = await new Promise<string>((resolve) => {
    const question = ['--query-gpu=memory.used', '--format=csv,noheader,nounits'];
    execFile('nvidia-smi', question, { timeout: patienceMs, windowsHide: true }, (error, stdout) => resolve(error === null ? stdout : ''));
  });
  return parseNvidiaUse(output);
}

/** One line of MiB for each card; a card that does not tell prints `[N/A]`. @returns bytes, or null when one of them is unknown */
export function parseNvidiaUse(output: string): number | null {
  const lines = output.trim().split('\n');
  if (!lines.every((line) => /^\s*\d+\s*$/.test(line))) return null;
  return lines.reduce((sum, line) => sum + Number(line), 0) * 2 ** 20;
}

/** The amdgpu driver's own count, https://docs.kernel.org/gpu/amdgpu/driver-misc.html (read 2026-11-21). */
async function readAmd(): Promise<number | null> {
  const folder = '/sys/class/drm';
  const cards = (await readdir(folder).catch(() => [])).filter((name) => /^card\d+$/.test(name));
  const used = await Promise.all(cards.map((card) => readFile(`${folder}/${card}/device/mem_info_vram_used`, 'utf8').catch(() => '')));
  const known = used.filter((text) => /^\d+\s*$/.test(text)).map(Number);
  return known.length === 0 ? null : known.reduce((sum, bytes) => sum + bytes, 0);
}
