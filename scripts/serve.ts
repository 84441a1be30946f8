/** `npm run serve`: the serve host from source, with its page built first. One process, so that a signal reaches the host itself. */
import { ensureBuild } from './ensureBuild.ts';

try {
  await ensureBuild({ say: (line) => console.error(line) });
  await import('../src/main/hosts/serve/main.js');
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
