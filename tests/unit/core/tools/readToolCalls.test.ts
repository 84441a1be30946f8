import { describe, expect, it } from 'vitest';
import { readToolCalls } from '#core/tools/readToolCalls.ts';
import type { ToolSpec } from '#core/tools/tool.ts';

const offered: readonly ToolSpec[] = [
  {
    name: 'weather',
    description: 'Says how the weather is.',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer' }, units: { type: 'array' } },
      required: ['city'],
    },
  },
  { name: 'run_code', description: 'Runs code.', parameters: { type: 'object', properties: { code: { type: 'string' } } } },
];
const paris = { name: 'weather', arguments: { city: 'Paris', days: 2 } };
const rome = { name: 'weather', arguments: { city: 'Rome' } };
const json = '{"name": "weather", "arguments": {"city": "Paris", "days": 2}}';
const romeJson = '{"name": "weather", "arguments": {"city": "Rome"}}';
const withParameters = json.replace('arguments', 'parameters');
const args = '{"city": "Paris", "days": 2}';

describe('one call in the form of each family', () => {
  it.each([
    ['Hermes, Qwen', `<tool_call>\n${json}\n</tool_call>`],
    [
      'Qwen3-Coder',
      '<tool_call>\n<function=weather>\n<parameter=city>\nParis\n</parameter>\n<parameter=days>\n2\n</parameter>\n</function>\n</tool_call>',
    ],
    [
      'Qwen3-Coder without the outer tag',
      '<function=weather>\n<parameter=city>\nParis\n</parameter>\n<parameter=days>\n2\n</parameter>\n</function>',
    ],
    [
      'Seed',
      '<seed:tool_call>\n<function=weather>\n<parameter=city>Paris</parameter>\n<parameter=days>2</parameter>\n</function>\n</seed:tool_call>',
    ],
    ['Llama 3 bare', withParameters],
    ['Llama 3 with its type', `{"type": "function", ${withParameters.slice(1)}`],
    ['Llama 3 behind its mark', `<|python_tag|>${withParameters}<|eom_id|>`],
    ['Llama 3.1 by its own prompt', `<function=weather>${args}</function>`],
    ['Llama 3, a built-in tool', '<|python_tag|>weather.call(city="Paris", days=2)'],
    ['Llama 4', '[weather(city="Paris", days=2)]'],
    ['Mistral', `[TOOL_CALLS][${json}]`],
    ['Mistral with an id', `[TOOL_CALLS] [${json.slice(0, -1)}, "id": "abcdefghi"}]`],
    ['Mistral since 2025', `[TOOL_CALLS]weather[ARGS]${args}`],
    ['Mistral since 2025 with an id', `[TOOL_CALLS]weather[CALL_ID]abcdefghi[ARGS]${args}`],
    ['Phi-4-mini, Granite 3', `<|tool_call|>[${json}]<|/tool_call|>`],
    ['Granite 3 without an end', `<|tool_call|>[${json}]`],
    [
      'GLM',
      '<tool_call>weather\n<arg_key>city</arg_key>\n<arg_value>Paris</arg_value>\n<arg_key>days</arg_key>\n<arg_value>2</arg_value>\n</tool_call>',
    ],
    ['LFM2', '<|tool_call_start|>[weather(city="Paris", days=2)]<|tool_call_end|>'],
    ['LFM2 as JSON', `<|tool_call_start|>[${json}]<|tool_call_end|>`],
    ['Gemma 2 and 3', "```tool_code\nprint(weather(city='Paris', days=2))\n```"],
    ['Gemma 3, its module named', "```tool_code\ndefault_api.weather(city='Paris', days=2)\n```"],
    ['Gemma 4', '<|tool_call>call:weather{city:<|"|>Paris<|"|>,days:2}<tool_call|>'],
    ['FunctionGemma', '<start_function_call>call:weather{city:<escape>Paris<escape>,days:2}<end_function_call>'],
    ['DeepSeek V3.1', `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>weather<｜tool▁sep｜>${args}<｜tool▁call▁end｜><｜tool▁calls▁end｜>`],
    [
      'DeepSeek R1',
      `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>weather\n\`\`\`json\n${args}\n\`\`\`<｜tool▁call▁end｜><｜tool▁calls▁end｜>`,
    ],
    ['gpt-oss', `<|channel|>commentary to=functions.weather <|constrain|>json<|message|>${args}<|call|>`],
    ['gpt-oss, named before its channel', `to=functions.weather<|channel|>commentary json<|message|>${args}`],
    [
      'Kimi K2',
      `<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:0<|tool_call_argument_begin|>${args}<|tool_call_end|><|tool_calls_section_end|>`,
    ],
    ['Command R7B', `<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "weather", "parameters": ${args}}]<|END_ACTION|>`],
    ['Nemotron', `<TOOLCALL>[${json}]</TOOLCALL>`],
    ['Hunyuan', `<tool_calls>[${json}]</tool_calls>`],
    ['a fence and nothing else', `\`\`\`json\n${json}\n\`\`\``],
    [
      'arguments as a text',
      '{"name": "weather", "arguments": "{\\"city\\": \\"Paris\\", \\"days\\": 2}"}'
        .replace(/^/, '<tool_call>')
        .replace(/$/, '</tool_call>'),
    ],
  ])('%s', (_family, text) => {
    expect(readToolCalls(text, offered)).toEqual({ text: '', calls: [paris], problem: null });
  });
});

