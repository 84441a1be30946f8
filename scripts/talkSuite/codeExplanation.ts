import { pickOne } from '#core/seededRandom.ts';
import { caseId, said, type TalkCase } from './talkCase.ts';

const task = 'code explanation';
const growths = ['constant', 'logarithmic', 'linear', 'quadratic', 'exponential'] as const;

interface Explained {
  readonly language: 'Go' | 'Python' | 'TypeScript';
  readonly source: string;
  /** What it is for, how it works, and where it ends, for the judge. */
  readonly purpose: string;
  readonly mechanism: string;
  readonly edge: string;
  readonly arguments: readonly number[];
  /** The same function here, so that the quiz's answer is worked out and not believed. */
  readonly twin: (n: number) => number;
  readonly recursive: boolean;
  readonly growth: (typeof growths)[number];
}

const fibonacci: Explained = {
  language: 'Go',
  source: 'func walk(n int) int {\n\tif n < 2 {\n\t\treturn n\n\t}\n\treturn walk(n-1) + walk(n-2)\n}',
  purpose: 'It works out the Fibonacci number at position n.',
  mechanism: 'It adds the results of two calls of itself, for n-1 and n-2.',
  edge: 'For n below 2 it returns n itself, which ends the recursion.',
  arguments: [7, 8, 9, 10],
  twin: function walk(n): number {
    return n < 2 ? n : walk(n - 1) + walk(n - 2);
  },
  recursive: true,
  growth: 'exponential',
};

const functions: readonly Explained[] = [
  fibonacci,
  {
    language: 'Go',
    source: 'func tally(n int) int {\n\tcount := 1\n\tfor n >= 10 {\n\t\tn /= 10\n\t\tcount++\n\t}\n\treturn count\n}',
    purpose: 'It counts the decimal digits of n.',
    mechanism: 'It divides n by ten in a loop and counts the divisions.',
    edge: 'A number below ten has one digit, so the count starts at 1.',
    arguments: [7305, 48_120, 900_001, 123],
    twin: (n) => String(n).length,
    recursive: false,
    growth: 'logarithmic',
  },
  {
    language: 'Go',
    source: 'func sum(n int) int {\n\ttotal := 0\n\tfor i := 1; i <= n; i++ {\n\t\ttotal += i * i\n\t}\n\treturn total\n}',
    purpose: 'It adds the squares of the whole numbers from 1 to n.',
    mechanism: 'It goes through 1 to n in a loop and adds each number times itself.',
    edge: 'For n below 1 the loop never runs and it returns 0.',
    arguments: [5, 6, 7, 8],
    twin: (n) => (n * (n + 1) * (2 * n + 1)) / 6,
    recursive: false,
    growth: 'linear',
  },
  {
    language: 'Go',
    source:
      'func pairs(n int) int {\n\tcount := 0\n\tfor i := 0; i < n; i++ {\n\t\tfor j := i + 1; j < n; j++ {\n\t\t\tcount++\n\t\t}\n\t}\n\treturn count\n}',
    purpose: 'It counts the pairs that can be made of n things.',
    mechanism: 'Two loops, one inside the other, go through every i and every larger j and count them.',
    edge: 'With fewer than two things there is no pair and it returns 0.',
    arguments: [6, 7, 9, 12],
    twin: (n) => (n * (n - 1)) / 2,
    recursive: false,
    growth: 'quadratic',
  },
  {
    language: 'Python',
    source:
      'def grow(n):\n    if n == 0:\n        return 1\n    half = grow(n // 2)\n    return half * half if n % 2 == 0 else half * half * 3',
    purpose: 'It works out three to the power of n.',
    mechanism: 'It squares the result of itself for half of n, and multiplies by three once more where n is odd.',
    edge: 'For n = 0 it returns 1, which ends the recursion.',
    arguments: [4, 5, 6, 7],
    twin: (n) => 3 ** n,
    recursive: true,
    growth: 'logarithmic',
  },
  {
    language: 'Python',
    source: 'def moves(n):\n    if n == 0:\n        return 0\n    return moves(n - 1) + 1 + moves(n - 1)',
    purpose: 'It counts the moves that the towers of Hanoi with n discs take, which is two to the power of n, less one.',
    mechanism: 'It calls itself twice for n - 1 and adds one.',
    edge: 'For n = 0 it returns 0, which ends the recursion.',
    arguments: [4, 5, 6, 7],
    twin: (n) => 2 ** n - 1,
    recursive: true,
    growth: 'exponential',
  },
  {
    language: 'Python',
    source: 'def steps(n):\n    return n * (n + 1) // 2',
    purpose: 'It works out the sum of the whole numbers from 1 to n.',
    mechanism: 'It uses the closed formula, n times n + 1 halved, and no loop.',
    edge: 'The product is always even, so that the whole-number division loses nothing; for 0 it gives 0.',
    arguments: [12, 15, 20, 24],
    twin: (n) => (n * (n + 1)) / 2,
    recursive: false,
    growth: 'constant',
  },
  {
    language: 'Python',
    source:
      'def table(n):\n    total = 0\n    for row in range(1, n + 1):\n        for column in range(1, n + 1):\n            total += row * column\n    return total',
    purpose: 'It adds up all the products in a multiplication table of n rows and n columns.',
    mechanism: 'Two loops, one inside the other, go through rows and columns and add each product.',
    edge: 'For n = 0 there is no row and it returns 0.',
    arguments: [3, 4, 5, 6],
    twin: (n) => ((n * (n + 1)) / 2) ** 2,
    recursive: false,
    growth: 'quadratic',
  },
  {
    language: 'TypeScript',
    source: 'function fold(n: number): number {\n  return n <= 1 ? 1 : n * fold(n - 1);\n}',
    purpose: 'It works out the factorial of n.',
    mechanism: 'It multiplies n by the result of itself for n - 1.',
    edge: 'For n of 1 or less it returns 1, which ends the recursion.',
    arguments: [4, 5, 6, 7],
    twin: function fold(n): number {
      return n <= 1 ? 1 : n * fold(n - 1);
    },
    recursive: true,
    growth: 'linear',
  },
  {
    language: 'TypeScript',
    source:
      'function halve(n: number): number {\n  let rounds = 0;\n  while (n > 1) {\n    n = Math.floor(n / 2);\n    rounds += 1;\n  }\n  return rounds;\n}',
    purpose: 'It says how often n can be halved until 1 is left: the logarithm to base two, rounded down.',
    mechanism: 'It halves n in a loop, rounding down, and counts the rounds.',
    edge: 'For n of 1 or less the loop never runs and it returns 0.',
    arguments: [40, 100, 200, 1000],
    twin: (n) => Math.floor(Math.log2(n)),
    recursive: false,
    growth: 'logarithmic',
  },
  {
    language: 'TypeScript',
    source: 'function crumbs(n: number): number {\n  return n < 10 ? n : (n % 10) + crumbs(Math.floor(n / 10));\n}',
    purpose: 'It adds the decimal digits of n.',
    mechanism: 'It adds the last digit to the result of itself for n without its last digit.',
    edge: 'A number below ten is its own sum, which ends the recursion.',
    arguments: [4817, 90_345, 7777, 60_512],
    twin: (n) => [...String(n)].reduce((sum, digit) => sum + Number(digit), 0),
    recursive: true,
    growth: 'logarithmic',
  },
  {
    language: 'TypeScript',
    source: 'function odd(n: number): number {\n  let total = 0;\n  for (let i = 0; i < n; i++) total += 2 * i + 1;\n  return total;\n}',
    purpose: 'It adds the first n odd numbers, which is n squared.',
    mechanism: 'It goes through i from 0 in a loop and adds 2i + 1 each time.',
    edge: 'For n = 0 the loop never runs and it returns 0.',
    arguments: [9, 11, 12, 14],
    twin: (n) => n * n,
    recursive: false,
    growth: 'linear',
  },
];

