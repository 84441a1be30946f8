import { caseId, said, type TalkCase, wholeBetween } from './talkCase.ts';

const task = 'mathematical operations';
type Problem = readonly [question: string, answer: number];

/** One problem of each kind, its numbers drawn so that the answer is exact. */
const problems: readonly ((random: () => number) => Problem)[] = [
  (random) => {
    const n = wholeBetween(60, 160, random);
    return [`What is the sum of all whole numbers from 1 to ${n}?`, (n * (n + 1)) / 2];
  },
  (random) => {
    const [percent, whole] = [wholeBetween(2, 18, random) * 5, wholeBetween(3, 40, random) * 20];
    return [`What is ${percent} percent of ${whole}?`, (percent * whole) / 100];
  },
  (random) => {
    const [price, off] = [wholeBetween(4, 30, random) * 20, wholeBetween(1, 8, random) * 5];
    return [
      `A coat costs ${price} euros and is sold ${off} percent cheaper. How many euros does it cost now?`,
      (price * (100 - off)) / 100,
    ];
  },
  (random) => {
    const [kilometres, metres] = [wholeBetween(2, 19, random), wholeBetween(1, 9, random) * 50];
    return [`How many metres are ${kilometres} kilometres and ${metres} metres?`, kilometres * 1000 + metres];
  },
  (random) => {
    const [hours, minutes] = [wholeBetween(2, 11, random), wholeBetween(5, 55, random)];
    return [`How many minutes are ${hours} hours and ${minutes} minutes?`, hours * 60 + minutes];
  },
  (random) => {
    const [mean, a, b] = [wholeBetween(20, 80, random), wholeBetween(1, 9, random), wholeBetween(1, 9, random)];
    return [`What is the mean of ${mean - a}, ${mean + a + b}, ${mean} and ${mean - b}?`, mean];
  },
  (random) => {
    const [length, width] = [wholeBetween(12, 48, random), wholeBetween(3, 11, random)];
    return [`A garden is ${length} metres long and ${width} metres wide. What is its area in square metres?`, length * width];
  },
  (random) => {
    const [divisor, quotient, rest] = [wholeBetween(7, 19, random), wholeBetween(11, 60, random), wholeBetween(1, 6, random)];
    return [`What is the remainder when ${divisor * quotient + rest} is divided by ${divisor}?`, rest];
  },
  (random) => {
    const [count, price] = [wholeBetween(3, 9, random), wholeBetween(2, 11, random)];
    return [
      `Somebody buys ${count} books at ${price} euros each and pays with a note of 100 euros. How many euros come back?`,
      100 - count * price,
    ];
  },
  (random) => {
    const [speed, quarters] = [wholeBetween(10, 30, random) * 4, wholeBetween(5, 14, random)];
    return [
      `A train goes ${speed} kilometres an hour. How many kilometres does it go in ${quarters * 15} minutes?`,
      (speed * quarters) / 4,
    ];
  },
  (random) => {
    const [a, b, c] = [wholeBetween(3, 12, random), wholeBetween(4, 15, random), wholeBetween(6, 40, random)];
    return [`Solve for x: ${a}x + ${c} = ${a * b + c}.`, b];
  },
  (random) => {
    const start = wholeBetween(3, 30, random) * 100;
    return [
      `A village of ${start} people grows by 10 percent, and a year later by 10 percent once more. How many people live there then?`,
      Math.round(start * 1.21),
    ];
  },
];

/** Sums, shares and units with drawn numbers. */
export function mathematicalOperations(random: () => number): readonly TalkCase[] {
  return problems.map((draw, index) => problemCase(caseId(task, index + 1), draw(random)));
}

/** The one of the short suite. */
export function mathematicalOperation(): TalkCase {
  return problemCase('short-mathematical-operations', ['Add up all the whole numbers from 1 to 100. What is the sum?', 5050]);
}

function problemCase(id: string, [question, answer]: Problem): TalkCase {
  return {
    row: {
      id,
      task,
      system: 'Solve the problem. Explain briefly if you must, and end with the result as a number.',
      input: question,
      expected: answer,
      grader: { type: 'numeric' },
      tags: ['seeded'],
    },
    right: said(`That makes \\(\\boxed{${answer.toLocaleString('en-US')}}\\).`),
    wrong: said(`The result is ${answer + 1}.`),
  };
}
