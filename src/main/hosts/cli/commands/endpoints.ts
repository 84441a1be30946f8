import { Command, Option } from 'commander';
import { missing } from '#core/units.ts';
import type { EndpointService } from '#main/services/endpoints/endpointService.ts';
import { type Endpoint, type EndpointCheck, EndpointDraft, endpointModelId } from '#shared/contract/endpoints.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { confirmed } from '../confirmed.ts';
import { exitCodes } from '../exitCodes.ts';
import { commaList, integerFrom } from '../optionValues.ts';
import { readSecret, type SecretSource } from '../readSecret.ts';
import { renderTable } from '../table.ts';

interface AddOptions extends SecretSource {
  readonly id?: string;
  readonly name?: string;
  readonly models?: string[];
  readonly concurrency?: number;
  readonly requestsPerMinute?: number;
  readonly stallSeconds?: number;
}

/** `endpoints`: servers with OpenAI's API that benchmarks may ask. */
export function endpointsCommand(context: CommandContext): Command {
  const command = new Command('endpoints').description('servers with OpenAI’s API whose models benchmarks may ask');
  const subcommands = [listEndpoints(context), addEndpoint(context), checkEndpoint(context), removeEndpoint(context)];
  for (const subcommand of subcommands) {
    command.addCommand(subcommand.option('--json', 'answer in JSON').copyInheritedSettings(command));
  }
  return command;
}

function listEndpoints(context: CommandContext): Command {
  return new Command('list').description('list them with their models').action(async () => {
    const { endpoints } = await context.services();
    printEndpoints(context, await endpoints.list());
  });
}

function addEndpoint(context: CommandContext): Command {
  return withKey(new Command('add').description('add one, or change the one named by --id'))
    .argument('<address>', 'as its maker gives it, mostly ending in /v1')
    .option('--id <id>', 'the one to change')
    .option('--name <name>', 'what it is called here; its host when left out')
    .addOption(new Option('--models <list>', 'what may be asked of it; all it lists when left out, up to 20').argParser(commaList))
    .addOption(new Option('--concurrency <number>', 'requests at the same time; 4 when left out').argParser(integerFrom(1, 64)))
    .addOption(new Option('--requests-per-minute <number>', 'no more than these').argParser(integerFrom(1, 100_000)))
    .addOption(
      new Option('--stall-seconds <number>', 'give a request up after so long without a byte; 120 when left out').argParser(
        integerFrom(1, 3600),
      ),
    )
    .action(async (address: string, options: AddOptions) => {
      const { endpoints } = await context.services();
      const known = options.id === undefined ? null : await endpoints.get(options.id);
      const key = await readSecret(context, options);
      const draft = readDraft({
        id: known?.id ?? null,
        name: options.name ?? known?.name ?? hostOf(address),
        baseUrl: address,
        models: options.models ?? [...(known?.models ?? [])],
        concurrency: options.concurrency ?? known?.concurrency ?? 4,
        requestsPerMinute: options.requestsPerMinute ?? known?.requestsPerMinute ?? null,
        stallSeconds: options.stallSeconds ?? known?.stallSeconds ?? 120,
        ...(key === undefined ? {} : { key }),
      });
      const models = draft.models.length > 0 ? draft.models : await listedModels(endpoints, draft);
      const saved = await endpoints.save(readDraft({ ...draft, models }));
      printEndpoints(context, [saved]);
      const model = saved.models[0];
      if (model !== undefined) context.output.note(`Benchmark it with: rightsize bench --models ${endpointModelId(saved.id, model)}`);
    });
}

/** @throws {RpcError} usage */
function readDraft(typed: EndpointDraft): EndpointDraft {
  const draft = EndpointDraft.safeParse(typed);
  if (draft.success) return draft.data;
  const issue = draft.error.issues[0];
  throw new RpcError(systemErrors.usage, `${issue?.path.join('.') ?? 'endpoint'}: ${issue?.message ?? 'is not valid'}`, {
    hint: 'rightsize endpoints add --help lists the options.',
  });
}

