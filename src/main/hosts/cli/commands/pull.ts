import { resolve } from 'node:path';
import { Command } from 'commander';
import { formatDuration, formatGigabytes, formatPercent, missing } from '#core/units.ts';
import { hubErrors } from '#shared/contract/catalog.ts';
import type { DownloadJob, DownloadRequest } from '#shared/contract/downloads.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { pathOf } from '../optionValues.ts';
import { findPullTarget } from './pullTarget.ts';

const barWidth = 24;

/** `pull REF`: one quant from the hub to this disk, verified. Interrupted or killed, the same command goes on where it was. */
export function pullCommand(context: CommandContext): Command {
  return new Command('pull')
    .description('download a model and verify it')
    .argument('<ref>', 'publisher/repo, publisher/repo:quant, publisher/repo/file.gguf or an address of the hub')
    .option('--to <folder>', 'a folder that gets publisher/repo/file; the shared cache of the hub when left out', pathOf)
    .action(async (ref: string, options: { readonly to?: string }) => {
      const { output, signal } = context;
      const services = await context.services();
      const { request, note } = await findPullTarget(services, ref, { signal });
      if (note !== null) output.note(note);
      const folder = options.to === undefined ? {} : { folder: resolve(options.to) };
      const job = await services.downloads.start(request, { signal, ...folder }).catch((thrown: unknown) => {
        throw sayingWhatIsHere(thrown, { artifacts: services.library.list(), request });
      });
      presentReady(context, await follow(context, job));
    });
}

/** Without the hub nothing can be checked; what lies here can be used all the same. */
function sayingWhatIsHere(
  thrown: unknown,
  { artifacts, request }: { readonly artifacts: readonly Artifact[]; readonly request: DownloadRequest },
): unknown {
  if (!(thrown instanceof RpcError) || thrown.code !== hubErrors.unreachable) return thrown;
  const here = artifacts.find(
    ({ state, provenance }) => state === 'ready' && provenance?.repo === request.repo && provenance.file === request.file,
  );
  if (here === undefined) return thrown;
  return new RpcError(thrown.code, thrown.message, { hint: `It is on this disk already, as ${here.id}.`, cause: thrown });
}

/** Shows a download while it lasts. An interrupt pauses it. @throws {RpcError} its problem; cancelled after an interrupt */
async function follow(context: CommandContext, job: DownloadJob): Promise<DownloadJob> {
  const { output, signal } = context;
  const { downloads } = await context.services();
  const what = `${job.name} ${job.quant ?? ''} from ${job.repo}, ${formatGigabytes(job.bytesTotal)}`;
  output.note(job.state === 'ready' ? `${what}, is on this disk already` : `${what}, to ${job.folder}`);
  let told: string | null = null;
  const show = (current: DownloadJob): void => {
    if (current.state === 'ready') return;
    output.document(progressLine(current));
    output.status(statusLine(current));
    const problem = current.state === 'waiting' ? (current.problem?.message ?? null) : null;
    if (problem === null || problem === told) return;
    output.note(`${problem} It goes on by itself.`);
    told = problem;
  };
  const unsubscribe = downloads.subscribe((change) => {
    if (change.kind === 'snapshot') for (const current of change.jobs) if (current.id === job.id) show(current);
    if (change.kind === 'job' && change.job.id === job.id) show(change.job);
  });
  // Whether it was running or had just ended, waiting below tells how it stands.
  const onAbort = (): void => void downloads.pause(job.id).catch(() => undefined);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await downloads.whenDone(job.id).catch((thrown: unknown) => {
      throw signal.aborted ? paused(thrown) : thrown;
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
    output.status('');
  }
}

const paused = (cause: unknown): RpcError =>
  new RpcError(pipeErrors.cancelled, 'Paused. What was fetched is kept.', {
    hint: 'The same command goes on where this one stopped.',
    cause,
  });

function presentReady({ output }: CommandContext, job: DownloadJob): void {
  const files = job.files.map(({ file, role, sizeBytes, sha256 }) => ({ file, role, sizeBytes, sha256 }));
  output.document({
    state: job.state,
    path: job.path,
    sha256: job.files[0]?.sha256 ?? null,
    files,
    repo: job.repo,
    commit: job.commit,
    artifactId: job.artifactId,
    ...(job.problem === null ? {} : { problem: job.problem }),
  });
  if (output.json) return;
  output.note(`Verified: ${formatGigabytes(job.bytesTotal)} with the hash that the hub names.`);
  if (job.problem !== null) output.note(`But it cannot be used. ${job.problem.message}`);
  output.text(`${job.path ?? missing}\n`);
}

function progressLine(job: DownloadJob): object {
  const { state, bytesDone, bytesTotal, bytesPerSecond, etaSeconds, problem } = job;
  return {
    state,
    file: currentFile(job),
    bytesDone,
    bytesTotal,
    bytesPerSecond,
    etaSeconds,
    ...(problem === null ? {} : { problem }),
  };
}

const currentFile = (job: DownloadJob): string | null =>
  (job.files.find((file) => file.state === 'running' || file.state === 'verifying') ?? job.files.find((file) => file.state !== 'ready'))
    ?.file ??
  job.files.at(-1)?.file ??
  null;

function statusLine(job: DownloadJob): string {
  const part = job.bytesTotal === 0 ? 1 : job.bytesDone / job.bytesTotal;
  const filled = Math.floor(part * barWidth);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
  const amount = `${formatPercent(part)} ${formatGigabytes(job.bytesDone)} of ${formatGigabytes(job.bytesTotal)}`;
  switch (job.state) {
    case 'running': {
      const left = job.etaSeconds === null ? '' : ` · ${formatDuration(job.etaSeconds * 1000)} left`;
      return `${bar} ${amount} · ${formatGigabytes(job.bytesPerSecond)}/s${left}`;
    }
    case 'waiting':
      return `${bar} ${amount} · waiting: ${job.problem?.message ?? 'it goes on by itself'}`;
    default:
      return `${bar} ${amount} · ${job.state}`;
  }
}
