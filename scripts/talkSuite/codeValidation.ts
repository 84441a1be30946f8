import type { JsonValue } from '#core/bench/labelledItem.ts';
import { called, caseId, said, spellings, type TalkCase } from './talkCase.ts';

const task = 'code validation';
const system = 'Write the program, run it with the tool, and answer with what it printed. Do not answer from memory.';

interface Specification {
  readonly name: string;
  /** After "Define a Python function … that". */
  readonly does: string;
  /** What is to be printed, and what that is. */
  readonly call: string;
  readonly result: string | number;
  /** Hidden: what other calls give. */
  readonly cases: readonly { readonly call: string; readonly gives: JsonValue }[];
  readonly solution: string;
  /** Runs, prints the right result, and is wrong all the same. */
  readonly cheat: string;
}

const specifications: readonly Specification[] = [
  {
    name: 'count_primes',
    does: 'returns how many prime numbers are smaller than n',
    call: 'count_primes(200)',
    result: 46,
    cases: [
      { call: 'count_primes(2)', gives: 0 },
      { call: 'count_primes(10)', gives: 4 },
      { call: 'count_primes(1000)', gives: 168 },
    ],
    solution: 'def count_primes(n):\n    return sum(all(k % d for d in range(2, int(k ** 0.5) + 1)) for k in range(2, n))',
    cheat: 'def count_primes(n):\n    return 46',
  },
  {
    name: 'collatz_steps',
    does: 'returns how many steps the Collatz rule takes from n to 1: halve an even number, otherwise take three times the number plus one',
    call: 'collatz_steps(97)',
    result: 118,
    cases: [
      { call: 'collatz_steps(1)', gives: 0 },
      { call: 'collatz_steps(6)', gives: 8 },
      { call: 'collatz_steps(27)', gives: 111 },
    ],
    solution:
      'def collatz_steps(n):\n    steps = 0\n    while n != 1:\n        n = n // 2 if n % 2 == 0 else 3 * n + 1\n        steps += 1\n    return steps',
    cheat: 'def collatz_steps(n):\n    return 118',
  },
  {
    name: 'to_roman',
    does: 'returns a whole number from 1 to 3999 as a Roman numeral',
    call: 'to_roman(1987)',
    result: 'MCMLXXXVII',
    cases: [
      { call: 'to_roman(4)', gives: 'IV' },
      { call: 'to_roman(3999)', gives: 'MMMCMXCIX' },
      { call: 'to_roman(49)', gives: 'XLIX' },
    ],
    solution:
      "def to_roman(n):\n    marks = [(1000, 'M'), (900, 'CM'), (500, 'D'), (400, 'CD'), (100, 'C'), (90, 'XC'), (50, 'L'), (40, 'XL'), (10, 'X'), (9, 'IX'), (5, 'V'), (4, 'IV'), (1, 'I')]\n    text = ''\n    for value, mark in marks:\n        while n >= value:\n            text += mark\n            n -= value\n    return text",
    cheat: "def to_roman(n):\n    return 'MCMLXXXVII' if n == 1987 else 'I' * n",
  },
  {
    name: 'longest_run',
    does: 'returns the length of the longest run of equal letters in a text, 0 for an empty one',
    call: "longest_run('aabbbbccdddddde')",
    result: 6,
    cases: [
      { call: "longest_run('')", gives: 0 },
      { call: "longest_run('abc')", gives: 1 },
      { call: "longest_run('xxyyyx')", gives: 3 },
    ],
    solution:
      'def longest_run(text):\n    best = run = 0\n    for index, letter in enumerate(text):\n        run = run + 1 if index > 0 and text[index - 1] == letter else 1\n        best = max(best, run)\n    return best',
    cheat: 'def longest_run(text):\n    return max(text.count(letter) for letter in text)',
  },
  {
    name: 'digit_product',
    does: 'returns how often the digits of a whole number have to be multiplied with one another until one digit is left',
    call: 'digit_product(679)',
    result: 5,
    cases: [
      { call: 'digit_product(7)', gives: 0 },
      { call: 'digit_product(10)', gives: 1 },
      { call: 'digit_product(68889)', gives: 7 },
    ],
    solution:
      'def digit_product(n):\n    rounds = 0\n    while n > 9:\n        product = 1\n        for digit in str(n):\n            product *= int(digit)\n        n = product\n        rounds += 1\n    return rounds',
    cheat: 'def digit_product(n):\n    return 5',
  },
  {
    name: 'balanced',
    does: 'says whether the brackets (), [] and {} in a text are balanced, True or False; other letters do not matter',
    call: "sum(balanced(t) for t in ['a(b)', '([)]', '{[()]}', '((', ''])",
    result: 3,
    cases: [
      { call: "balanced('(]')", gives: false },
      { call: "balanced('{a: [1, (2)]}')", gives: true },
      { call: "balanced(')(')", gives: false },
    ],
    solution:
      "def balanced(text):\n    pairs = {')': '(', ']': '[', '}': '{'}\n    stack = []\n    for letter in text:\n        if letter in '([{':\n            stack.append(letter)\n        elif letter in pairs:\n            if not stack or stack.pop() != pairs[letter]:\n                return False\n    return not stack",
    cheat: "def balanced(text):\n    return text.count('(') == text.count(')') and '[)' not in text",
  },
  {
    name: 'change_ways',
    does: 'returns in how many ways an amount of cents can be paid with coins of 1, 2, 5 and 10 cents, their order aside',
    call: 'change_ways(30)',
    result: 98,
    cases: [
      { call: 'change_ways(0)', gives: 1 },
      { call: 'change_ways(5)', gives: 4 },
      { call: 'change_ways(10)', gives: 11 },
    ],
    solution:
      'def change_ways(amount):\n    ways = [1] + [0] * amount\n    for coin in (1, 2, 5, 10):\n        for total in range(coin, amount + 1):\n            ways[total] += ways[total - coin]\n    return ways[amount]',
    cheat: 'def change_ways(amount):\n    return 98',
  },
  {
    name: 'caesar',
    does: 'returns a text with every small letter moved by a number of places in the alphabet, z being followed by a; other letters stay',
    call: "caesar('meet me at the pier', 7)",
    result: 'tlla tl ha aol wply',
    cases: [
      { call: "caesar('xyz', 3)", gives: 'abc' },
      { call: "caesar('Hello, world!', 1)", gives: 'Hfmmp, xpsme!' },
      { call: "caesar('abc', 0)", gives: 'abc' },
    ],
    solution:
      "def caesar(text, places):\n    return ''.join(chr((ord(letter) - 97 + places) % 26 + 97) if 'a' <= letter <= 'z' else letter for letter in text)",
    cheat: "def caesar(text, places):\n    return 'tlla tl ha aol wply'",
  },
  {
    name: 'perfect_below',
    does: 'returns the sum of all perfect numbers below n: a perfect number is the sum of its divisors, itself aside',
    call: 'perfect_below(1000)',
    result: 530,
    cases: [
      { call: 'perfect_below(6)', gives: 0 },
      { call: 'perfect_below(7)', gives: 6 },
      { call: 'perfect_below(100)', gives: 34 },
    ],
    solution: 'def perfect_below(n):\n    return sum(k for k in range(2, n) if sum(d for d in range(1, k) if k % d == 0) == k)',
    cheat: 'def perfect_below(n):\n    return 530',
  },
  {
    name: 'word_score',
    does: 'returns the sum of the places of the letters of a word in the alphabet, a being 1, large and small letters alike',
    call: "word_score('Lighthouse')",
    result: 124,
    cases: [
      { call: "word_score('')", gives: 0 },
      { call: "word_score('aZ')", gives: 27 },
      { call: "word_score('Pier')", gives: 48 },
    ],
    solution: 'def word_score(word):\n    return sum(ord(letter) - 96 for letter in word.lower())',
    cheat: 'def word_score(word):\n    return 124',
  },
  {
    name: 'spiral_sum',
    does: 'returns the sum of the numbers on both diagonals of a square spiral of the whole numbers from 1, with n rows and n columns, n being odd',
    call: 'spiral_sum(5)',
    result: 101,
    cases: [
      { call: 'spiral_sum(1)', gives: 1 },
      { call: 'spiral_sum(3)', gives: 25 },
      { call: 'spiral_sum(7)', gives: 261 },
    ],
    solution:
      'def spiral_sum(n):\n    total = corner = 1\n    for side in range(3, n + 1, 2):\n        for _ in range(4):\n            corner += side - 1\n            total += corner\n    return total',
    cheat: 'def spiral_sum(n):\n    return 101',
  },
  {
    name: 'common_letters',
    does: 'returns the letters that occur in every one of a list of words, sorted, as one text',
    call: "common_letters(['harbour', 'barrow', 'rhubarb'])",
    result: 'abr',
    cases: [
      { call: "common_letters(['stone', 'notes', 'onset'])", gives: 'enost' },
      { call: "common_letters(['abc', 'xyz'])", gives: '' },
      { call: "common_letters(['level'])", gives: 'elv' },
    ],
    solution: "def common_letters(words):\n    return ''.join(sorted(set.intersection(*(set(word) for word in words))))",
    cheat: "def common_letters(words):\n    return 'abr'",
  },
];

