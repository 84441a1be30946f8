import { ensureBuild } from '../../scripts/ensureBuild.ts';

/** These tests drive the built page, preload and main process. */
export default async function buildOnce(): Promise<void> {
  await ensureBuild({ say: (line) => process.stderr.write(`${line}\n`) });
}
