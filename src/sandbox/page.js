/** The page of the sandbox: fetches the interpreter once, gives each run a worker of its own, and keeps the time. No code of models runs here. */
import { capMemory } from './capMemory.js';
import { startInterpreter, startWorker } from './startWorker.js';

/** @type {Promise<import('./startWorker.js').Interpreter> | null} */
let interpreter = null;
/** @type {Promise<import('./startWorker.js').WarmWorker> | null} */
let spare = null;
/** @type {(() => void) | null} */
let stopRun = null;

/** What the host may ask of this page. */
const sandbox = {
  /**
   * Makes an interpreter ready, so that the first run need not wait for it.
   * @param {number} memoryLimitBytes the same for all runs of a page.
   * @returns {Promise<true>}
   */
  async prepare(memoryLimitBytes) {
    await warmUp(memoryLimitBytes);
    return true;
  },

  /**
   * Runs one job in an interpreter of its own. The next one is made ready meanwhile, and the answer waits for it: after an answer this page is
   * quiet, and what is measured next has the machine to itself.
   * @param {import('./startWorker.js').Job} job
   * @returns {Promise<import('./startWorker.js').Run | { notStarted: string }>} the reason, where no interpreter could be started: that is no fault of the code.
   */
  async run(job) {
    const worker = await warmUp(job.memoryLimitBytes).catch(reasonOf);
    if (typeof worker === 'string') return { notStarted: worker };
    spare = null;
    const run = worker.run(job, (stop) => {
      stopRun = stop;
    });
    // A start that fails is told to the run that needs it.
    const next = warmUp(job.memoryLimitBytes).catch(() => null);
    const [result] = await Promise.all([run, next]);
    stopRun = null;
    return result;
  },

  /** Ends the job that runs, which then counts as out of time. */
  stop() {
    stopRun?.();
    return true;
  },
};

/** @param {unknown} error */
const reasonOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * The worker that is ready, or getting ready, for the next run.
 * @param {number} memoryLimitBytes
 * @returns {Promise<import('./startWorker.js').WarmWorker>}
 */
function warmUp(memoryLimitBytes) {
  interpreter ??= loadInterpreter(memoryLimitBytes);
  if (spare === null) {
    const started = interpreter.then(startWorker);
    spare = started;
    started.catch(() => {
      if (spare === started) spare = null;
    });
  }
  return spare;
}

/**
 * @param {number} memoryLimitBytes
 * @returns {Promise<import('./startWorker.js').Interpreter>}
 */
async function loadInterpreter(memoryLimitBytes) {
  try {
    const [program, library] = await Promise.all(['/pyodide.asm.wasm', '/python_stdlib.zip'].map(fetchBytes));
    if (program === undefined || library === undefined) throw new Error('The interpreter is incomplete.');
    const module = await WebAssembly.compile(capMemory(program, memoryLimitBytes));
    return await startInterpreter({ module, library });
  } catch (error) {
    interpreter = null;
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function fetchBytes(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`The sandbox lacks ${path}.`);
  return new Uint8Array(await response.arrayBuffer());
}

Object.defineProperty(globalThis, 'sandbox', { value: Object.freeze(sandbox) });
