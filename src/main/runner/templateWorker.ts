import { parentPort } from 'node:worker_threads';
import { Template } from '@huggingface/jinja';
import type { ChatTurn } from '#shared/contract/runner.ts';

/** What the worker is asked. The template travels once, with the first question. */
export interface TemplateQuestion {
  readonly id: number;
  readonly template: string | null;
  /** Null only compiles the template, so that the first conversation need not wait for that. */
  readonly turns: readonly ChatTurn[] | null;
  readonly bosToken: string;
  readonly eosToken: string;
}

export type TemplateAnswer =
  | { readonly id: number; readonly ok: true; readonly text: string }
  | { readonly id: number; readonly ok: false; readonly message: string };

const parentCheckMs = 2_000;

/** Renders the chat template of a model file. Foreign code in effect, so it runs here, where it can be ended at any moment. */
export function serveTemplates(): void {
  leaveWithParent();
  let compiled: Attempt<Template> = { ok: false, error: new Error('no template was sent') };
  parentPort?.on('message', (question: TemplateQuestion) => {
    const { template, turns } = question;
    if (template !== null) compiled = attempt(() => new Template(template));
    const known = compiled;
    const rendered = known.ok ? attempt(() => (turns === null ? '' : render(known.value, turns, question))) : known;
    parentPort?.postMessage(toAnswer(question.id, rendered));
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

/** Some families refuse a system turn (Gemma 2): then its text goes in front of the first user turn, as their makers advise. */
function render(template: Template, turns: readonly ChatTurn[], tokens: { readonly bosToken: string; readonly eosToken: string }): string {
  const renderTurns = (messages: readonly ChatTurn[]): string =>
    template.render({ messages, add_generation_prompt: true, bos_token: tokens.bosToken, eos_token: tokens.eosToken });
  const whole = attempt(() => renderTurns(turns));
  if (whole.ok) return whole.value;
  const folded = foldSystemTurn(turns);
  const second = folded === null ? whole : attempt(() => renderTurns(folded));
  if (second.ok) return second.value;
  // What the template said to the conversation as it was is the better story.
  throw whole.error;
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
