/** One interpreter for one run. Python has the browser's worker around it, and of that only what `lockDown` leaves. */

import { loadPyodide } from '/pyodide.mjs';
import { lockDown } from './lockDown.js';
import { lockDownPython } from './lockDownPython.js';

/** Files, pipes and terminals that Python writes to lie outside its own memory, so they have a limit of their own. */
const fileLimitBytes = 64 * 2 ** 20;
/** What a file, a folder or a link takes at least, whatever is in it. */
const entryBytes = 1024;
/** What a terminal without a screen keeps of each character until the line ends. */
const terminalBytes = 8;
/** ENOSPC as the interpreter's C library numbers it. */
const noSpaceLeft = 51;
/** Of a traceback the end says what happened. */
const errorLimit = 20_000;
/** What the interpreter says it is; it starts with no other list of packages. Ours is empty. */
const lockInfo = /** @type {const} */ ({
  abi_version: '2026_0',
  arch: 'wasm32',
  platform: 'emscripten_5_0_3',
  python: '3.14.2',
  version: '',
});

/** Imported once for all: what the lock needs, and what most programs begin with. Each program still has to import what it names. */
const usual =
  'asyncio, collections, dataclasses, datetime, functools, heapq, itertools, json, linecache, math, random, re, socket, statistics, string, types, typing';
/** What a traceback calls the code. */
const codeName = '<code>';

const settings = {
  indexURL: '/',
  // No packages: nothing to fetch, and nobody to fetch it.
  lockFileContents: { info: lockInfo, packages: {} },
  stdin: () => null,
  env: { HOME: '/home/user', TZ: 'UTC' },
};

/** @typedef {import('./startWorker.js').Interpreter} Interpreter */

self.onmessage = ({ data }) => {
  self.onmessage = null;
  void start(data);
};

/** @param {Omit<Interpreter, 'snapshot'> & { readonly snapshot: Uint8Array<ArrayBuffer> | null, readonly port: MessagePort }} given */
async function start({ module, library, snapshot, port }) {
  // Bound now: whatever Python may do to the prototypes later, this stays the browser's own function on this port.
  const post = port.postMessage.bind(port);
  try {
    serveFromMemory(module, library);
    silenceConsole();
    if (snapshot === null) return post({ kind: 'snapshot', snapshot: await makeSnapshot() });
    const interpreter = await loadInterpreter(snapshot, post);
    lockDown(globalThis);
    port.onmessage = async ({ data }) => {
      port.onmessage = null;
      post(await interpreter.run(data));
    };
    post({ kind: 'ready' });
  } catch (error) {
    post({ kind: 'failed', error: String(error) });
  }
}

/** Starts an interpreter from nothing and keeps what its memory then holds. It has run no code but its own. */
async function makeSnapshot() {
  const pyodide = await loadPyodide({ ...settings, _makeSnapshot: true });
  pyodide.runPython(`import ${usual}`);
  return pyodide.makeMemorySnapshot();
}

/**
 * @param {Uint8Array<ArrayBuffer>} snapshot
 * @param {(message: unknown) => void} post
 */
async function loadInterpreter(snapshot, post) {
  const pyodide = await loadPyodide({ ...settings, _loadSnapshot: snapshot });
  capFiles(pyodide);
  let leftBytes = Number.POSITIVE_INFINITY;
  /** @param {'stdout' | 'stderr'} kind */
  const writer = (kind) => ({
    /** @param {Uint8Array} buffer */
    write(buffer) {
      // One byte too many is sent, from which the page sees that something was cut.
      if (leftBytes >= 0) post({ kind, chunk: new Uint8Array(buffer.subarray(0, leftBytes + 1)) });
      leftBytes -= buffer.length;
      return buffer.length;
    },
  });
  pyodide.setStdout(writer('stdout'));
  pyodide.setStderr(writer('stderr'));
  // Held before any code of a model runs. What runs the code are functions of C: nothing in Python changes what these do.
  const [names, compile, exec, remember, ...flushes] = pyodide.runPython(lockDownPython, { globals: pyodide.toPy({}) }).toJs({ depth: 1 });
  const execute = exec.callPromising.bind(exec);

  return {
    /** @param {{ code: string, outputLimitBytes: number }} job */
    async run({ code, outputLimitBytes }) {
      leftBytes = outputLimitBytes;
      try {
        remember(codeName, code);
        await execute(compile(code, codeName, 'exec'), names);
        return { state: 'finished' };
      } catch (error) {
        return describe(error);
      } finally {
        for (const flush of flushes) attempt(flush);
      }
    },
  };
}

