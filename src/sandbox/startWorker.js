/**
 * What a worker starts from, made once a page: the compiled program, Python's library, and the memory of an interpreter that has just started.
 * @typedef {{ readonly module: WebAssembly.Module, readonly library: Uint8Array<ArrayBuffer>, readonly snapshot: Uint8Array<ArrayBuffer> }} Interpreter
 *
 * @typedef {{ readonly code: string, readonly timeLimitMs: number, readonly memoryLimitBytes: number, readonly outputLimitBytes: number }} Job
 *
 * @typedef {{ readonly state: 'finished' | 'raised' | 'timed-out' | 'out-of-memory', readonly stdout: string, readonly stderr: string, readonly isOutputCut: boolean, readonly error: string | null, readonly tookMs: number }} Run
 *
 * @typedef {{ run(job: Job, onStart: (stop: () => void) => void): Promise<Run> }} WarmWorker
 */

/** Longest that an interpreter may take to start; a slow disk and a busy machine are no fault of the code. */
const startLimitMs = 180_000;
/** No reason is longer, whoever gives it. */
const errorLimit = 20_000;
const endStates = /** @type {const} */ (['finished', 'raised', 'out-of-memory']);

/**
 * Starts an interpreter from what another one's memory held, and resolves when it is ready for its one run.
 * @param {Interpreter} interpreter
 * @returns {Promise<WarmWorker>}
 */
export async function startWorker(interpreter) {
  const { worker, port } = await openWorker(interpreter, 'ready');
  return { run: (job, onStart) => runOnce({ worker, port, job, onStart }) };
}

/**
 * Starts an interpreter from nothing, for what its memory then holds: to start from that takes a fraction of the time.
 * @param {Omit<Interpreter, 'snapshot'>} files
 * @returns {Promise<Interpreter>}
 */
export async function startInterpreter(files) {
  const { worker, answer } = await openWorker({ ...files, snapshot: null }, 'snapshot');
  worker.terminate();
  return { ...files, snapshot: answer.snapshot };
}

/**
 * @param {Omit<Interpreter, 'snapshot'> & { readonly snapshot: Uint8Array<ArrayBuffer> | null }} start
 * @param {'ready' | 'snapshot'} awaited
 */
async function openWorker(start, awaited) {
  const worker = new Worker('/worker.js', { type: 'module' });
  // The answer comes over a channel of its own, whose end in the worker lies where Python does not reach: what the worker itself posts is not heard.
  const { port1: port, port2 } = new MessageChannel();
  try {
    /** @type {{ kind: string, snapshot: Uint8Array<ArrayBuffer> }} */
    const answer = await new Promise((resolve, reject) => {
      const fail = (/** @type {string} */ why) => reject(new Error(`The Python interpreter did not start: ${why}`));
      setTimeout(() => fail('it took too long.'), startLimitMs);
      worker.onerror = ({ message }) => fail(message ?? 'its script could not be loaded.');
      port.onmessage = ({ data }) => (data?.kind === awaited ? resolve(data) : fail(text(data?.error)));
      worker.postMessage({ ...start, port: port2 }, [port2]);
    });
    return { worker, port, answer };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

/**
 * @param {{ worker: Worker, port: MessagePort, job: Job, onStart: (stop: () => void) => void }} options
 * @returns {Promise<Run>}
 */
function runOnce({ worker, port, job, onStart }) {
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const written = { stdout: '', stderr: '' };
  let leftBytes = job.outputLimitBytes;
  let isOutputCut = false;
  const startedAt = performance.now();

  /** @param {'stdout' | 'stderr'} stream @param {unknown} chunk */
  const note = (stream, chunk) => {
    if (!(chunk instanceof Uint8Array)) return;
    const kept = chunk.subarray(0, leftBytes);
    isOutputCut ||= kept.length < chunk.length;
    leftBytes -= kept.length;
    written[stream] += decoders[stream].decode(kept, { stream: true });
  };

  return new Promise((resolve) => {
    /** @param {Run['state']} state @param {string | null} error */
    const end = (state, error) => {
      clearTimeout(timer);
      worker.terminate();
      port.close();
      resolve({ state, ...written, isOutputCut, error, tookMs: Math.round(performance.now() - startedAt) });
    };
    const timer = setTimeout(() => end('timed-out', null), job.timeLimitMs);
    onStart(() => end('timed-out', null));
    // What comes here was made beside code of a model: nothing of it is believed beyond its type.
    port.onmessage = ({ data }) => {
      if (data?.kind === 'stdout' || data?.kind === 'stderr') return note(data.kind, data.chunk);
      const state = endStates.find((one) => one === data?.state);
      if (state !== undefined) end(state, state === 'finished' ? null : text(data.error));
    };
    worker.onerror = () => end('raised', 'The interpreter broke down.');
    port.postMessage({ code: job.code, outputLimitBytes: job.outputLimitBytes });
  });
}

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' ? value.slice(-errorLimit) : 'no reason was given';
}
