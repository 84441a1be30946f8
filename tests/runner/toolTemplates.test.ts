import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createPromptTemplate, type PromptTemplate } from '#main/runner/promptTemplate.ts';
import { startTemplateRenderer, type TemplateRenderer } from '#main/runner/templateRenderer.ts';
import type { ChatTurn, ToolSpec } from '#shared/contract/runner.ts';
import { failureOf, runnerScript } from './runnerHarness.ts';

function templateOf(template: string | null): PromptTemplate {
  return createPromptTemplate({
    template,
    bosToken: '<s>',
    eosToken: '</s>',
    startRenderer: () => startTemplateRenderer(pathToFileURL(runnerScript)),
    deadlineMs: 20_000,
  });
}

const tools: readonly ToolSpec[] = [
  { name: 'add', description: 'Adds.', parameters: { type: 'object', properties: { a: { type: 'number' } } } },
];
const call = (a: number) => ({ name: 'add', arguments: { a } });
const answered: readonly ChatTurn[] = [
  { role: 'user', content: 'Add' },
  { role: 'assistant', content: 'Now.', toolCalls: [call(1)], reasoning: 'Hm.' },
  { role: 'tool', content: '3', toolName: 'add' },
];
const parallel: readonly ChatTurn[] = [
  { role: 'user', content: 'Add' },
  { role: 'assistant', content: 'Now.', toolCalls: [call(1), call(2)] },
  { role: 'tool', content: 'three', toolName: 'add' },
  { role: 'tool', content: 'four', toolName: 'add' },
];

const hermes = `{%- if tools %}<tools>{% for tool in tools %}{{ tool | tojson }}{% endfor %}</tools>{% endif -%}
{%- for m in messages -%}[{{ m.role }}{% if m.name %} {{ m.name }} {{ m.tool_call_id }}{% endif %}]{% if m.reasoning_content %}({{ m.reasoning_content }}){% endif %}{{ m.content }}
{%- for c in m.tool_calls %}<tool_call>{{ c.id }}{"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments | tojson }}}</tool_call>{% endfor %}
{%- endfor -%}
{%- if enable_thinking is defined and enable_thinking is false %}<think></think>{% endif %}`;
/** As Llama 3: no two calls in one turn. As DeepSeek: arguments behind a text. */
const single = `{%- for t in tools %}{{ t.function.name }} {% endfor -%}
{%- for m in messages -%}
{%- if m.tool_calls -%}{%- if m.tool_calls | length != 1 %}{{ raise_exception('one call at once') }}{% endif -%}{{ m.content + 'CALL' + m.tool_calls[0].function.arguments }};
{%- else -%}{{ m.role }}:{{ m.content }};{%- endif -%}
{%- endfor -%}`;

describe('a template that knows tools', () => {
  test('tells of them, of calls and of their answers as its makers mean it', async () => {
    const template = templateOf(hermes);
    expect(await template.warmUp()).toEqual({ knowsTools: true, knowsThinking: true });
    expect(await template.render({ turns: answered, tools, thinking: 'default' })).toBe(
      '<tools>{"type": "function", "function": {"name": "add", "description": "Adds.", "parameters": {"type": "object", "properties": {"a": {"type": "number"}}}}}</tools>' +
        '[user]Add[assistant](Hm.)Now.<tool_call>call00001{"name": "add", "arguments": {"a": 1}}</tool_call>[tool add call00001]3',
    );
  });

  test('has thinking switched off where that is wanted', async () => {
    const template = templateOf(hermes);
    const turns: readonly ChatTurn[] = [{ role: 'user', content: 'Hi' }];
    expect(await template.render({ turns, tools: [], thinking: 'off' })).toBe('[user]Hi<think></think>');
    expect(await template.render({ turns, tools: [], thinking: 'on' })).toBe('[user]Hi');
    expect(await template.render({ turns, tools: [], thinking: 'default' })).toBe('[user]Hi');
  });

  test('and takes one call a turn and arguments as text gets both', async () => {
    const template = templateOf(single);
    expect(await template.warmUp()).toEqual({ knowsTools: true, knowsThinking: false });
    expect(await template.render({ turns: parallel, tools, thinking: 'default' })).toBe(
      'add user:Add;Now.CALL{"a":1};tool:three;CALL{"a":2};tool:four;',
    );
  });

  test('and reads them out of the system message gets them there', async () => {
    const template = templateOf(
      "{% for m in messages %}{% if m.role == 'system' and m.tools %}<{{ m.content }}|{{ m.tools }}>{% else %}[{{ m.content }}]{% endif %}{% endfor %}",
    );
    expect((await template.warmUp()).knowsTools).toBe(true);
    expect(await template.render({ turns: [{ role: 'user', content: 'Hi' }], tools, thinking: 'default' })).toBe(
      `<|${JSON.stringify(tools)}>[Hi]`,
    );
  });
});

