import type { Sample } from '#shared/contract/benchmarkSamples.ts';

export interface GradeWords {
  readonly tone: 'ok' | 'bad' | 'warn' | 'mute';
  readonly title: string;
  readonly sentences: readonly string[];
}

/** What became of a sample, in words: the outcome, then the reasons. */
export function gradeWords(sample: Sample): GradeWords {
  const { overrule, grade, error } = sample;
  const reason = error?.message ?? grade?.reason ?? 'No grade.';
  const hint = error?.hint === undefined ? [] : [error.hint];
  if (overrule != null) {
    return {
      tone: overrule.passed ? 'ok' : 'bad',
      title: overrule.passed ? 'Pass, by your word' : 'Fail, by your word',
      sentences: [...(overrule.note === '' ? [] : [overrule.note]), `The grader said: ${reason}`],
    };
  }
  switch (sample.state) {
    case 'passed':
      return { tone: 'ok', title: 'Pass', sentences: [reason] };
    case 'failed':
      return { tone: 'bad', title: `Fail${partWords(sample)}`, sentences: [reason, ...hint] };
    case 'error':
      return { tone: 'warn', title: 'Error, counted as a fail', sentences: [reason, ...hint] };
    case 'skipped':
      return {
        tone: 'mute',
        title: notRunWords(error?.code),
        sentences: [reason, ...hint, 'It counts neither as passed nor as failed.'],
      };
    case 'measured':
      return grade === null
        ? { tone: 'mute', title: 'Measured', sentences: [reason] }
        : {
            tone: 'mute',
            title: 'Not judged yet',
            sentences: [reason, 'It counts neither way until a judge that counts, or you, have told.'],
          };
    default:
      return sample.state satisfies never;
  }
}

/** Of a grade with parts: how many of them hold. */
function partWords({ grade }: Sample): string {
  const fields = grade?.fields ?? [];
  return fields.length < 2 ? '' : `, ${fields.filter((field) => field.passed).length} of ${fields.length}`;
}

/** Why a scenario was not asked or not graded. @param code of the sample's error */
export function notRunWords(code: string | undefined): string {
  switch (code) {
    case 'sandbox-missing':
      return 'Not run: no sandbox for code';
    case 'tools-unsupported':
      return 'Not run: the model knows no tools';
    case 'context-full':
      return 'Not run: longer than the context';
    default:
      return 'Not run';
  }
}

const graderNames: Readonly<Record<string, string>> = {
  exact: 'Same text',
  'one-of': 'One of several texts',
  contains: 'Contains the text',
  regex: 'Matches the pattern',
  numeric: 'Same number',
  'same-set': 'Same set of tags',
  'json-schema': 'Fits the JSON Schema',
  'json-equal': 'Same JSON value',
  'json-fields': 'Same JSON fields',
  'last-json': 'Same JSON, in prose',
  constraints: 'Keeps to the checks',
  'key-facts': 'Names the key facts',
  all: 'Several checks',
  'tool-calls': 'Tool calls match',
  calculation: 'Calculation holds',
  'tool-output': 'Tells what the tool said',
  python: 'Passes hidden tests',
  go: 'Go code parses as asked',
  rubric: 'A judge or a person',
};

export function graderName(grader: string): string {
  return graderNames[grader] ?? grader;
}
