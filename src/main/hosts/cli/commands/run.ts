import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { Command, InvalidArgumentError, Option } from 'commander';
import { formatDuration, formatTokensPerSecond } from '#core/units.ts';
import { noteAnswer } from '#main/services/models/noteAnswer.ts';
import type { PythonSandbox } from '#main/services/sandbox/pythonSandbox.ts';
import { answerWithTools, ToolBreakdown } from '#main/services/tools/answerWithTools.ts';
import { createToolbox } from '#main/services/tools/createToolbox.ts';
import type { Toolbox } from '#main/services/tools/toolbox.ts';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { defaultSampling, Sampling } from '#shared/contract/chat.ts';
import { type LoadOptions, modelErrors } from '#shared/contract/models.ts';
import type { ChatTurn } from '#shared/contract/runner.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { commaList, positiveInteger, temperature, wholeNumber } from '../optionValues.ts';
import { type LoadOptionValues, loadOptionsOf, withLoadOptions, withNextOptions } from './loadOptions.ts';

interface RunOptions extends LoadOptionValues {
  readonly system?: string;
  readonly temperature?: number;
  readonly seed?: number;
  readonly maxTokens?: number;
  readonly schema?: string;
  readonly tools?: readonly RunTool[];
}

/** `http_get` answers from recordings, and a question of one's own has none. */
const runTools = ['calculator', 'execute_python'] as const;
type RunTool = (typeof runTools)[number];
const turnLimit = 10;

/** `run MODEL PROMPT`: one answer of one model, streamed for people, a document for programs. */
export function runCommand(context: CommandContext): Command {
  const command = new Command('run')
    .description('ask a model one thing')
    .argument('<model>', 'id, name or path')
    .argument('<prompt>', 'what to ask; - reads it from stdin')
    .option('--system <text>', 'system prompt')
    .addOption(new Option('--temperature <number>', '0 always answers the same').argParser(temperature))
    .addOption(new Option('--seed <number>', 'seed of the sampling').argParser(wholeNumber))
    .addOption(new Option('--max-tokens <number>', 'longest answer').argParser(positiveInteger))
    .option('--schema <file>', 'JSON Schema that the answer must follow')
    .addOption(new Option('--tools <names>', `tools that the model may call: ${runTools.join(', ')}`).argParser(toolList));
  return withLoadOptions(command).action(async (model: string, prompt: string, options: RunOptions) => {
    const sampling = samplingOf(options);
    const schema = options.schema === undefined ? null : await readSchema(options.schema);
    const question = prompt === '-' ? await readAll(process.stdin) : prompt;
    if (question.trim() === '')
      throw new RpcError(systemErrors.usage, 'The prompt is empty.', { hint: 'Say what to ask: rightsize run MODEL "..."' });
    const turns: ChatTurn[] = [{ role: 'user', content: question }];
    if (options.system !== undefined) turns.unshift({ role: 'system', content: options.system });
    await answer(context, model, { turns, sampling, schema, tools: options.tools ?? [], load: loadOptionsOf(options) }).catch(
      (error: unknown) => {
        throw withNextOptions(error);
      },
    );
  });
}

interface Wish {
  readonly turns: ChatTurn[];
  readonly sampling: Sampling;
  readonly schema: Record<string, unknown> | null;
  readonly tools: readonly RunTool[];
  readonly load: Partial<LoadOptions>;
}

async function answer(context: CommandContext, model: string, wish: Wish): Promise<void> {
  const { load, tools, ...request } = wish;
  const { output, signal } = context;
  const { library, models, sandbox } = await context.services();
  if (tools.includes('execute_python')) await requireSandbox(sandbox);
  await library.whenScanned();
  const artifact = library.resolve(model);
  const loaded = await models.acquire(artifact.id, {
    ...load,
    signal,
    onProgress: (progress) => output.status(`Loading ${artifact.name} ${Math.round(progress * 100)}%`),
  });
  try {
    output.status('');
    let seed: number | null = null;
    const worked = await answerWithTools({
      generate: async (asked, asking) => {
        const result = await loaded.generation.generate(asked, asking);
        noteAnswer(loaded, result);
        seed = result.seed;
        return result;
      },
      request: { ...request, prefix: tools.length === 0 ? 'fresh' : 'reuse', overflow: 'fail' },
      toolbox: shownToolbox(createToolbox({ tools, fixtures: [], faults: [] }, { sandbox }), output),
      turnLimit,
      signal,
      onItem: (item) => {
        // What a model writes to call a tool is no answer; the call itself is shown.
        if (item.kind === 'tokens' && tools.length === 0 && !output.json) output.text(item.text);
      },
    });
    const { text, reasoning, usage, toolProblem } = worked.answer;
    const finishReason = worked.end === 'turn-limit' ? 'limit' : worked.answer.finishReason;
    const timings = { ...worked.answer.timings, loadMs: loaded.load.loadMs };
    const called = tools.length === 0 ? {} : { calls: worked.calls, toolProblem: toolProblem ?? null };
    output.document({ model: artifact.id, text, reasoning, finishReason, usage, timings, seed, ...called });
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
  }
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

function toolList(text: string): readonly RunTool[] {
  return commaList(text).map((name) => {
    const known = runTools.find((tool) => tool === name);
    if (known !== undefined) return known;
    if (name === 'http_get') throw new InvalidArgumentError('http_get only answers from recordings of a suite, and there are none here.');
    throw new InvalidArgumentError(`It takes a comma list of ${runTools.join(', ')}.`);
  });
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
