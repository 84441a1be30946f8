import type { Answered } from '#core/bench/gradedItem.ts';
import { caseId, said, type TalkCase } from './talkCase.ts';

const task = 'code generation';

interface GoTask {
  readonly signature: string;
  readonly does: string;
  /** Whether it has to call itself; absent where that is left open. */
  readonly recursive?: boolean;
  readonly body: string;
}

const fibonacci: GoTask = {
  signature: 'func Fibonacci(n int) int',
  does: 'returns the Fibonacci number at position n, with Fibonacci(0) = 0 and Fibonacci(1) = 1',
  recursive: true,
  body: 'if n < 2 {\n\t\treturn n\n\t}\n\treturn Fibonacci(n-1) + Fibonacci(n-2)',
};

const tasks: readonly GoTask[] = [
  fibonacci,
  {
    signature: 'func GCD(a, b int) int',
    does: 'returns the greatest common divisor of two numbers that are not negative',
    recursive: true,
    body: 'if b == 0 {\n\t\treturn a\n\t}\n\treturn GCD(b, a%b)',
  },
  {
    signature: 'func Factorial(n uint64) uint64',
    does: 'returns the factorial of n',
    recursive: true,
    body: 'if n < 2 {\n\t\treturn 1\n\t}\n\treturn n * Factorial(n-1)',
  },
  {
    signature: 'func Power(base float64, exponent int) float64',
    does: 'returns base to the power of exponent, which is not negative, in a number of steps that grows with the logarithm of the exponent',
    recursive: true,
    body: 'if exponent == 0 {\n\t\treturn 1\n\t}\n\thalf := Power(base, exponent/2)\n\tif exponent%2 == 0 {\n\t\treturn half * half\n\t}\n\treturn half * half * base',
  },
  {
    signature: 'func IsPalindrome(text string) bool',
    does: 'says whether a text reads the same from both ends, letter by letter',
    body: 'runes := []rune(text)\n\tfor i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {\n\t\tif runes[i] != runes[j] {\n\t\t\treturn false\n\t\t}\n\t}\n\treturn true',
  },
  {
    signature: 'func SumDigits(n int) int',
    does: 'returns the sum of the decimal digits of a number that is not negative',
    recursive: true,
    body: 'if n < 10 {\n\t\treturn n\n\t}\n\treturn n%10 + SumDigits(n/10)',
  },
  {
    signature: 'func BinarySearch(values []int, target int) int',
    does: 'returns the place of target in values, which are sorted, or -1; it uses a loop and does not call itself',
    recursive: false,
    body: 'low, high := 0, len(values)-1\n\tfor low <= high {\n\t\tmiddle := (low + high) / 2\n\t\tswitch {\n\t\tcase values[middle] == target:\n\t\t\treturn middle\n\t\tcase values[middle] < target:\n\t\t\tlow = middle + 1\n\t\tdefault:\n\t\t\thigh = middle - 1\n\t\t}\n\t}\n\treturn -1',
  },
  {
    signature: 'func IsPrime(n int) bool',
    does: 'says whether n is a prime number; it uses a loop and does not call itself',
    recursive: false,
    body: 'if n < 2 {\n\t\treturn false\n\t}\n\tfor i := 2; i*i <= n; i++ {\n\t\tif n%i == 0 {\n\t\t\treturn false\n\t\t}\n\t}\n\treturn true',
  },
  {
    signature: 'func Reverse(text string) string',
    does: 'returns the text with its letters in the opposite order, letters of any alphabet whole',
    body: 'runes := []rune(text)\n\tfor i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {\n\t\trunes[i], runes[j] = runes[j], runes[i]\n\t}\n\treturn string(runes)',
  },
  {
    signature: 'func Largest(values []int) (int, error)',
    does: 'returns the largest value, or an error where there is none',
    body: 'if len(values) == 0 {\n\t\treturn 0, errors.New("no values")\n\t}\n\tbest := values[0]\n\tfor _, value := range values {\n\t\tif value > best {\n\t\t\tbest = value\n\t\t}\n\t}\n\treturn best, nil',
  },
  {
    signature: 'func CountWords(text string) map[string]int',
    does: 'counts how often each word occurs in a text, words being separated by white space',
    body: 'counts := map[string]int{}\n\tfor _, word := range strings.Fields(text) {\n\t\tcounts[word]++\n\t}\n\treturn counts',
  },
  {
    signature: 'func Ackermann(m, n int) int',
    does: 'returns the value of the Ackermann function: n + 1 for m = 0; Ackermann(m - 1, 1) for n = 0; otherwise Ackermann(m - 1, Ackermann(m, n - 1))',
    recursive: true,
    body: 'if m == 0 {\n\t\treturn n + 1\n\t}\n\tif n == 0 {\n\t\treturn Ackermann(m-1, 1)\n\t}\n\treturn Ackermann(m-1, Ackermann(m, n-1))',
  },
];

/** Twelve Go functions with a fixed signature. */
export function goFunctions(): readonly TalkCase[] {
  return tasks.map((asked, index) => goCase(caseId(task, index + 1), asked));
}

/** The one of the short suite. */
export function goFunction(): TalkCase {
  return goCase('short-code-generation', fibonacci);
}

function goCase(id: string, { signature, does, recursive, body }: GoTask): TalkCase {
  const name = /func (\w+)/.exec(signature)?.[1] ?? '';
  const listed = /\(([^)]*)\)/.exec(signature)?.[1] ?? '';
  const answer = (source: string): Answered => said(`Here it is:\n\n\`\`\`go\n${source}\n\`\`\`\n`);
  return {
    row: {
      id,
      task,
      system: 'Answer with Go code in one code block and nothing else.',
      input: `Write the Go function \`${signature}\` that ${does}.${recursive === true ? ' It has to call itself.' : ''}`,
      grader: { type: 'go', function: name, parameters: listed.split(',').length, ...(recursive === undefined ? {} : { recursive }) },
      tags: ['by hand'],
    },
    right: answer(`${signature} {\n\t${body}\n}`),
    wrong: answer(`${signature.replace(name, 'Other')} {\n\t${body}\n}`),
  };
}
