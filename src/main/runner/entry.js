// @ts-check
import { isMainThread } from 'node:worker_threads';
import { keepCompiledCode } from '#main/compileCache.js';

/**
 * The runner: one process that holds one model. The same script is also the worker that renders chat
 * templates, so that source and bundle need no second file name.
 */
keepCompiledCode();
if (isMainThread) {
  const { skipProcessorTest } = await import('./skipProcessorTest.ts');
  skipProcessorTest();
  const { startRunner } = await import('./startRunner.ts');
  startRunner({ scriptUrl: new URL(import.meta.url) });
} else {
  const { serveTemplates } = await import('./templateWorker.ts');
  serveTemplates();
}
