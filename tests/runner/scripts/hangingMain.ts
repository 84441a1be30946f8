import { pathToFileURL } from 'node:url';
import { startTemplateRenderer } from '#main/runner/templateRenderer.ts';

/** A runner as far as its template worker goes, whose main thread then hangs for good. */
const renderer = startTemplateRenderer(pathToFileURL(process.argv[2] ?? ''));
await renderer.ask({ template: 'ready', task: { kind: 'try' }, bosToken: '', eosToken: '' }, 60_000);
process.send?.('ready', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