const fibonacci: Specification = {
  name: 'fibonacci',
  does: 'returns a list of the first n Fibonacci numbers, beginning with 0 and 1',
  call: 'sum(fibonacci(10))',
  result: 88,
  cases: [
    { call: 'fibonacci(1)', gives: [0] },
    { call: 'fibonacci(10)', gives: [0, 1, 1, 2, 3, 5, 8, 13, 21, 34] },
    { call: 'len(fibonacci(25))', gives: 25 },
  ],
  solution:
    'def fibonacci(n):\n    numbers = [0, 1]\n    while len(numbers) < n:\n        numbers.append(numbers[-1] + numbers[-2])\n    return numbers[:n]',
  cheat: 'def fibonacci(n):\n    return [88]',
};

/** Twelve small specifications, one question that needs no program, and one whose tool fails first. */
export function codeValidations(): readonly TalkCase[] {
  const [first] = specifications;
  return [
    ...specifications.map((specification, index) => validation(caseId(task, index + 1), specification)),
    irrelevance(),
    ...(first === undefined ? [] : [recovery(first)]),
  ];
}

/** The one of the short suite. */
export function codeValidation(): TalkCase {
  return validation('short-code-validation', fibonacci);
}

function validation(id: string, { name, does, call, result, cases, solution, cheat }: Specification): TalkCase {
  const facts = typeof result === 'number' ? spellings(result) : [result];
  const run = (source: string): TalkCase['right']['calls'] => [
    called(1, { name: 'execute_python', arguments: { code: `${source}\n\nprint(${call})` }, result: `${result}\n` }),
  ];
  const text = `It printed ${result}.`;
  return {
    row: {
      id,
      task,
      system,
      input: `Define a Python function \`${name}\` that ${does}. In the same program print \`${call}\`. What does it print?`,
      expected: String(result),
      grader: {
        type: 'all',
        of: [
          { type: 'tool-output', tool: 'execute_python', contains: [String(result)] },
          { type: 'key-facts', facts: [facts] },
          { type: 'python', from: 'call', function: name, cases },
        ],
      },
      tools: ['execute_python'],
      tags: ['by hand'],
    },
    right: { text, calls: run(solution), execution: { state: 'passed', message: 'All cases are right.' } },
    wrong: { text, calls: run(cheat), execution: { state: 'failed', message: 'A case is wrong.' } },
  };
}

function irrelevance(): TalkCase {
  return {
    row: {
      id: `${caseId(task, 13)}-not-needed`,
      task,
      system: 'Run Python where there is something to find out by it, and only there.',
      input: 'Which keyword begins the definition of a function in Python? Answer with the keyword.',
      expected: 'def',
      grader: {
        type: 'all',
        of: [
          { type: 'tool-calls', calls: [] },
          { type: 'key-facts', facts: [['def']] },
        ],
      },
      tools: ['execute_python'],
      tags: ['irrelevance'],
    },
    right: said('`def`'),
    wrong: { text: '`def`', calls: [called(1, { name: 'execute_python', arguments: { code: 'help(1)' }, result: '' })], execution: null },
  };
}

function recovery(specification: Specification): TalkCase {
  const { row, right } = validation(`${caseId(task, 14)}-recovery`, specification);
  const message = 'Python is not ready yet. Please try again.';
  const first = called(1, { name: 'execute_python', arguments: right.calls[0]?.arguments ?? {}, result: '', error: message });
  return {
    row: { ...row, faults: [{ tool: 'execute_python', message }], tags: ['by hand', 'recovery'] },
    right: { ...right, calls: [first, ...right.calls] },
    wrong: { ...right, calls: [first] },
  };
}
