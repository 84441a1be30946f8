import { Command, Option } from 'commander';
import { fitOptionsFor, recommendQuant } from '#core/catalog/recommendQuant.ts';
import { checkFitInput } from '#core/fit/checkFitInput.ts';
import { estimateFit } from '#core/fit/estimateFit.ts';
import { fitMachineOf } from '#core/fit/fitMachineOf.ts';
import { withWeightBytes } from '#core/fit/fitShape.ts';
import type { FitEstimate, FitMachine, FitShape, KvType } from '#core/fit/fitTypes.ts';
import { formatGibibytes, formatGigabytes, formatTokensPerSecond, missing } from '#core/units.ts';
import { recommendedContext } from '#main/services/catalog/describeRepo.ts';
import type { Services } from '#main/services/createServices.ts';
import type { CatalogQuant, CatalogRepo, RemoteHeader } from '#shared/contract/catalog.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError, type RpcErrorData } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { integerFrom } from '../optionValues.ts';
import { renderTable } from '../table.ts';
import { findRepo, quantNamed } from './namedRepo.ts';
import { noteAge } from './search.ts';

const kvTypes: readonly KvType[] = ['f32', 'f16', 'bf16', 'q8_0', 'q5_1', 'q5_0', 'q4_1', 'q4_0', 'iq4_nl'];

interface QuantsOptions {
  readonly ctx?: number;
  readonly kv: KvType;
}

/** One row: a quant with what it would take here. */
interface QuantRow {
  readonly quant: CatalogQuant;
  readonly fit: FitEstimate | null;
  readonly isRecommended: boolean;
}

/** `quants REPO`: what a repo offers, and how each would fit this machine. */
export function quantsCommand(context: CommandContext): Command {
  return new Command('quants')
    .description('list the quants of a repo and how they fit this machine')
    .argument('<repo>', 'publisher/repo, publisher/repo:quant, publisher/repo/file.gguf or an address of the hub')
    .option('--ctx <tokens>', 'context to plan for; 8192 or what the model takes', integerFrom(1, 2 ** 31 - 1))
    .addOption(new Option('--kv <type>', 'type of the KV cache').choices(kvTypes).default('f16'))
    .action(async (name: string, options: QuantsOptions) => {
      const services = await context.services();
      const found = await findRepo(services, name, context);
      const { repo } = found;
      const wanted = quantNamed(repo, found) ?? repo.quants.find((quant) => quant.recommended !== null) ?? repo.quants[0];
      const [machine, header] = await Promise.all([
        readMachine(services, context.signal),
        readHeader(services, { repo, wanted, ...context }),
      ]);
      const plan = { machine, header, options };
      const choice = recommendQuant(repo.quants, {
        machine,
        contextTokens: options.ctx ?? recommendedContext,
        shape: header.shape,
      });
      const rows = repo.quants.map((quant) => ({ quant, fit: fitOf(quant, plan), isRecommended: choice?.quant.file === quant.file }));
      const answer = { rows, reason: choice?.reason ?? null, header };
      context.output.document(documentOf(repo, answer));
      if (context.output.json) return;
      printQuants(context, { repo, ...answer });
      const asked = found.file ?? found.quant;
      if (asked !== null && quantNamed(repo, found) === undefined) context.output.note(`There is no ${asked} here.`);
    });
}

interface ReadHeader {
  /** First file of the quant that was read; null where none was. */
  readonly file: string | null;
  readonly shape: FitShape | null;
  readonly mismatches: RemoteHeader['mismatches'];
  /** Why not. */
  readonly problem: RpcErrorData | null;
}

const noHeader: ReadHeader = { file: null, shape: null, mismatches: [], problem: null };

/** Without a header the list stands, and what it takes is unknown. */
async function readHeader(
  services: Pick<Services, 'catalog'>,
  of: { readonly repo: CatalogRepo; readonly wanted: CatalogQuant | undefined; readonly signal: AbortSignal },
): Promise<ReadHeader> {
  if (of.wanted === undefined) return noHeader;
  try {
    const place = { repo: of.repo.repo, commit: of.repo.commit, file: of.wanted.file };
    const { file, shape, mismatches } = await services.catalog.header(place, { signal: of.signal });
    return { file, shape, mismatches, problem: null };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return { ...noHeader, problem: error.toJSON() };
  }
}

async function readMachine({ system }: Pick<Services, 'system'>, signal: AbortSignal): Promise<FitMachine> {
  const hardware = await system.hardware();
  if (hardware.memory.bandwidthBytesPerSecond !== null) return fitMachineOf(hardware);
  return fitMachineOf(await system.measureBandwidth({ signal }));
}

