import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { Conversation } from './templateMessages.ts';
import type { TemplateRenderer } from './templateRenderer.ts';
import { noSkills, type TemplateSkills } from './templateSkills.ts';
import type { TemplateTask } from './templateWorker.ts';

/** The longest template in use is about 30 kB; anything near this is no template. */
const maxTemplateCharacters = 262_144;
const maxPromptCharacters = 33_554_432;
const maxNesting = 400;
const renderDeadlineMs = 5_000;

/** Makes a prompt of a conversation. */
export interface PromptTemplate {
  /** `chatml` is the fallback for a file that has no template at all, never for one whose template fails. */
  readonly source: 'file' | 'chatml';
  /** @throws {RpcError} chat-template-failed, tools-unsupported */
  render(conversation: Conversation): Promise<string>;
  /** Gets ready for the first conversation. What is wrong with the template is told when it is used. */
  warmUp(): Promise<TemplateSkills>;
}

/**
 * The chat template of a model, rendered in a warm worker with a deadline and a memory limit.
 * @param options.template the file's own, or null when it has none.
 * @param options.startRenderer makes the worker; called again when a template has used one up.
 */
export function createPromptTemplate(options: {
  readonly template: string | null;
  readonly bosToken: string;
  readonly eosToken: string;
  readonly startRenderer: () => TemplateRenderer;
  readonly deadlineMs?: number;
}): PromptTemplate {
  const { template } = options;
  const warmUp = async (): Promise<TemplateSkills> => noSkills;
  if (template === null) return { source: 'chatml', render: async (conversation) => renderChatMl(conversation), warmUp };
  const problem = findTemplateProblem(template);
  if (problem !== null) return { source: 'file', render: () => Promise.reject(templateError(problem)), warmUp };

  const deadlineMs = options.deadlineMs ?? renderDeadlineMs;
  let renderer = options.startRenderer();

  async function ask(task: TemplateTask): Promise<string> {
    if (renderer.ended) renderer = options.startRenderer();
    try {
      return await renderer.ask({ template, task, bosToken: options.bosToken, eosToken: options.eosToken }, deadlineMs);
    } catch (error) {
      throw templateError(error instanceof Error ? error.message : String(error));
    }
  }

  let skills: Promise<TemplateSkills> | null = null;
  const trySkills = (): Promise<TemplateSkills> => {
    skills ??= ask({ kind: 'try' }).then(
      (text) => JSON.parse(text) as TemplateSkills,
      () => noSkills,
    );
    return skills;
  };

  return {
    source: 'file',
    async render(conversation) {
      if (conversation.tools.length > 0 && !(await trySkills()).knowsTools) throw toolsUnsupported();
      const text = await ask({ kind: 'render', conversation });
      if (text.length > maxPromptCharacters) throw templateError('it makes a prompt of more than 32 million characters');
      return text;
    },
    warmUp: trySkills,
  };
}

/** ChatML, the form that most instruction-tuned families understand. */
function renderChatMl({ turns, tools }: Conversation): string {
  if (tools.length > 0) throw toolsUnsupported();
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

function toolsUnsupported(): RpcError {
  return new RpcError(benchmarkErrors.toolsUnsupported, 'The chat template of this model tells it of no tools.', {
    hint: 'Ask it without tools, or take a model that was trained to call them.',
  });
}