describe('several calls of one turn', () => {
  it.each([
    ['Hermes', `<tool_call>\n${json}\n</tool_call>\n<tool_call>\n${romeJson}\n</tool_call>`],
    ['Hermes in one tag', `<tool_call>\n${json}\n${romeJson}\n</tool_call>`],
    [
      'Qwen3-Coder',
      '<tool_call><function=weather><parameter=city>Paris</parameter><parameter=days>2</parameter></function></tool_call>\n<tool_call><function=weather><parameter=city>Rome</parameter></function></tool_call>',
    ],
    ['Llama 3', `${withParameters}; ${romeJson.replace('arguments', 'parameters')}`],
    ['Mistral', `[TOOL_CALLS][${json}, ${romeJson}]`],
    ['Mistral since 2025', `[TOOL_CALLS]weather[ARGS]${args}[TOOL_CALLS]weather[ARGS]{"city": "Rome"}`],
    ['LFM2', '<|tool_call_start|>[weather(city="Paris", days=2), weather("Rome")]<|tool_call_end|>'],
    ['Gemma 3', '```tool_code\nweather(city="Paris", days=2)\nweather(city="Rome")\n```'],
    [
      'Gemma 4',
      '<|tool_call>call:weather{city:<|"|>Paris<|"|>,days:2}<tool_call|><|tool_call>call:weather{city:<|"|>Rome<|"|>}<tool_call|>',
    ],
    [
      'DeepSeek V3.1',
      `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>weather<｜tool▁sep｜>${args}<｜tool▁call▁end｜><｜tool▁call▁begin｜>weather<｜tool▁sep｜>{"city": "Rome"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>`,
    ],
    [
      'gpt-oss',
      `<|channel|>commentary to=functions.weather <|constrain|>json<|message|>${args}<|call|><|start|>assistant<|channel|>commentary to=functions.weather <|constrain|>json<|message|>{"city": "Rome"}<|call|>`,
    ],
  ])('%s', (_family, text) => {
    expect(readToolCalls(text, offered)).toEqual({ text: '', calls: [paris, rome], problem: null });
  });
});

