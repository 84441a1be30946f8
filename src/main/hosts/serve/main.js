// @ts-check
/** The serve host: the same interface in a browser on this machine. `node src/main/hosts/serve/main.js --help` */
import { keepCompiledCode } from '#main/compileCache.js';

keepCompiledCode();
const { runServe } = await import('./serve.ts');
await runServe(process.argv.slice(2));
