import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type ToolName, toolNames } from '#core/tools/tool.ts';
import { formatDuration, formatTokensPerSecond } from '#core/units.ts';
import { type ChatModel, chatModel, type OpenedModel, requireSight } from '#main/services/chat/chatModels.ts';
import { fetchSpec } from '#main/services/chat/offeredTools.ts';
import { readAttachments } from '#main/services/chat/readAttachments.ts';
import type { PythonSandbox } from '#main/services/sandbox/pythonSandbox.ts';
import { answerWithTools, ToolBreakdown } from '#main/services/tools/answerWithTools.ts';
import { createToolbox } from '#main/services/tools/createToolbox.ts';
import { createFetchTool, type FetchTool } from '#main/services/tools/fetchTool.ts';
import type { Toolbox } from '#main/services/tools/toolbox.ts';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { defaultSampling, Sampling, Thinking } from '#shared/contract/chat.ts';
import { type LoadOptions, modelErrors } from '#shared/contract/models.ts';
import type { ChatTurn } from '#shared/contract/runner.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { namedModel } from '../namedModels.ts';
import { commaList, positiveInteger, temperature, wholeNumber } from '../optionValues.ts';
import { type LoadOptionValues, loadOptionsOf, withLoadOptions, withNextOptions } from './loadOptions.ts';

interface RunOptions extends LoadOptionValues {
  readonly system?: string;
  readonly temperature?: number;
  readonly seed?: number;
  readonly maxTokens?: number;
  readonly schema?: string;
  readonly tools?: readonly ToolName[];
  readonly fetchHosts?: readonly string[];
  readonly image?: readonly string[];
  readonly thinking?: Thinking;
}

const turnLimit = 10;

/** `run MODEL PROMPT`: one answer of one model, streamed for people, a document for programs. */
export function runCommand(context: CommandContext): Command {
  const command = new Command('run')
    .description('ask a model one thing')
    .argument('<model>', 'id, name or path; endpoint:ID/MODEL for one behind an endpoint')
    .argument('<prompt>', 'what to ask; - reads it from stdin')
    .option('--system <text>', 'system prompt')
    .addOption(new Option('--temperature <number>', '0 always answers the same').argParser(temperature))
    .addOption(new Option('--seed <number>', 'seed of the sampling').argParser(wholeNumber))
    .addOption(new Option('--max-tokens <number>', 'longest answer').argParser(positiveInteger))
    .option('--schema <file>', 'JSON Schema that the answer must follow')
    .addOption(new Option('--tools <names>', `tools that the model may call: ${toolNames.join(', ')}`).argParser(toolList))
    .addOption(new Option('--fetch-hosts <names>', 'hosts that http_get may ask: example.org, *.example.org').argParser(commaList))
    .addOption(new Option('--image <file>', 'image for a model that sees; may be given several times').argParser(addTo))
    .addOption(new Option('--thinking <mode>', 'for models that can think').choices(Thinking.options));
  return withLoadOptions(command).action(async (model: string, prompt: string, options: RunOptions) => {
    const sampling = samplingOf(options);
    const schema = options.schema === undefined ? null : await readSchema(options.schema);
    const question = prompt === '-' ? await readAll(process.stdin) : prompt;
    if (question.trim() === '')
      throw new RpcError(systemErrors.usage, 'The prompt is empty.', { hint: 'Say what to ask: rightsize run MODEL "..."' });
    const images = await readImages(options.image ?? []);
    const turns: ChatTurn[] = [{ role: 'user', content: question, ...(images.length === 0 ? {} : { images }) }];
    if (options.system !== undefined) turns.unshift({ role: 'system', content: options.system });
    const { tools = [], fetchHosts = [], thinking } = options;
    if (tools.includes('http_get') && fetchHosts.length === 0) {
      throw new RpcError(systemErrors.usage, 'http_get may ask no host yet.', { hint: 'Name those it may: --fetch-hosts example.org' });
    }
    const wish = {
      turns,
      sampling,
      schema,
      tools,
      fetchHosts,
      load: loadOptionsOf(options),
      ...(thinking === undefined ? {} : { thinking }),
    };
    await answer(context, model, wish).catch((error: unknown) => {
      throw withNextOptions(error);
    });
  });
}

interface Wish {
  readonly turns: ChatTurn[];
  readonly sampling: Sampling;
  readonly schema: Record<string, unknown> | null;
  readonly tools: readonly ToolName[];
  readonly fetchHosts: readonly string[];
  readonly thinking?: Thinking;
  readonly load: Partial<LoadOptions>;
}

