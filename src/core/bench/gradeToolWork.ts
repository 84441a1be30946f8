import { calculate } from '../tools/calculator.ts';
import { foldText, hasWords } from './foldText.ts';
import type { Answered } from './gradedItem.ts';
import type { Grade, Grader } from './labelledItem.ts';
import { quoted } from './quoted.ts';

type CalculationGrader = Extract<Grader, { readonly type: 'calculation' }>;
type ToolOutputGrader = Extract<Grader, { readonly type: 'tool-output' }>;

const tolerance = 1e-9;

/**
 * Replays the calls of the calculator: whatever the tool answered, each is worked out again. Passes when every sub-result came out of a call that worked.
 * A call that could not be worked out is told and forgiven if the right ones follow.
 */
export function gradeCalculation({ calls }: Answered, grader: CalculationGrader): Grade {
  const own = calls.filter((call) => call.name === 'calculator');
  const replayed = own.map((call) => ({ isAnswered: call.error === null, ...calculate(call.arguments) }));
  const results = replayed.flatMap((call) => (call.ok && call.isAnswered ? [call.value] : []));
  const has = (wanted: number): boolean => results.some((found) => Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted)));
  const invalid = replayed.filter((call) => !call.ok).length;
  const missing = grader.results.filter((wanted) => !has(wanted));
  const extraCalls = Math.max(0, results.length - grader.leastCalls);
  const passed = missing.length === 0;
  const counted = `${own.length} ${own.length === 1 ? 'call' : 'calls'}, ${grader.leastCalls} would do`;
  const faulty = invalid === 0 ? '' : ` ${invalid === 1 ? 'One call was' : `${invalid} calls were`} no calculation.`;
  let reason = `Every sub-result was worked out: ${counted}.${faulty}`;
  if (own.length === 0) reason = 'The calculator was not used.';
  else if (!passed) reason = `Never worked out: ${missing.slice(0, 5).join(', ')} (${counted}).${faulty}`;
  return {
    passed,
    grader: 'calculation',
    reason,
    format: null,
    fields: [
      { name: 'used the calculator', passed: own.length > 0 },
      { name: 'valid calls', passed: own.length > 0 && invalid === 0 },
      ...grader.results.map((wanted) => ({ name: `result ${wanted}`, passed: has(wanted) })),
    ],
    tools: {
      rightTool: own.length > 0 && calls.every((call) => call.name === 'calculator'),
      rightArguments: passed && invalid === 0,
      extraCalls,
      answeredWithout: calls.length === 0,
    },
  };
}

/** What a tool answered holds all the words, one after the other and whole; marks and line breaks between them do not matter. */
export function gradeToolOutput({ calls }: Answered, grader: ToolOutputGrader): Grade {
  const own = calls.filter((call) => call.name === grader.tool);
  const answered = own.filter((call) => call.error === null);
  const outputs = answered.map((call) => foldText(call.result));
  const missing = grader.contains.filter((words) => !outputs.some((text) => hasWords({ text, words: foldText(words) })));
  const passed = answered.length > 0 && missing.length === 0;
  let reason = `${grader.tool} gave what was expected.`;
  if (own.length === 0) reason = `${grader.tool} was not called.`;
  else if (answered.length === 0) reason = `No call of ${grader.tool} worked: ${quoted(own.at(-1)?.error ?? '')}.`;
  else if (!passed) reason = `${grader.tool} never gave ${missing.slice(0, 3).map(quoted).join(', ')}.`;
  return {
    passed,
    grader: 'tool-output',
    reason,
    format: null,
    fields: grader.contains.map((words) => ({ name: words, passed: !missing.includes(words) && answered.length > 0 })),
    tools: {
      rightTool: own.length > 0 && calls.every((call) => call.name === grader.tool),
      rightArguments: passed,
      extraCalls: Math.max(0, answered.length - 1),
      answeredWithout: calls.length === 0,
    },
  };
}