/** @param {() => void} flush fails where the program closed its output. */
function attempt(flush) {
  try {
    flush();
  } catch {}
}

/** @param {unknown} error what Python raised, or what broke the interpreter itself. */
function describe(error) {
  const { type, message } =
    error instanceof Error ? /** @type {Error & { type?: string }} */ (error) : { type: null, message: String(error) };
  const traceback = message.trimEnd();
  // A program may end itself in good order.
  if (type === 'SystemExit' && /\nSystemExit(?:: (?:0|None))?$/.test(traceback)) return { state: 'finished' };
  return { state: type === 'MemoryError' ? 'out-of-memory' : 'raised', error: traceback.slice(-errorLimit) };
}

/** The interpreter's last words go to the console, and a program could write there without end. */
function silenceConsole() {
  const silent = Object.freeze(new Proxy({}, { get: () => () => undefined }));
  Object.defineProperty(globalThis, 'console', { configurable: true, value: silent });
}

/**
 * Gives the interpreter's own requests what the page fetched already. The worker itself may fetch nothing: its policy has no `connect-src`.
 * @param {WebAssembly.Module} module
 * @param {Uint8Array<ArrayBuffer>} library
 */
function serveFromMemory(module, library) {
  const answers = /** @type {const} */ ({ '/pyodide.asm.wasm': module, '/python_stdlib.zip': library });
  Object.defineProperty(globalThis, 'fetch', {
    configurable: true,
    /** @param {URL} url */
    value: async (url) => {
      const path = new URL(url, location.href).pathname;
      if (!Object.hasOwn(answers, path)) throw new TypeError('There is no network in this sandbox.');
      return { ok: true, module, arrayBuffer: async () => library.buffer };
    },
  });
  Object.defineProperty(WebAssembly, 'instantiateStreaming', {
    configurable: true,
    /** @param {Promise<unknown>} _response @param {WebAssembly.Imports} imports */
    value: async (_response, imports) => ({ module, instance: await WebAssembly.instantiate(module, imports) }),
  });
}

/**
 * Holds what all files, links, pipes and terminals grow by to the limit. What is read or removed again still counts.
 * @param {import('/pyodide.mjs').PyodideAPI} pyodide
 */
function capFiles(pyodide) {
  const { FS } = pyodide;
  const { MEMFS } = FS.filesystems;
  const { stream, node: attributes } = MEMFS.ops_table.file;
  const { write } = stream;
  const { setattr } = attributes;
  const { createNode } = MEMFS;
  const { symlink } = MEMFS.ops_table.dir.node;
  let leftBytes = fileLimitBytes;

  /** @param {number} sizeBytes */
  const spend = (sizeBytes) => {
    if (sizeBytes > leftBytes) throw new FS.ErrnoError(noSpaceLeft);
    leftBytes -= sizeBytes;
  };
  /** @param {{ usedBytes: number }} node @param {number} sizeBytes */
  const grow = (node, sizeBytes) => spend(Math.max(0, sizeBytes - node.usedBytes));

  /** @param {{ node: { usedBytes: number } }} open @param {[unknown, number, number, number, boolean?]} rest buffer, offset, length, position */
  stream.write = (open, ...rest) => {
    const [, , length, position] = rest;
    grow(open.node, position + length);
    return write(open, ...rest);
  };
  /** @param {{ usedBytes: number }} node @param {{ size?: number }} change */
  attributes.setattr = (node, change) => {
    if (change.size !== undefined) grow(node, change.size);
    setattr(node, change);
  };
  /** @param {unknown} parent @param {string} name @param {number} mode @param {number} device */
  MEMFS.createNode = (parent, name, mode, device) => {
    // The interpreter makes itself a device to tell an error over.
    if (!FS.isChrdev(mode)) spend(entryBytes);
    return createNode(parent, name, mode, device);
  };
  /** @param {unknown} parent @param {string} name @param {string} target */
  MEMFS.ops_table.dir.node.symlink = (parent, name, target) => {
    spend(target.length);
    return symlink(parent, name, target);
  };

  const [reader, writer] = pyodide.runPython('__import__("os").pipe()').toJs();
  capWrites(FS.getStream(writer).stream_ops, spend);
  for (const end of [reader, writer]) FS.close(FS.getStream(end));
  capWrites(FS.getDevice(FS.makedev(5, 0)).stream_ops, (length) => spend(length * terminalBytes));
}

/**
 * @param {{ write(...given: unknown[]): unknown }} operations of every stream of a kind
 * @param {(length: number) => void} spend
 */
function capWrites(operations, spend) {
  const { write } = operations;
  operations.write = (...given) => {
    spend(Number(given[3]));
    return write(...given);
  };
}
