import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLog } from '#main/hosts/createLog.ts';
import { createFileSecrets } from '#main/hosts/fileSecrets.ts';
import { createDownloadService } from '#main/services/downloads/createDownloadService.ts';
import { createHubClient } from '#main/services/hub/createHubClient.ts';
import { createSettingsService } from '#main/services/settings/settingsService.ts';
import { openDatabase } from '#main/storage/database.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';

/** What a download host is told: a small app of its own, made to be killed. */
export interface HostTask {
  readonly data: string;
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string | null;
  readonly repo: string;
  readonly file: string;
  /** Fills the disk of the download folder when so many bytes are there, and frees it once the download waits. */
  readonly fillDiskAt?: number;
}

/** Downloads as the desktop app does: what an earlier process left goes on, otherwise the task is begun. Prints one line a change. */
async function main(task: HostTask): Promise<void> {
  const { data, env, folder } = task;
  mkdirSync(data, { recursive: true });
  const database = openDatabase(join(data, 'rightsize.db'));
  const settings = createSettingsService({ database });
  const log = createLog({ folder: join(data, 'logs'), name: 'host' });
  const ports = {
    host: 'desktop' as const,
    version: 'test',
    env,
    home: join(data, 'home'),
    platform: process.platform,
    paths: { data, logs: join(data, 'logs'), bundledModels: join(data, 'none'), bundledSuites: join(data, 'none') },
    secrets: createFileSecrets(join(data, 'secrets')),
  };
  const hub = createHubClient({ ports, settings, log, now: Date.now });
  const library = { list: () => [], addDownloaded: () => Promise.resolve({ id: 'artifact' } as Artifact) };
  const downloads = createDownloadService({ database, hub, library, settings, ports, log, now: Date.now, tickMs: 100 });
  const filler = join(folder ?? data, 'filler');
  let isFilled = false;
  downloads.subscribe((change) => {
    const [job] = change.kind === 'snapshot' ? change.jobs : change.kind === 'job' ? [change.job] : [];
    if (job === undefined) return;
    say({ state: job.state, bytesDone: job.bytesDone, problem: job.problem });
    if (task.fillDiskAt !== undefined && !isFilled && job.bytesDone >= task.fillDiskAt) {
      isFilled = true;
      fill(filler);
    }
    if (job.state === 'waiting' && job.problem?.code === 'disk-full') rmSync(filler, { force: true });
  });
  const job =
    downloads.list()[0] ??
    (await downloads.start(
      { repo: task.repo, revision: 'main', file: task.file, withProjector: true },
      { ...(folder === null ? {} : { folder }) },
    ));
  try {
    const { state, path, files } = await downloads.whenDone(job.id);
    say({ state, path, sha256: files[0]?.sha256 });
  } catch (error) {
    say({ state: 'failed', problem: toRpcErrorData(error) });
    process.exitCode = 1;
  }
  await downloads.dispose();
  await hub.dispose();
  database.close();
}

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

function fill(path: string): void {
  try {
    for (let bytes = 2 ** 20; bytes >= 4096; ) {
      try {
        writeFileSync(path, Buffer.alloc(bytes), { flag: 'a' });
      } catch {
        bytes /= 2;
      }
    }
  } finally {
    say({ state: 'filled' });
  }
}

await main(JSON.parse(process.argv[2] ?? '{}') as HostTask);