describe('what stands beside a call', () => {
  it('stays as the answer’s text', () => {
    expect(readToolCalls(`I'll look.\n<tool_call>${json}</tool_call>\n`, offered)).toEqual({
      text: "I'll look.",
      calls: [paris],
      problem: null,
    });
  });

  it('stays where it is a message to the user, and analysis does not', () => {
    const text = `<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary<|message|>I'll look.<|end|><|start|>assistant<|channel|>commentary to=functions.weather<|message|>${args}`;
    expect(readToolCalls(text, offered)).toEqual({ text: "I'll look.", calls: [paris], problem: null });
  });
});

describe('values', () => {
  it('are texts where the schema says so, whatever they look like', () => {
    const text = '<tool_call><function=weather><parameter=city>75001</parameter><parameter=days>2</parameter></function></tool_call>';
    expect(readToolCalls(text, offered).calls[0]?.arguments).toEqual({ city: '75001', days: 2 });
  });

  it('keep the line breaks of code but for the ones at its ends', () => {
    const text =
      '<tool_call>\n<function=run_code>\n<parameter=code>\nfor n in range(3):\n    print(n)\n</parameter>\n</function>\n</tool_call>';
    expect(readToolCalls(text, offered).calls[0]?.arguments).toEqual({ code: 'for n in range(3):\n    print(n)' });
  });

  it('of Python are read and never evaluated', () => {
    const text = `<|tool_call_start|>[weather(city='It\\'s "hot"\\n', days=-1_000, units=[True, None, {'a': (1.5, "b")}])]<|tool_call_end|>`;
    expect(readToolCalls(text, offered).calls[0]?.arguments).toEqual({
      city: 'It\'s "hot"\n',
      days: -1000,
      units: [true, null, { a: [1.5, 'b'] }],
    });
    expect(readToolCalls('<|tool_call_start|>[weather(city=open("x").read())]<|tool_call_end|>', offered).calls).toEqual([]);
  });

  it('of Gemma may hold lists, objects and any sign', () => {
    const text = '<|tool_call>call:weather{city:<|"|>a "b", {c}<|"|>,units:[<|"|>x<|"|>,{deep:true}]}<tool_call|>';
    expect(readToolCalls(text, offered).calls[0]?.arguments).toEqual({ city: 'a "b", {c}', units: ['x', { deep: true }] });
  });

  it('are the code itself behind Llama’s mark where a tool runs code', () => {
    expect(readToolCalls('<|python_tag|>print(sum(range(5)))', offered).calls).toEqual([
      { name: 'run_code', arguments: { code: 'print(sum(range(5)))' } },
    ]);
  });
});

describe('a call', () => {
  it('of a tool that was not offered is kept', () => {
    expect(readToolCalls('<tool_call>{"name": "launch", "arguments": {}}</tool_call>', offered).calls).toEqual([
      { name: 'launch', arguments: {} },
    ]);
  });

  it('without arguments has none', () => {
    expect(readToolCalls('<tool_call>{"name": "run_code"}</tool_call>', offered).calls).toEqual([{ name: 'run_code', arguments: {} }]);
  });
});

describe('no call', () => {
  it.each([
    ['prose', 'It is sunny in Paris.'],
    ['nothing', ''],
    ['a JSON answer', '{"city": "Paris", "days": 2}'],
    ['a JSON answer about people', '{"name": "Ann", "age": 7}'],
    ['a list of names', '["weather", "run_code"]'],
    ['code in an answer', '```python\nprint(weather)\n```'],
    ['a call of something else in brackets', '[print(1)]'],
    ['a call that prose goes on after', `${withParameters} is how I would ask.`],
  ])('is %s', (_what, text) => {
    expect(readToolCalls(text, offered)).toEqual({ text, calls: [], problem: null });
  });
});

