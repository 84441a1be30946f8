import { parentPort } from 'node:worker_threads';
import { Template } from '@huggingface/jinja';
import { mayHaveSkills } from '#core/gguf/mayHaveSkills.ts';
import type { ChatTurn } from '#shared/contract/runner.ts';
import { alternatingTurns, type Conversation, splitParallelCalls, type TemplateForms, templateVariables } from './templateMessages.ts';
import { noSkills, plainForms, probeTemplate, type TemplateSkills } from './templateSkills.ts';

/** What the worker is asked. The template travels once, with the first question. */
export interface TemplateQuestion {
  readonly id: number;
  readonly template: string | null;
  readonly task: TemplateTask;
  readonly bosToken: string;
  readonly eosToken: string;
}

export type TemplateTask =
  /** Compiles, so that the first conversation need not wait for that, and finds out what the template can: the answer is `TemplateSkills` as JSON. */
  { readonly kind: 'try' } | { readonly kind: 'render'; readonly conversation: Conversation };

export type TemplateAnswer =
  | { readonly id: number; readonly ok: true; readonly text: string }
  | { readonly id: number; readonly ok: false; readonly message: string };

const parentCheckMs = 2_000;

/** Renders the chat template of a model file. Foreign code in effect, so it runs here, where it can be ended at any moment. */
export function serveTemplates(): void {
  leaveWithParent();
  let compiled: Attempt<CompiledTemplate> = { ok: false, error: new Error('no template was sent') };
  parentPort?.on('message', (question: TemplateQuestion) => {
    const { template, task } = question;
    if (template !== null) compiled = attempt(() => compileTemplate(template, question));
    const known = compiled;
    const answered = known.ok
      ? attempt(() => (task.kind === 'try' ? JSON.stringify(known.value.skills()) : known.value.render(task.conversation)))
      : known;
    parentPort?.postMessage(toAnswer(question.id, answered));
  });
}

/**
 * A runner whose main thread hangs in a broken file cannot notice that its parent died, and would burn a core for ever.
 * This thread still runs. On Windows a process keeps its parent's number, so there the hang is all the parent's to end.
 */
function leaveWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, parentCheckMs).unref();
}

function toAnswer(id: number, rendered: Attempt<string>): TemplateAnswer {
  if (rendered.ok) return { id, ok: true, text: rendered.value };
  return { id, ok: false, message: rendered.error instanceof Error ? rendered.error.message : String(rendered.error) };
}

interface CompiledTemplate {
  skills(): TemplateSkills;
  /** @throws what the template throws */
  render(conversation: Conversation): string;
}

function compileTemplate(source: string, tokens: { readonly bosToken: string; readonly eosToken: string }): CompiledTemplate {
  const template = new Template(source);
  const plain = (conversation: Conversation, forms: TemplateForms): string =>
    renderForgivingly(conversation, (told, options) => template.render(templateVariables(told, { ...tokens, ...options, forms })));
  let tried: ReturnType<typeof probeTemplate> | null = null;
  const probe = (): ReturnType<typeof probeTemplate> => {
    // Most templates know nothing of either, and trying takes time.
    tried ??= mayHaveSkills(source) ? probeTemplate(plain) : { ...noSkills, forms: plainForms };
    return tried;
  };
  return {
    skills: () => ({ knowsTools: probe().knowsTools, knowsThinking: probe().knowsThinking }),
    // A renderer that took the place of one that ended has not been tried yet.
    render: (conversation) => plain(conversation, conversation.tools.length > 0 ? probe().forms : plainForms),
  };
}

/**
 * Some families refuse a system turn (Gemma 2): then its text goes in front of the first user turn, as their makers advise. Some refuse two calls in
 * one turn (Llama 3): then each call gets a turn of its own. Some refuse a system turn that comes later (Qwen 3.5), or two turns of the user after each other
 * (Mistral, Gemma), which coding agents send. Some walk through the calls of turns that have none, which Python's Jinja lets pass.
 */
function renderForgivingly(
  conversation: Conversation,
  render: (told: Conversation, options: { readonly emptyCalls: boolean }) => string,
): string {
  const { turns } = conversation;
  const ways = [turns, alternatingTurns(turns)].flatMap((told) => {
    if (told === null) return [];
    const split = splitParallelCalls(told);
    return [told, foldSystemTurn(told), split, foldSystemTurn(split)].filter((way) => way !== null);
  });
  let first: Attempt<string> | null = null;
  for (const emptyCalls of [false, true]) {
    for (const way of ways) {
      const rendered = attempt(() => render({ ...conversation, turns: way }, { emptyCalls }));
      if (rendered.ok) return rendered.value;
      first ??= rendered;
    }
  }
  // What the template said to the conversation as it was is the better story.
  throw first?.ok === false ? first.error : new Error('there is nothing to render');
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error };
  }
}

function foldSystemTurn(turns: readonly ChatTurn[]): readonly ChatTurn[] | null {
  const [system, user, ...rest] = turns;
  if (system?.role !== 'system' || user?.role !== 'user') return null;
  return [{ role: 'user', content: `${system.content}\n\n${user.content}` }, ...rest];
}
