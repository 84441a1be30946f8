import { Worker } from 'node:worker_threads';
import { modelErrors } from '#shared/contract/models.ts';
import type { ChatTurn } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { TemplateAnswer, TemplateQuestion } from './templateWorker.ts';

/** The longest template in use is about 30 kB; anything near this is no template. */
const maxTemplateCharacters = 262_144;
const maxPromptCharacters = 33_554_432;
const maxNesting = 400;
const renderDeadlineMs = 5_000;

/** Makes a prompt of a conversation. */
export interface PromptTemplate {
  /** `chatml` is the fallback for a file that has no template at all, never for one whose template fails. */
  readonly source: 'file' | 'chatml';
  /** @throws {RpcError} chat-template-failed */
  render(turns: readonly ChatTurn[]): Promise<string>;
  /** Gets ready for the first conversation. What is wrong with the template is told when it is used. */
  warmUp(): Promise<void>;
}

/**
 * The chat template of a model, rendered in a warm worker with a deadline and a memory limit.
 * @param options.template the file's own, or null when it has none.
 * @param options.scriptUrl the runner's script, which serves as the worker.
 */
export function createPromptTemplate(options: {
  readonly template: string | null;
  readonly bosToken: string;
  readonly eosToken: string;
  readonly scriptUrl: URL;
  readonly deadlineMs?: number;
}): PromptTemplate {
  const { template } = options;
  if (template === null) return { source: 'chatml', render: async (turns) => renderChatMl(turns), warmUp: () => Promise.resolve() };
  const problem = findTemplateProblem(template);
  if (problem !== null) return { source: 'file', render: () => Promise.reject(templateError(problem)), warmUp: () => Promise.resolve() };

  const deadlineMs = options.deadlineMs ?? renderDeadlineMs;
  let worker = startWorker(options.scriptUrl);

  async function ask(turns: readonly ChatTurn[] | null): Promise<string> {
    if (worker.ended) worker = startWorker(options.scriptUrl);
    try {
      return await worker.ask({ template, turns, bosToken: options.bosToken, eosToken: options.eosToken }, deadlineMs);
    } catch (error) {
      throw templateError(error instanceof Error ? error.message : String(error));
    }
  }

  return {
    source: 'file',
    async render(turns) {
      const text = await ask(turns);
      if (text.length > maxPromptCharacters) throw templateError('it makes a prompt of more than 32 million characters');
      return text;
    },
    warmUp: () =>
      ask(null).then(
        () => undefined,
        () => undefined,
      ),
  };
}

/** ChatML, the form that most instruction-tuned families understand. */
export function renderChatMl(turns: readonly ChatTurn[]): string {
  return `${turns.map((turn) => `<|im_start|>${turn.role}\n${turn.content}<|im_end|>\n`).join('')}<|im_start|>assistant\n`;
}

/** What can be known without running it: size, and nesting that would exhaust a parser's stack. */
function findTemplateProblem(template: string): string | null {
  if (template.length > maxTemplateCharacters) return `it is ${template.length} characters long, and ${maxTemplateCharacters} are allowed`;
  let depth = 0;
  let deepest = 0;
  for (const character of template) {
    if (character === '(' || character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ')' || character === ']' || character === '}') depth = Math.max(0, depth - 1);
  }
  return deepest > maxNesting ? `it is nested ${deepest} levels deep, and ${maxNesting} are allowed` : null;
}

function templateError(reason: string): RpcError {
  return new RpcError(modelErrors.template, `The chat template of this model could not be used: ${reason.slice(0, 300)}.`, {
    hint: 'The file is unchanged. Get the model from another publisher, or one whose template works.',
  });
}

interface TemplateWorker {
  readonly ended: boolean;
  ask(question: Omit<TemplateQuestion, 'id'>, deadlineMs: number): Promise<string>;
}

function startWorker(scriptUrl: URL): TemplateWorker {
  const worker = new Worker(scriptUrl, {
    execArgv: [],
    env: { TZ: process.env.TZ ?? '' },
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 },
  });
  const waiting = new Map<number, { resolve(text: string): void; reject(error: Error): void }>();
  let nextId = 1;
  let sentTemplate = false;
  let ended = false;

  function end(reason: string): void {
    ended = true;
    for (const question of waiting.values()) question.reject(new Error(reason));
    waiting.clear();
  }
  worker.on('message', (answer: TemplateAnswer) => {
    const question = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.ok) question?.resolve(answer.text);
    else question?.reject(new Error(answer.message));
  });
  worker.on('error', (error: Error & { readonly code?: string }) => {
    end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it needs more than 256 MB of memory' : error.message);
  });
  worker.on('exit', () => end('its renderer ended'));
  // After the listeners, which take a reference themselves.
  worker.unref();

  return {
    get ended() {
      return ended;
    },
    ask(question, deadlineMs) {
      const id = nextId++;
      return new Promise<string>((resolve, reject) => {
        const timer = setTimeout(() => {
          end(`it did not finish in ${deadlineMs / 1000} s`);
          void worker.terminate();
        }, deadlineMs);
        waiting.set(id, {
          resolve: (text) => {
            clearTimeout(timer);
            resolve(text);
          },
          reject: (error) => {
            clearTimeout(timer);
            reject(error);
          },
        });
        worker.postMessage({ id, ...question, template: sentTemplate ? null : question.template } satisfies TemplateQuestion);
        sentTemplate = true;
      });
    },
  };
}