describe('a template that is strict about who speaks when', () => {
  const strict = `{%- for m in messages -%}
{%- if m.role == 'system' and not loop.first %}{{ raise_exception('System message must be at the beginning.') }}{% endif -%}
{%- if not loop.first and messages[loop.index0 - 1].role == m.role %}{{ raise_exception('roles must alternate') }}{% endif -%}
[{{ m.role }}]{{ m.content }}
{%- endfor -%}`;
  const told: readonly ChatTurn[] = [
    { role: 'system', content: 'Be short.' },
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Where?' },
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello' },
    { role: 'system', content: 'Now be long.' },
    { role: 'user', content: 'Go on' },
  ];

  test('is told late rules by the user, and turns of one speaker as one', async () => {
    expect(await templateOf(strict).render({ turns: told, tools: [], thinking: 'default' })).toBe(
      '[system]Be short.\n\nBe kind.[user]Where?\n\nHi[assistant]Hello[user]Now be long.\n\nGo on',
    );
  });

  test('gets the first rules from the user too where it takes no system turn', async () => {
    const noSystem = strict.replace('and not loop.first', '');
    expect(await templateOf(noSystem).render({ turns: told, tools: [], thinking: 'default' })).toBe(
      '[user]Be short.\n\nBe kind.\n\nWhere?\n\nHi[assistant]Hello[user]Now be long.\n\nGo on',
    );
  });

  test('and is not is told everything as it was said', async () => {
    const plain = '{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}';
    expect(await templateOf(plain).render({ turns: told.slice(4), tools: [], thinking: 'default' })).toBe(
      '[assistant]Hello[system]Now be long.[user]Go on',
    );
  });
});

describe('a template that knows no tools', () => {
  test.for([
    ['ignores them', '{% if tools is defined %}{% endif %}{% for m in messages %}{{ m.content }}{% endfor %}'],
    [
      'fails when it is given some',
      "{% if tools %}{{ raise_exception('no tools') }}{% endif %}{% for m in messages %}{{ m.content }}{% endfor %}",
    ],
    ['is not there', null],
    ['cannot be compiled', '{% for tools %}'],
  ] as const)('and %s refuses to tell of any', async ([, source]) => {
    const template = templateOf(source);
    expect(await template.warmUp()).toEqual({ knowsTools: false, knowsThinking: false });
    const failure = await failureOf(template.render({ turns: [{ role: 'user', content: 'Hi' }], tools, thinking: 'default' }));
    expect(failure.code).toBe('tools-unsupported');
    expect(failure.hint).toBeTruthy();
  });

  test('and never ends when it is given some is used without, by another renderer', async () => {
    const asked: string[] = [];
    function startRenderer(): TemplateRenderer {
      const number = asked.length + 1;
      let ended = false;
      return {
        get ended() {
          return ended;
        },
        ask: async ({ task }) => {
          asked.push(`renderer ${number}: ${task.kind}`);
          if (task.kind === 'render') return 'Hi';
          ended = true;
          throw new Error('it did not finish in 5 s');
        },
      };
    }
    const template = createPromptTemplate({ template: '{{ tools }}', bosToken: '', eosToken: '', startRenderer });
    const turns: readonly ChatTurn[] = [{ role: 'user', content: 'Hi' }];
    expect(await template.warmUp()).toEqual({ knowsTools: false, knowsThinking: false });
    expect((await failureOf(template.render({ turns, tools, thinking: 'default' }))).code).toBe('tools-unsupported');
    expect(await template.render({ turns, tools: [], thinking: 'default' })).toBe('Hi');
    expect(asked).toEqual(['renderer 1: try', 'renderer 2: render']);
  });

  test('renders the rest as before', async () => {
    expect(
      await templateOf('{% for m in messages %}{{ m.content }}{% endfor %}').render({
        turns: [{ role: 'user', content: 'Hi' }],
        tools: [],
        thinking: 'on',
      }),
    ).toBe('Hi');
  });
});
