import { registerHooks } from 'node:module';

const libraryTest = /\/node-llama-cpp\/dist\/bindings\/utils\/testBindingBinary\.js$/;

/**
 * Before each load the engine's library tries its binary in a process of its own, which takes as long as a small model does. A runner is that
 * process already: what ends it ends nothing else, and is told. So the binary for the processor is not tried again. For GPUs it is: there the
 * trial also finds which of several binaries has a device. Has to run before the library is imported; where it has no such file nothing changes.
 */
export function skipProcessorTest(): void {
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const resolved = nextResolve(specifier, context);
      return libraryTest.test(resolved.url) ? { url: standInFor(resolved.url), format: 'module', shortCircuit: true } : resolved;
    },
  });
}

/** A module with the function of the library's own; its own is loaded, under an address that is not replaced, once a GPU is asked for. */
function standInFor(url: string): string {
  const source = `export const testBindingBinary = async (...facts) =>
  facts[2] === false || (await import(${JSON.stringify(`${url}?own`)})).testBindingBinary(...facts);`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