describe('what looks like a call and is none', () => {
  it.each([
    ['half of one', '<tool_call>{"name": "weather", "arguments": {"city": "Pa', /not finished/],
    ['half of a bare one', '{"name": "weather", "parameters": {"city": "Pa', /not finished/],
    ['no JSON', '<tool_call>{name: weather}</tool_call>', /not JSON/],
    ['no name', '<tool_call>{"arguments": {}}</tool_call>', /names no tool/],
    ['a name that is no text', '<tool_call>{"name": 7, "arguments": {}}</tool_call>', /names no tool/],
    ['arguments that are a list', '<tool_call>{"name": "weather", "arguments": ["Paris"]}</tool_call>', /no JSON object/],
    ['arguments that are a word', '<tool_call>{"name": "weather", "arguments": "Paris"}</tool_call>', /no JSON object/],
    ['a number beyond all numbers', '<tool_call>{"name": "weather", "arguments": {"days": [1e999]}}</tool_call>', /not JSON/],
    ['an empty tag', '<tool_call></tool_call>', /names no tool/],
    ['a parameter without an end', '<tool_call><function=weather><parameter=city>Paris</function></tool_call>', /not finished/],
    ['an endless name', `<tool_call>{"name": "${'x'.repeat(300)}", "arguments": {}}</tool_call>`, /longer than 200/],
    ['an endless name in Python', `<|tool_call_start|>[${'x'.repeat(300)}(a=1)]<|tool_call_end|>`, /longer than 200/],
    ['a call without its end', '<|tool_call_start|>[weather(city="Paris"', /not finished/],
  ])('%s leaves the text and says why', (_what, text, words) => {
    const read = readToolCalls(text, offered);
    expect(read).toMatchObject({ text, calls: [] });
    expect(read.problem).toMatch(words);
  });
});

describe('a hostile answer', () => {
  const deep = (open: string, close: string): string => `${open.repeat(100_000)}1${close.repeat(100_000)}`;
  it.each([
    ['nests JSON', `<tool_call>{"name": "weather", "arguments": ${deep('{"a":', '}')}}</tool_call>`],
    ['nests a list', `<tool_call>${deep('[', ']')}</tool_call>`],
    ['nests Python', `<|tool_call_start|>[weather(city=${deep('[', ']')})]<|tool_call_end|>`],
    ['nests print', `\`\`\`tool_code\n${deep('print(', ')')}\n\`\`\``],
    ['nests Gemma’s arguments', `<|tool_call>call:weather${deep('{a:', '}')}<tool_call|>`],
    ['opens and never closes', '<tool_call>'.repeat(100_000)],
    ['calls without end', `<tool_call>${json}</tool_call>`.repeat(20_000)],
    ['calls a thousand times in a list', `[TOOL_CALLS][${Array(1000).fill(json).join(',')}]`],
    ['is ten million characters', `<tool_call>${'x'.repeat(10_000_000)}`],
    ['is all braces', '{'.repeat(1_000_000)],
    ['is all messages', '<|message|>'.repeat(100_000)],
    ['is all quotes', `<|tool_call_start|>[weather(city=${'"'.repeat(500_001)}`],
  ])('that %s holds no call, and nothing of it is lost', (_what, text) => {
    const read = readToolCalls(text, offered);
    expect(read.calls).toEqual([]);
    expect(text.startsWith('<|message|>') || read.text === text).toBe(true);
  });

  it('that names prototypes changes none', () => {
    const text =
      '<tool_call>{"name": "__proto__", "arguments": {"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}}</tool_call>';
    const [call] = readToolCalls(text, offered).calls;
    expect(call?.name).toBe('__proto__');
    expect(Object.keys(call?.arguments ?? {})).toEqual(['constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const python = '<|tool_call_start|>[constructor(__proto__={"polluted": 1}, toString=1)]<|tool_call_end|>';
    expect(Object.keys(readToolCalls(python, offered).calls[0]?.arguments ?? {})).toEqual(['toString']);
  });

  it('that says a key twice is read like JSON: the last one counts', () => {
    expect(
      readToolCalls('<tool_call>{"name": "weather", "arguments": {"city": "Paris", "city": "Rome"}}</tool_call>', offered).calls,
    ).toEqual([rome]);
  });
});