async function answer(context: CommandContext, name: string, wish: Wish): Promise<void> {
  const { load, tools, fetchHosts, ...request } = wish;
  const { output, signal } = context;
  const services = await context.services();
  const { sandbox } = services;
  if (tools.includes('execute_python')) await requireSandbox(sandbox);
  await services.library.whenScanned();
  const model = await chatModel(await namedModel(services, name), services);
  const sees = request.turns.some(({ images }) => images !== undefined);
  const opening = {
    load,
    sees,
    signal,
    onProgress: (progress: number) => output.status(`Loading ${model.artifact?.name ?? model.name} ${Math.round(progress * 100)}%`),
  };
  const sightLoadMs = sees ? await requireSight(model, opening, services) : null;
  const fetchTool = createFetchTool({ userAgent: `rightsize/${context.ports.version}` });
  const loaded = await openWith(model, opening, fetchTool);
  try {
    output.status('');
    let seed: number | null = null;
    const worked = await answerWithTools({
      generate: async (asked, asking) => {
        const result = await loaded.generate(asked, asking);
        seed = result.seed;
        return result;
      },
      request: { ...request, prefix: tools.length === 0 ? 'fresh' : 'reuse', overflow: 'fail' },
      toolbox: shownToolbox(toolboxOf({ tools, fetchHosts, sandbox, fetchTool }), output),
      turnLimit,
      signal,
      onItem: (item) => {
        // What a model writes to call a tool is no answer; the call itself is shown.
        if (item.kind === 'tokens' && tools.length === 0 && !output.json) output.text(item.text);
      },
    });
    const { text, reasoning, usage, toolProblem } = worked.answer;
    const finishReason = worked.end === 'turn-limit' ? 'limit' : worked.answer.finishReason;
    const timings = { ...worked.answer.timings, loadMs: loaded.loadMs ?? sightLoadMs };
    const called = tools.length === 0 ? {} : { calls: worked.calls, toolProblem: toolProblem ?? null };
    output.document({ model: model.id, text, reasoning, finishReason, usage, timings, seed, ...called });
    if (!output.json) output.text(tools.length === 0 ? '\n' : `${text}\n`);
    if (toolProblem) output.note(toolProblem);
    output.note(
      `${usage === null ? 'unknown' : `${usage.promptTokens} + ${usage.completionTokens}`} tokens, first after ${formatDuration(timings.ttftMs)}, ` +
        `read at ${formatTokensPerSecond(timings.promptTokensPerSecond)}, written at ${formatTokensPerSecond(timings.generationTokensPerSecond)}, ` +
        (finishReason === 'limit' ? `stopped after ${turnLimit} turns with tools` : finishReason),
    );
    if (worked.end === 'cancelled' || signal.aborted) throw new RpcError(pipeErrors.cancelled, 'Interrupted.');
  } catch (error) {
    throw loaded.explained(error instanceof ToolBreakdown ? error.cause : error);
  } finally {
    loaded.release();
    await fetchTool.dispose();
  }
}

/** A load that fails leaves no connections open. */
async function openWith(model: ChatModel, opening: Parameters<ChatModel['open']>[0], fetchTool: FetchTool): Promise<OpenedModel> {
  try {
    return await model.open(opening);
  } catch (error) {
    await fetchTool.dispose();
    throw error;
  }
}

/** Whoever names a tool, and the hosts it may ask, has allowed its calls. */
function toolboxOf(needs: {
  readonly tools: readonly ToolName[];
  readonly fetchHosts: readonly string[];
  readonly sandbox: PythonSandbox;
  readonly fetchTool: FetchTool;
}): Toolbox {
  const { tools, fetchHosts: hosts, sandbox, fetchTool } = needs;
  const toolbox = createToolbox(
    { tools, fixtures: [], faults: [] },
    { sandbox, fetch: (given, signal) => fetchTool.fetch(given, { hosts, signal }) },
  );
  return { ...toolbox, specs: toolbox.specs.map((spec) => (spec.name === 'http_get' ? fetchSpec(hosts) : spec)) };
}

/** Shows each call with what came of it while the model goes on. */
function shownToolbox(toolbox: Toolbox, output: CommandContext['output']): Toolbox {
  return {
    ...toolbox,
    async call(call, options) {
      const recorded = await toolbox.call(call, options);
      output.note(`${call.name}(${JSON.stringify(call.arguments)}) -> ${recorded.result}`);
      return recorded;
    },
  };
}

async function requireSandbox(sandbox: PythonSandbox): Promise<void> {
  const availability = await sandbox.availability();
  if (availability.isAvailable) return;
  throw new RpcError(benchmarkErrors.sandboxMissing, availability.reason, { hint: `${availability.hint} Or leave execute_python out.` });
}

function toolList(text: string): readonly ToolName[] {
  return commaList(text).map((name) => {
    const known = toolNames.find((tool) => tool === name);
    if (known !== undefined) return known;
    throw new InvalidArgumentError(`It takes a comma list of ${toolNames.join(', ')}.`);
  });
}

const addTo = (file: string, files: readonly string[] = []): readonly string[] => [...files, file];

/** @throws {RpcError} bad-input for what is no image; usage for what cannot be read */
async function readImages(paths: readonly string[]): Promise<NonNullable<ChatTurn['images']>> {
  const files = await Promise.all(
    paths.map(async (path) => {
      const bytes = await readFile(path).catch((cause: unknown) => {
        throw new RpcError(systemErrors.usage, `The image ${path} can't be read.`, {
          hint: '--image takes a PNG, JPEG, WebP or GIF file.',
          cause,
        });
      });
      return { kind: 'image', name: basename(path), mediaType: '', data: bytes.toString('base64') } as const;
    }),
  );
  return readAttachments(files).map(({ mediaType, bytes }) => ({ mediaType, data: Buffer.from(bytes).toString('base64') }));
}

function samplingOf(options: RunOptions): Sampling {
  const parsed = Sampling.safeParse({
    ...defaultSampling,
    ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
    ...(options.temperature === 0 ? { topP: null, topK: null, minP: null } : {}),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.maxTokens === undefined ? {} : { maxTokens: options.maxTokens }),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RpcError(systemErrors.usage, `${String(issue?.path[0] ?? 'sampling')}: ${issue?.message ?? 'is not valid'}`, {
    hint: 'rightsize run --help lists the options.',
  });
}

async function readSchema(path: string): Promise<Record<string, unknown>> {
  const invalid = (message: string, cause?: unknown): RpcError =>
    new RpcError(modelErrors.schema, message, { hint: '--schema takes a file with one JSON Schema object.', cause });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw invalid(`The schema ${path} can't be read.`, error);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw invalid(`The schema ${path} is not JSON.`, error);
  }
  throw invalid(`The schema ${path} is not a JSON object.`);
}
