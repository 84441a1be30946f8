import type { ToolSpec } from '#shared/contract/runner.ts';
import type { Conversation, TemplateForms } from './templateMessages.ts';

/** What a template can tell its model. */
export interface TemplateSkills {
  readonly knowsTools: boolean;
  readonly knowsThinking: boolean;
}

/** For a template that was not tried, or that knows of no tools. */
export const plainForms: TemplateForms = { toolsIn: 'variable', argumentsAre: 'object' };
export const noSkills: TemplateSkills = { knowsTools: false, knowsThinking: false };

const probeTool: ToolSpec = {
  name: 'probe_a7f3',
  description: 'Tries a template.',
  parameters: { type: 'object', properties: { value: { type: 'string', description: 'Anything.' } }, required: ['value'] },
};
const probeValue = 'value-c91e';
const question: Conversation = { turns: [{ role: 'user', content: 'Hello' }], tools: [], thinking: 'default' };
const offered: Conversation = { ...question, tools: [probeTool] };
const called: Conversation = {
  ...offered,
  turns: [
    ...question.turns,
    { role: 'assistant', content: '', toolCalls: [{ name: probeTool.name, arguments: { value: probeValue } }] },
    { role: 'tool', content: 'done', toolName: probeTool.name },
  ],
};

/**
 * Finds out by rendering what a template can tell its model: one that ignores the tools it is given knows none.
 * @param render renders, or throws what the template throws
 */
export function probeTemplate(
  render: (conversation: Conversation, forms: TemplateForms) => string,
): TemplateSkills & { readonly forms: TemplateForms } {
  const attempt = (conversation: Conversation, forms: TemplateForms): string | null => {
    try {
      return render(conversation, forms);
    } catch {
      return null;
    }
  };
  const toolsIn = (['variable', 'system-message'] as const).find((place) =>
    attempt(offered, { ...plainForms, toolsIn: place })?.includes(probeTool.name),
  );
  const forms = { ...plainForms, toolsIn: toolsIn ?? 'variable' } as const;
  const asText = { ...forms, argumentsAre: 'text' } as const;
  const wantsText =
    toolsIn !== undefined && !attempt(called, forms)?.includes(probeValue) && attempt(called, asText)?.includes(probeValue) === true;
  const on = attempt({ ...question, thinking: 'on' }, forms);
  const off = attempt({ ...question, thinking: 'off' }, forms);
  return { knowsTools: toolsIn !== undefined, knowsThinking: on !== null && off !== null && on !== off, forms: wantsText ? asText : forms };
}
