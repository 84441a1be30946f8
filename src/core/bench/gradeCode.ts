import { codeInText } from './codeInText.ts';
import { codeToRun, type PythonGrader } from './codeToRun.ts';
import type { Answered, GradingTools } from './gradedItem.ts';
import type { Grade, Grader } from './labelledItem.ts';
import { quoted } from './quoted.ts';

type GoGrader = Extract<Grader, { readonly type: 'go' }>;

/** What the sandbox said of the answer's Python. */
export function gradePython(answered: Answered, grader: PythonGrader): Grade {
  const grade = { grader: 'python', format: null, fields: null } as const;
  if (codeToRun({ grader }, answered) === null) {
    const where = grader.from === 'call' ? 'The model ran no Python.' : 'The answer holds no Python.';
    return { ...grade, passed: false, reason: answered.text === '' && grader.from !== 'call' ? 'The answer is empty.' : where };
  }
  if (answered.execution === null) throw new Error('The grader python needs what the sandbox said of the code.');
  const { state, message } = answered.execution;
  return {
    ...grade,
    passed: state === 'passed',
    reason: `${state === 'passed' ? 'The code works' : 'The code does not work'}: ${message}`,
  };
}

/** Go as the parser sees it: it is not run, so this says that it is whole and has the asked-for shape, not that it is right. */
export function gradeGo(text: string, options: { readonly grader: GoGrader; readonly tools: GradingTools }): Grade {
  const { grader, tools } = options;
  if (!tools.outlineGo) throw new Error('The grader go needs a parser.');
  const { isValid, functions } = tools.outlineGo(codeInText(text, { holds: `func ${grader.function}` }));
  const found = functions.find((declared) => declared.name === grader.function);
  const fields = [
    { name: 'parses', passed: isValid },
    { name: `func ${grader.function}`, passed: found !== undefined },
    { name: 'parameters', passed: found?.parameters === grader.parameters },
    ...(grader.recursive === undefined ? [] : [{ name: 'recursion', passed: found?.callsItself === grader.recursive }]),
  ];
  const passed = fields.every((field) => field.passed);
  return { passed, grader: 'go', reason: reasonOf(), format: null, fields };

  function reasonOf(): string {
    if (text === '') return 'The answer is empty.';
    if (passed) return `It parses as Go and declares ${grader.function} as asked.`;
    if (found === undefined && functions.length === 0) return `There is no Go function in the answer: ${quoted(text)}.`;
    if (found === undefined)
      return `It declares ${functions
        .map((declared) => declared.name)
        .slice(0, 5)
        .join(', ')}, and no ${grader.function}.`;
    if (!isValid) return 'It does not parse as Go.';
    if (found.parameters !== grader.parameters)
      return `${grader.function} has ${found.parameters} parameters, asked for ${grader.parameters}.`;
    return `${grader.function} ${grader.recursive ? 'does not call itself' : 'calls itself'}, which was ${grader.recursive ? 'asked for' : 'not asked for'}.`;
  }
}
