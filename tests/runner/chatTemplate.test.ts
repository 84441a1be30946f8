import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createPromptTemplate, type PromptTemplate } from '#main/runner/promptTemplate.ts';
import type { Conversation } from '#main/runner/templateMessages.ts';
import { startTemplateRenderer } from '#main/runner/templateRenderer.ts';
import type { ChatTurn } from '#shared/contract/runner.ts';
import { failureOf, runnerScript } from './runnerHarness.ts';

const turns = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello' },
] as const;
const asking = (asked: readonly ChatTurn[]): Conversation => ({ turns: asked, tools: [], thinking: 'default' });

function templateOf(template: string | null, deadlineMs = 20_000): PromptTemplate {
  return createPromptTemplate({
    template,
    bosToken: '<s>',
    eosToken: '</s>',
    startRenderer: () => startTemplateRenderer(pathToFileURL(runnerScript)),
    deadlineMs,
  });
}

describe('a chat template', () => {
  test('renders the turns, the generation prompt and the special tokens', async () => {
    const template = templateOf(
      '{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}',
    );
    expect(await template.render(asking(turns))).toBe('<s>[system]Be brief.</s>[user]Hello</s>[assistant]');
  });

  test('that refuses a system turn gets its text in front of the first user turn', async () => {
    const template = templateOf(
      "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}",
    );
    expect(await template.render(asking(turns))).toBe('<user>Be brief.\n\nHello');
  });

  test('is ChatML only for a file that has none', async () => {
    const template = templateOf(null);
    expect(template.source).toBe('chatml');
    expect(await template.render(asking(turns))).toBe(
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n',
    );
  });

  test.for([
    ['raises', "{{ raise_exception('roles must alternate') }}", /roles must alternate/],
    ['has a syntax error', '{% for %}', /could not be used/],
    ['calls what is not there', '{{ nothing.at.all() }}', /not a function/],
    ['reaches for the constructor of its input', "{{ messages.constructor.constructor('return process')() }}", /not a function/],
    ['never ends', '{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}', /did not finish/],
    ['calls itself for ever', '{% macro f(n) %}{{ f(n) }}{% endmacro %}{{ f(1) }}', /could not be used/],
    ['has 20,000 parentheses', `{{ ${'('.repeat(20_000)}1${')'.repeat(20_000)} }}`, /nested/],
    ['has 20,000 nested blocks', `${'{% if true %}'.repeat(10_000)}${'{% endif %}'.repeat(10_000)}`, /could not be used/],
    ['has 20 MB', 'x'.repeat(20_000_000), /characters long/],
  ] as const)('that %s fails with chat-template-failed', async ([name, source, words]) => {
    const failure = await failureOf(templateOf(source, name === 'never ends' ? 500 : 20_000).render(asking(turns)));
    expect(failure.code).toBe('chat-template-failed');
    expect(failure.message).toMatch(words);
    expect(failure.hint).toBeTruthy();
  });

  test('that asks for more memory than it may have fails with chat-template-failed', async () => {
    const failure = await failureOf(templateOf('{{ range(2000000000) | length }}', 110_000).render(asking(turns)));
    expect(failure.code).toBe('chat-template-failed');
    expect(failure.message).toMatch(/256 MB/);
  });

  test('that once took too long renders another conversation afterwards', async () => {
    const template = templateOf(
      '{% if messages | length > 2 %}{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}{% endif %}ok',
      4_000,
    );
    expect((await failureOf(template.render(asking([...turns, { role: 'assistant', content: 'Hi' }])))).code).toBe('chat-template-failed');
    expect(await template.render(asking(turns))).toBe('ok');
  });
});
