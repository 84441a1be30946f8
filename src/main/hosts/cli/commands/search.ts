import { Command, Option } from 'commander';
import { formatCount, formatParameters, missing } from '#core/units.ts';
import type { CatalogService } from '#main/services/catalog/catalogService.ts';
import { type CatalogModel, CatalogQuery, type Freshness } from '#shared/contract/catalog.ts';
import type { CommandContext } from '../commandContext.ts';
import { commaList, integerFrom } from '../optionValues.ts';
import { renderTable } from '../table.ts';

/** `newest` is what people call `created`. */
const sorts = {
  trending: 'trending',
  downloads: 'downloads',
  likes: 'likes',
  updated: 'updated',
  created: 'created',
  newest: 'created',
} as const;
/** A filter that lets nothing through is not followed through the whole hub. */
const pagesAtMost = 20;

interface SearchOptions {
  readonly limit: number;
  readonly sort: keyof typeof sorts;
  readonly fits?: boolean;
  readonly publisher?: string[];
}

/** `search QUERY`: GGUF models on the hub. */
export function searchCommand(context: CommandContext): Command {
  return new Command('search')
    .description('search the hub for GGUF models')
    .argument('[query...]', 'words, a repo or an address; nothing lists what is popular')
    .option('--limit <n>', 'rows at most', integerFrom(1, 1000), 20)
    .addOption(new Option('--sort <order>', 'order of the rows').choices(Object.keys(sorts)).default('trending'))
    .option('--fits', 'only models of which some quant would fit this machine')
    .option('--publisher <names>', 'only these publishers, separated by commas', commaList)
    .action(async (words: string[], options: SearchOptions) => {
      const { catalog } = await context.services();
      const query = CatalogQuery.parse({
        text: words.join(' ').slice(0, 20_000),
        sort: sorts[options.sort],
        publishers: options.publisher ?? [],
        fits: options.fits === true,
      });
      const { models, freshness } = await findModels(catalog, { query, limit: options.limit, signal: context.signal });
      context.output.document({ models, freshness });
      if (!context.output.json) printModels(context, models, freshness);
    });
}

async function findModels(
  catalog: CatalogService,
  request: { readonly query: CatalogQuery; readonly limit: number; readonly signal: AbortSignal },
): Promise<{ models: CatalogModel[]; freshness: Freshness | null }> {
  const models: CatalogModel[] = [];
  let cursor: string | null = null;
  let freshness: Freshness | null = null;
  for (let pages = 0; pages < pagesAtMost && models.length < request.limit; pages += 1) {
    const page: Awaited<ReturnType<CatalogService['search']>> = await catalog.search({ query: request.query, cursor }, request);
    models.push(...page.models);
    freshness ??= page.freshness;
    cursor = page.cursor;
    if (cursor === null) break;
  }
  return { models: models.slice(0, request.limit), freshness };
}

function printModels({ output }: CommandContext, models: readonly CatalogModel[], freshness: Freshness | null): void {
  if (freshness !== null) noteAge(output, freshness);
  if (models.length === 0) return output.note('The hub has no GGUF model of this kind. Fewer words find more.');
  output.text(
    renderTable(models, [
      { title: 'Repo', maxWidth: 70, text: (model) => model.repo },
      { title: 'Parameters', align: 'right', text: (model) => formatParameters(model.parameters) },
      { title: 'Downloads', align: 'right', text: (model) => formatCount(model.downloads) },
      { title: 'Likes', align: 'right', text: (model) => formatCount(model.likes) },
      { title: 'Updated', text: (model) => (model.updatedAt === null ? missing : new Date(model.updatedAt).toISOString().slice(0, 10)) },
      { title: 'License', text: (model) => model.license ?? missing },
      { title: 'Access', text: (model) => (model.gated === 'no' ? 'open' : 'gated') },
    ]),
  );
}

/** Says so where an answer is an older one. */
export function noteAge(output: Pick<CommandContext['output'], 'note'>, freshness: Freshness): void {
  if (!freshness.isOffline) return;
  output.note(
    `The hub cannot be asked now. This is what it said on ${new Date(freshness.fetchedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
  );
}