/** @throws {RpcError} what the check said, or that there are too many to take them all */
async function listedModels(endpoints: EndpointService, draft: EndpointDraft): Promise<string[]> {
  const check = await endpoints.check(draft);
  if (!check.ok) {
    throw new RpcError(systemErrors.usage, `Its models cannot be listed: ${check.message}`, {
      hint: `${check.hint ?? ''} Or name its models with --models, and nothing is asked now.`.trim(),
    });
  }
  if (check.models.length > 0 && check.models.length <= 20) return check.models;
  throw new RpcError(systemErrors.usage, check.models.length === 0 ? 'It lists no models.' : `It has ${check.models.length} models.`, {
    hint: `Name those you want to ask with --models${check.models.length === 0 ? '' : `, for example ${check.models.slice(0, 3).join(',')}`}.`,
  });
}

function checkEndpoint(context: CommandContext): Command {
  return withKey(new Command('check').description('ask one what it has'))
    .argument('<endpoint>', 'its id, or an address')
    .action(async (name: string, options: SecretSource) => {
      const { endpoints } = await context.services();
      const key = await readSecret(context, options);
      const known = name.includes('://') ? null : await endpoints.get(name);
      const { hasKey: _hasKey, ...draft } = known ?? {
        id: null,
        name: 'check',
        baseUrl: name,
        models: [],
        concurrency: 1,
        requestsPerMinute: null,
        stallSeconds: 30,
        hasKey: false,
      };
      printCheck(context, await endpoints.check({ ...draft, ...(key === undefined ? {} : { key }) }));
    });
}

function removeEndpoint(context: CommandContext): Command {
  return new Command('remove')
    .description('forget one, and its key')
    .argument('<endpoint>', 'its id')
    .option('--yes', 'do not ask')
    .action(async (name: string, options: { readonly yes?: true }) => {
      const { endpoints } = await context.services();
      const endpoint = await endpoints.get(name);
      if (
        !options.yes &&
        !(await confirmed(context, `Forget ${endpoint.name} (${endpoint.baseUrl})${endpoint.hasKey ? ' and its key' : ''}?`))
      ) {
        throw new RpcError(pipeErrors.cancelled, 'Nothing was removed.');
      }
      await endpoints.remove(endpoint.id);
      context.output.document({ id: endpoint.id, removed: true });
      context.output.note(`${endpoint.name} is forgotten. Runs that asked it keep their answers.`);
    });
}

function withKey(command: Command): Command {
  return command
    .addOption(new Option('--key-env <name>', 'take its key from this environment variable').conflicts('keyStdin'))
    .option('--key-stdin', 'take its key from stdin; never from an argument, which others can see');
}

function hostOf(address: string): string {
  return URL.parse(address)?.host.slice(0, 100) || address.slice(0, 100);
}

function printEndpoints(context: CommandContext, endpoints: readonly Endpoint[]): void {
  const { output } = context;
  output.document({ endpoints });
  if (output.json) return;
  if (endpoints.length === 0)
    return output.note('There is no endpoint yet. Add one with: rightsize endpoints add http://127.0.0.1:11434/v1');
  output.text(
    renderTable(endpoints, [
      { title: 'ID', text: ({ id }) => id },
      { title: 'Name', text: ({ name }) => name },
      { title: 'Address', text: ({ baseUrl }) => baseUrl },
      { title: 'Key', text: ({ hasKey }) => (hasKey ? 'kept' : missing) },
      { title: 'At once', align: 'right', text: ({ concurrency }) => String(concurrency) },
      { title: 'A minute', align: 'right', text: ({ requestsPerMinute }) => requestsPerMinute?.toString() ?? missing },
      { title: 'Models', text: ({ models }) => models.join(', ') || missing },
    ]),
  );
}

function printCheck(context: CommandContext, check: EndpointCheck): void {
  const { output } = context;
  output.document(check);
  if (!check.ok) context.exitWith(exitCodes.failed);
  output.note(check.message);
  if (check.hint !== null) output.note(check.hint);
  for (const model of check.models) if (!output.json) output.text(`${model}\n`);
}
