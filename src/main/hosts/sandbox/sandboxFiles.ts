import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { appRoot } from '../hostPaths.ts';

export interface SandboxFile {
  readonly body: Buffer<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/** All that the sandbox may ever load. */
const ownFiles = ['index.html', 'page.js', 'worker.js', 'startWorker.js', 'capMemory.js', 'lockDown.js', 'lockDownPython.js'] as const;
const interpreterFiles = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip'] as const;

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
  '.zip': 'application/zip',
};

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A worker's policy is that of its own script. It is given all it needs by the page, so it may fetch nothing at all. */
const workerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

/**
 * Reads one file of the sandbox, from the sources and from the interpreter's package: nothing is built, so what runs is what was tested.
 * @param urlPath path of a URL; anything but the names above answers null.
 * @param root the app's own folder, or the archive of a packaged app.
 */
export async function readSandboxFile(urlPath: string, root: string = appRoot()): Promise<SandboxFile | null> {
  const name = urlPath.slice(1);
  const folder = ownFiles.some((own) => own === name) ? join(root, 'src', 'sandbox') : interpreterFolder(name);
  if (folder === null) return null;
  return {
    body: await readFile(join(folder, name)),
    headers: {
      'content-type': mediaTypes[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': name === 'worker.js' ? workerPolicy : pagePolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    },
  };
}

const interpreterFolder = (name: string): string | null =>
  interpreterFiles.some((file) => file === name) ? dirname(createRequire(import.meta.url).resolve('pyodide/package.json')) : null;