/** Twelve short functions in three languages: an explanation for the judge, and a quiz that the code answers. */
export function codeExplanations(random: () => number): readonly TalkCase[] {
  return functions.map((explained, index) => explain(explained, { id: caseId(task, index + 1), n: pickOne(explained.arguments, random) }));
}

/** The one of the short suite. */
export function codeExplanation(): TalkCase {
  return explain(fibonacci, { id: 'short-code-explanation', n: 7 });
}

function explain(explained: Explained, { id, n }: { readonly id: string; readonly n: number }): TalkCase {
  const { language, source, purpose, mechanism, edge, recursive, growth } = explained;
  const name = /(?:func|def|function) (\w+)/.exec(source)?.[1] ?? '';
  const expected = { result: explained.twin(n), recursive, complexity: growth };
  return {
    row: {
      id,
      task,
      system: 'You explain code to a colleague who has never seen it.',
      input: `Explain in at most five sentences what this ${language} function does and how.\n\n\`\`\`${language.toLowerCase()}\n${source}\n\`\`\`\n\nThen end with one JSON object on a line of its own with these three keys: "result", what ${name}(${n}) returns, a number; "recursive", whether the function calls itself, true or false; "complexity", how its running time grows with n, one of ${growths.map((word) => `"${word}"`).join(', ')}.`,
      expected,
      grader: { type: 'last-json' },
      judge: {
        kind: 'checklist',
        criteria: [
          'It says what the function is for.',
          'It says how the function works.',
          'It says what happens at the smallest input, where the function ends.',
          'It says nothing about the function that is false.',
        ],
        reference: `${purpose} ${mechanism} ${edge}`,
      },
      tags: ['seeded', language],
    },
    right: said(`${purpose} ${mechanism} ${edge}\n\n\`\`\`json\n${JSON.stringify(expected)}\n\`\`\``),
    wrong: said(`${purpose}\n${JSON.stringify({ ...expected, result: expected.result + 1 })}`),
  };
}
