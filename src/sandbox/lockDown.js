/** What a worker keeps of the browser: the language itself, timers that an event loop needs, and what the interpreter asks for at every turn. */
const kept = new Set(
  `globalThis self constructor Infinity NaN undefined isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI encodeURIComponent
  escape unescape Object Function Boolean Symbol Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError
  Number BigInt Math Date String RegExp Array Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array BigInt64Array
  BigUint64Array Float16Array Float32Array Float64Array Map Set WeakMap WeakSet WeakRef ArrayBuffer SharedArrayBuffer DataView Atomics JSON Iterator
  Promise Reflect Proxy FinalizationRegistry Intl WebAssembly setTimeout clearTimeout queueMicrotask TextEncoder TextDecoder AbortController AbortSignal
  DOMException EventTarget Event crypto performance console`.split(/\s+/),
);

/**
 * Takes everything else away from a worker: requests, storage, other workers, channels, messages to the page, the address it came from. It is the
 * layer behind the interpreter's own: whoever gets from Python to JavaScript finds nothing there to speak with.
 * @param {object} world the worker's `globalThis`.
 * @throws {TypeError} when something cannot be taken away; the worker must not be used then.
 */
export function lockDown(world) {
  for (let level = world; level !== null && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const name of Reflect.ownKeys(level)) {
      if (typeof name === 'string' && kept.has(name)) continue;
      if (typeof name === 'symbol' && name === Symbol.toStringTag) continue;
      const property = Reflect.getOwnPropertyDescriptor(level, name);
      // Numbers that stand for something cannot be taken away, and need not be.
      if (property?.configurable === false && typeof property.value === 'number') continue;
      // `delete` throws in a module where it fails.
      delete (/** @type {Record<PropertyKey, unknown>} */ (level)[name]);
    }
  }
  // Asynchronous code of ours goes on after code of a model ran: what it stands on must not change under it.
  for (const base of [Promise, Promise.prototype, Function.prototype, Reflect]) Object.freeze(base);
}
