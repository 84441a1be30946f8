import { calculate, type Operation } from '#core/tools/calculator.ts';
import type { RecordedCall } from '#core/tools/tool.ts';
import { called, caseId, said, type TalkCase, wholeBetween } from './talkCase.ts';

const task = 'calculator reasoning';
const system = 'Use the calculator for every single step of arithmetic, however easy. End with the result as a number.';

/** An expression, its fewest steps in an order that works, and the sub-results that no way of working it out can do without. */
interface Expression {
  readonly text: string;
  readonly steps: readonly (readonly [operation: Operation, a: number, b: number])[];
  readonly needed: readonly number[];
}

const kinds: readonly ((random: () => number) => Expression)[] = [
  (random) => {
    const [a, b, d, quotient, e] = [drawn(random), drawn(random), small(random), drawn(random), drawn(random)];
    const c = d * quotient;
    return {
      text: `(${a} * ${b}) + (${c} / ${d}) - ${e}`,
      steps: [
        ['multiply', a, b],
        ['divide', c, d],
        ['add', a * b, quotient],
        ['subtract', a * b + quotient, e],
      ],
      needed: [a * b, quotient, a * b + quotient - e],
    };
  },
  (random) => {
    const [a, b, c, d] = [drawn(random) + 100, drawn(random), drawn(random), drawn(random)];
    return {
      text: `(${a} - ${b}) * (${c} + ${d})`,
      steps: [
        ['subtract', a, b],
        ['add', c, d],
        ['multiply', a - b, c + d],
      ],
      needed: [a - b, c + d, (a - b) * (c + d)],
    };
  },
  (random) => {
    const [e, quotient, c, d] = [small(random), drawn(random), drawn(random), small(random)];
    const a = small(random);
    // So that the division comes out even.
    const b = c * d * e + quotient * e;
    return {
      text: `(${a * e} * ${b} - ${c} * ${d * e}) / ${e}`,
      steps: [
        ['multiply', a * e, b],
        ['multiply', c, d * e],
        ['subtract', a * e * b, c * d * e],
        ['divide', a * e * b - c * d * e, e],
      ],
      needed: [a * e * b, c * d * e, a * e * b - c * d * e, a * b - c * d],
    };
  },
  (random) => {
    const [b, quotient, c, d, e, f] = [small(random), drawn(random), drawn(random), small(random), drawn(random), small(random)];
    const a = b * quotient;
    return {
      text: `${a} / ${b} + ${c} * ${d} + ${e} * ${f}`,
      steps: [
        ['divide', a, b],
        ['multiply', c, d],
        ['multiply', e, f],
        ['add', quotient, c * d],
        ['add', quotient + c * d, e * f],
      ],
      needed: [quotient, c * d, e * f, quotient + c * d + e * f],
    };
  },
];

const howMany = [4, 3, 3, 2] as const;

/** Twelve drawn expressions of three to five operations, one that needs no tool, and one whose tool fails first. */
export function calculatorReasonings(random: () => number): readonly TalkCase[] {
  const expressions = kinds.flatMap((draw, index) => Array.from({ length: howMany[index] ?? 0 }, () => draw(random)));
  const last = kinds[0]?.(random);
  return [
    ...expressions.map((expression, index) => calculation(caseId(task, index + 1), expression)),
    irrelevance(),
    ...(last === undefined ? [] : [recovery(last)]),
  ];
}

/** The one of the short suite. */
export function calculatorReasoning(): TalkCase {
  return calculation('short-calculator-reasoning', {
    text: '(125 * 47) + (980 / 20) - 156',
    steps: [
      ['multiply', 125, 47],
      ['divide', 980, 20],
      ['add', 5875, 49],
      ['subtract', 5924, 156],
    ],
    needed: [5875, 49, 5768],
  });
}

function calculation(id: string, { text, steps, needed }: Expression): TalkCase {
  const calls = steps.map(([operation, a, b], index) => step(index + 1, { operation, a, b }));
  const result = needed.at(-1) ?? 0;
  return {
    row: {
      id,
      task,
      system,
      input: `What is ${text}?`,
      expected: result,
      grader: { type: 'all', of: [{ type: 'calculation', results: needed, leastCalls: steps.length }, { type: 'numeric' }] },
      tools: ['calculator'],
      tags: ['seeded'],
    },
    right: { text: `The result is ${result}.`, calls, execution: null },
    wrong: { text: `The result is ${result}.`, calls: calls.slice(1), execution: null },
  };
}

function irrelevance(): TalkCase {
  return {
    row: {
      id: `${caseId(task, 13)}-not-needed`,
      task,
      system: 'Use the calculator where there is something to calculate, and only there.',
      input: 'What is the capital of Portugal? Answer with its name.',
      expected: ['Lisbon', 'Lisboa'],
      grader: {
        type: 'all',
        of: [
          { type: 'tool-calls', calls: [] },
          { type: 'contains', ignoreCase: true },
        ],
      },
      tools: ['calculator'],
      tags: ['irrelevance'],
    },
    right: said('Lisbon.'),
    wrong: { text: 'Lisbon.', calls: [step(1, { operation: 'add', a: 1, b: 1 })], execution: null },
  };
}

function recovery(expression: Expression): TalkCase {
  const { row, right } = calculation(`${caseId(task, 14)}-recovery`, expression);
  const message = 'The calculator is busy. Please try again.';
  const first = called(1, { name: 'calculator', arguments: right.calls[0]?.arguments ?? {}, result: '', error: message });
  return {
    row: { ...row, faults: [{ tool: 'calculator', message }], tags: ['seeded', 'recovery'] },
    right: { ...right, calls: [first, ...right.calls] },
    wrong: { ...right, calls: [first] },
  };
}

function step(turn: number, given: { readonly operation: Operation; readonly a: number; readonly b: number }): RecordedCall {
  const worked = calculate(given);
  return called(turn, { name: 'calculator', arguments: given, result: worked.ok ? String(worked.value) : worked.message });
}

const drawn = (random: () => number): number => wholeBetween(12, 99, random);
const small = (random: () => number): number => wholeBetween(3, 9, random);
