/**
 * Loaded by `node --import` before the built main process: `electron` then means the double in this folder.
 * What it is for and what it cannot show: docs/decisions.
 */
import { registerHooks } from 'node:module';

const double = new URL('./electron.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: double, shortCircuit: true } : next(specifier, context)),
});
