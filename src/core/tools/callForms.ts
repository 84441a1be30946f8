/** What a model of one family writes around the JSON of a call's arguments. */
export interface CallForm {
  before(name: string): string;
  readonly after: string;
}

const asObject = (open: string, close: string, argumentsName = 'arguments'): CallForm => ({
  before: (name) => `${open}{"name": ${JSON.stringify(name)}, "${argumentsName}": `,
  after: `}${close}`,
});
const plainForm = asObject('', '');

/** The first mark that the template shows decides. All of them are read back by `readToolCalls`. */
const forms: readonly { readonly marks: readonly string[]; readonly form: CallForm }[] = [
  {
    marks: ['<|tool_call_begin|>'],
    form: {
      before: (name) => `<|tool_calls_section_begin|><|tool_call_begin|>functions.${name}:0<|tool_call_argument_begin|>`,
      after: '<|tool_call_end|><|tool_calls_section_end|>',
    },
  },
  {
    marks: ['<｜tool▁call▁begin｜>', '```json'],
    form: {
      before: (name) => `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>${name}\n\`\`\`json\n`,
      after: '\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    },
  },
  {
    marks: ['<｜tool▁call▁begin｜>'],
    form: {
      before: (name) => `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>${name}<｜tool▁sep｜>`,
      after: '<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    },
  },
  { marks: ['<|tool_call_start|>'], form: asObject('<|tool_call_start|>[', ']<|tool_call_end|>') },
  {
    marks: ['<|START_ACTION|>'],
    form: {
      before: (name) => `<|START_ACTION|>[\n    {"tool_call_id": "0", "tool_name": ${JSON.stringify(name)}, "parameters": `,
      after: '}\n]<|END_ACTION|>',
    },
  },
  { marks: ['[TOOL_CALLS]', '[ARGS]'], form: { before: (name) => `[TOOL_CALLS]${name}[ARGS]`, after: '' } },
  { marks: ['[TOOL_CALLS]'], form: asObject('[TOOL_CALLS][', ']') },
  {
    marks: ['<|channel|>', 'commentary'],
    form: { before: (name) => `<|channel|>commentary to=functions.${name} <|constrain|>json<|message|>`, after: '<|call|>' },
  },
  { marks: ['<tool_call>'], form: asObject('<tool_call>\n', '\n</tool_call>') },
  { marks: ['<|tool_call|>', '<|/tool_call|>'], form: asObject('<|tool_call|>[', ']<|/tool_call|>') },
  { marks: ['<|tool_call|>'], form: asObject('<|tool_call|>[', ']') },
  { marks: ['<TOOLCALL>'], form: asObject('<TOOLCALL>[', ']</TOOLCALL>') },
  { marks: ['<|python_tag|>'], form: asObject('', '', 'parameters') },
];

/**
 * How a model writes a call whose arguments are JSON, told from its chat template; a plain object with a name where no family is known.
 * @param template source of the template; null where there is none
 */
export function callFormOf(template: string | null): CallForm {
  return forms.find(({ marks }) => marks.every((mark) => template?.includes(mark) === true))?.form ?? plainForm;
}
