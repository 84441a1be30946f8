import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { formatDuration, formatTokensPerSecond } from '#core/units.ts';
import { noteAnswer } from '#main/services/models/noteAnswer.ts';
import { defaultSampling, Sampling } from '#shared/contract/chat.ts';
import { type LoadOptions, modelErrors } from '#shared/contract/models.ts';
import type { ChatTurn } from '#shared/contract/runner.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { positiveInteger, temperature, wholeNumber } from '../optionValues.ts';
import { type LoadOptionValues, loadOptionsOf, withLoadOptions, withNextOptions } from './loadOptions.ts';

interface RunOptions extends LoadOptionValues {
  readonly system?: string;
  readonly temperature?: number;
  readonly seed?: number;
  readonly maxTokens?: number;
  readonly schema?: string;
}

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
    .option('--schema <file>', 'JSON Schema that the answer must follow');
  return withLoadOptions(command).action(async (model: string, prompt: string, options: RunOptions) => {
    const sampling = samplingOf(options);
    const schema = options.schema === undefined ? null : await readSchema(options.schema);
    const question = prompt === '-' ? await readAll(process.stdin) : prompt;
    if (question.trim() === '')
      throw new RpcError(systemErrors.usage, 'The prompt is empty.', { hint: 'Say what to ask: rightsize run MODEL "..."' });
    const turns: ChatTurn[] = [{ role: 'user', content: question }];
    if (options.system !== undefined) turns.unshift({ role: 'system', content: options.system });
    await answer(context, model, { turns, sampling, schema, load: loadOptionsOf(options) }).catch((error: unknown) => {
      throw withNextOptions(error);
    });
  });
}

async function answer(
  context: CommandContext,
  model: string,
  wish: {
    readonly turns: ChatTurn[];
    readonly sampling: Sampling;
    readonly schema: Record<string, unknown> | null;
    readonly load: Partial<LoadOptions>;
  },
): Promise<void> {
  const { load, ...request } = wish;
  const { output, signal } = context;
  const { library, models } = await context.services();
  await library.whenScanned();
  const artifact = library.resolve(model);
  const loaded = await models.acquire(artifact.id, {
    ...load,
    signal,
    onProgress: (progress) => output.status(`Loading ${artifact.name} ${Math.round(progress * 100)}%`),
  });
  try {
    output.status('');
    const result = await loaded.generation.generate(
      { ...request, prefix: 'fresh' },
      {
        signal,
        onItem: (item) => {
          if (item.kind === 'tokens' && !output.json) output.text(item.text);
        },
      },
    );
    const { text, reasoning, finishReason, usage, seed } = result;
    const timings = { ...result.timings, loadMs: loaded.load.loadMs };
    noteAnswer(loaded, result);
    output.document({ model: artifact.id, text, reasoning, finishReason, usage, timings, seed });
    if (!output.json) output.text('\n');
    const { promptTokens, completionTokens } = usage;
    output.note(
      `${promptTokens} + ${completionTokens} tokens, first after ${formatDuration(timings.ttftMs)}, ` +
        `read at ${formatTokensPerSecond(timings.promptTokensPerSecond)}, written at ${formatTokensPerSecond(timings.generationTokensPerSecond)}, ${finishReason}`,
    );
    if (finishReason === 'cancelled' || signal.aborted) throw new RpcError(pipeErrors.cancelled, 'Interrupted.');
  } catch (error) {
    throw loaded.explained(error);
  } finally {
    loaded.release();
  }
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
