import { expect, test } from 'vitest';
import { callFormOf } from '#core/tools/callForms.ts';
import { readToolCalls } from '#core/tools/readToolCalls.ts';

const tools = [{ name: 'get_weather', description: '', parameters: { type: 'object', properties: { city: { type: 'string' } } } }];
const call = { name: 'get_weather', arguments: { city: 'Bern "BE"' } };

/** What templates of each family show, in the least words. */
const templates: Readonly<Record<string, string | null>> = {
  none: null,
  Kimi: '<|tool_call_begin|>{{ id }}<|tool_call_argument_begin|>',
  'DeepSeek V3': "<｜tool▁call▁begin｜>' + type + '<｜tool▁sep｜>' + name + '\\n```json\\n",
  'DeepSeek V3.1': "<｜tool▁call▁begin｜>' + name + '<｜tool▁sep｜>",
  LFM2: '<|tool_call_start|>',
  'Command R7B': '<|START_ACTION|>',
  'Mistral 2025': '[TOOL_CALLS]{{ name }}[ARGS]',
  Mistral: '[TOOL_CALLS] [',
  'gpt-oss': '<|start|>assistant<|channel|>commentary to=functions.',
  Qwen: '<tool_call>\n{"name": ',
  'Phi-4-mini': '<|tool_call|>[]<|/tool_call|>',
  Granite: '<|tool_call|>',
  Nemotron: '<TOOLCALL>[',
  'Llama 3.1': '<|python_tag|>',
};

test.each(Object.entries(templates))('a call in the form of %s is read back as the call it is', (_, template) => {
  const form = callFormOf(template);
  const text = `${form.before(call.name)}${JSON.stringify(call.arguments)}${form.after}`;
  expect(readToolCalls(text, tools)).toEqual({ text: '', calls: [call], problem: null });
});