function fitOf(
  quant: CatalogQuant,
  plan: { readonly machine: FitMachine; readonly header: ReadHeader; readonly options: QuantsOptions },
): FitEstimate | null {
  const { header, options } = plan;
  if (header.shape === null || quant.missingShards.length > 0) return null;
  const shape = quant.file === header.file ? header.shape : withWeightBytes(header.shape, quant.sizeBytes);
  const usual = fitOptionsFor(shape, options.ctx ?? recommendedContext);
  const asked = { ...usual, contextTokens: options.ctx ?? usual.contextTokens, kvType: options.kv };
  const check = checkFitInput(shape, asked);
  if (check.ok) return estimateFit(shape, plan.machine, asked);
  // What was asked for is to blame, and not the file.
  if (check.code === 'fit-options-invalid') throw new RpcError(systemErrors.usage, check.reason);
  return null;
}

interface Answer {
  readonly rows: readonly QuantRow[];
  readonly reason: string | null;
  readonly header: ReadHeader;
}

function documentOf(repo: CatalogRepo, { rows, reason, header }: Answer): object {
  return {
    repo: repo.repo,
    commit: repo.commit,
    architecture: repo.architecture,
    isArchitectureSupported: repo.isArchitectureSupported,
    gated: repo.gated,
    quants: rows.map(({ quant, fit, isRecommended }) => ({
      file: quant.file,
      files: quant.files.map((file) => file.path),
      type: quant.type,
      bitsPerWeight: quant.bitsPerWeight,
      sizeBytes: quant.sizeBytes,
      sha256: quant.sha256,
      fit: fit && {
        state: fit.state,
        gpuLayers: fit.gpuLayers,
        layers: fit.layers,
        maxContext: fit.maxContext,
        bytes: fit.bytes,
        tokensPerSecond: fit.tokensPerSecond,
      },
      recommended: isRecommended,
      quality: quant.quality,
      missingShards: quant.missingShards,
      artifactId: quant.artifactId,
    })),
    projectors: repo.projectors.map((file) => file.path),
    reason,
    mismatches: header.mismatches,
    problem: header.problem,
    freshness: repo.freshness,
  };
}

function printQuants({ output }: CommandContext, answer: Answer & { readonly repo: CatalogRepo }): void {
  const { repo, rows, reason, header } = answer;
  const { problem } = header;
  noteAge(output, repo.freshness);
  if (rows.length === 0) return output.note(`${repo.repo} holds no GGUF model. Look for one that is packaged: rightsize search NAME`);
  output.text(
    renderTable(rows, [
      { title: 'Quant', text: ({ quant, isRecommended }) => `${quant.type ?? quant.file}${isRecommended ? ' *' : ''}` },
      { title: 'Bits', align: 'right', text: ({ quant }) => quant.bitsPerWeight?.toFixed(1) ?? missing },
      { title: 'Size', align: 'right', text: ({ quant }) => formatGigabytes(quant.sizeBytes) },
      { title: 'Memory', align: 'right', text: ({ fit }) => formatGibibytes(fit?.bytes.total) },
      { title: 'Fit', text: ({ quant, fit }) => fitWords(quant, fit) },
      { title: 'Speed', align: 'right', text: ({ fit }) => formatTokensPerSecond(fit?.tokensPerSecond?.estimate, { kind: 'predicted' }) },
      { title: 'Quality', text: ({ quant }) => quant.quality ?? missing },
      { title: 'Here', text: ({ quant }) => quant.artifactId ?? '' },
    ]),
  );
  if (reason !== null) output.note(`* ${reason}`);
  if (repo.isArchitectureSupported === false)
    output.note(`The engine of this version does not know the architecture ${repo.architecture}.`);
  if (repo.gated !== 'no') output.note(`Its files are only given to people who have accepted its licence: ${repo.url}`);
  for (const { sentence } of header.mismatches) output.note(`${header.file}: ${sentence}`);
  if (problem !== null) output.note(`What it takes is unknown: ${problem.message}${problem.hint === undefined ? '' : ` ${problem.hint}`}`);
}

function fitWords(quant: CatalogQuant, fit: FitEstimate | null): string {
  if (quant.missingShards.length > 0)
    return quant.missingShards.length === 1 ? '1 part is missing' : `${quant.missingShards.length} parts are missing`;
  switch (fit?.state) {
    case undefined:
      return 'unknown';
    case 'gpu':
      return 'fits GPU';
    case 'partial':
      return `fits with ${fit?.gpuLayers}/${fit?.layers} layers on GPU`;
    case 'cpu':
      return 'RAM only';
    case 'tight':
      return 'tight';
    case 'none':
      return "won't fit";
  }
}
