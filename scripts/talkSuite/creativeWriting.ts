import type { TextCheck } from '#core/bench/textChecks.ts';
import { caseId, said, type TalkCase } from './talkCase.ts';

const task = 'creative writing';

interface Piece {
  readonly ask: string;
  readonly checks: readonly TextCheck[];
  /** What the judge compares two pieces by. */
  readonly question: string;
  /** A piece that keeps all rules. */
  readonly example: string;
}

const joke: Piece = {
  ask: 'Write a joke about the Fibonacci numbers, in 20 to 80 words. Use the words "rabbit" and "next". Do not explain the joke.',
  checks: [
    { kind: 'words', min: 20, max: 80 },
    { kind: 'includes', texts: ['rabbit', 'next'] },
  ],
  question: 'Which joke about the Fibonacci numbers is funnier?',
  example:
    'A rabbit opened a bakery and sold one bun on the first day, one on the second, two on the third. "What will you sell next?" asked the fox. "Everything I sold yesterday, and the day before," sighed the rabbit, "with no end in sight."',
};

const pieces: readonly Piece[] = [
  {
    ask: 'Write a joke about a programmer and a kettle, in 20 to 60 words. Use the words "boil" and "exception".',
    checks: [
      { kind: 'words', min: 20, max: 60 },
      { kind: 'includes', texts: ['boil', 'exception'] },
    ],
    question: 'Which joke is funnier?',
    example:
      'A programmer put the kettle on and waited an hour. It would not boil. "Did you plug it in?" asked her brother. "No," she said, "I was waiting for it to throw an exception."',
  },
  {
    ask: 'Write a poem of exactly six lines about rain on a harbour. Do not use the word "water".',
    checks: [
      { kind: 'lines', min: 6, max: 6 },
      { kind: 'words', min: 20, max: 120 },
      { kind: 'includes', texts: ['rain'] },
      { kind: 'excludes', texts: ['water'] },
    ],
    question: 'Which poem paints the better picture?',
    example:
      'The rain walks in along the quay,\nits silver boots on every plank,\nthe cranes have folded up their necks,\nthe gulls sit sulking rank on rank,\nand every rope and every mast\nis telling stories of the past.',
  },
  {
    ask: 'Write a story in exactly three sentences that begins with the words "The lighthouse" and has the word "ladder" in it. 25 to 80 words.',
    checks: [
      { kind: 'sentences', min: 3, max: 3 },
      { kind: 'words', min: 25, max: 80 },
      { kind: 'starts', text: 'The lighthouse' },
      { kind: 'includes', texts: ['ladder'] },
    ],
    question: 'Which story holds together better and ends better?',
    example:
      'The lighthouse had not been lit for thirty years when Ada carried her ladder up the hill. She climbed past the broken glass and set a single candle where the lamp had been. Far out, a ship that had been waiting all that time turned slowly towards home.',
  },
  {
    ask: 'Describe the smell of an old library in 30 to 70 words, without the words "book", "books", "dust" and "paper".',
    checks: [
      { kind: 'words', min: 30, max: 70 },
      { kind: 'excludes', texts: ['book', 'books', 'dust', 'paper'] },
    ],
    question: 'Which description lets you smell more?',
    example:
      'It smells of glue gone sweet with age, of leather that remembers the saddle, of a stove that was lit for readers long since buried. Under it lies something like vanilla and rain on stone, and a trace of the coat somebody forgot here one autumn.',
  },
  {
    ask: 'Write an advertisement for an umbrella that sings, in 20 to 60 words. End with the words "only when it pours".',
    checks: [
      { kind: 'words', min: 20, max: 60 },
      { kind: 'includes', texts: ['umbrella'] },
      { kind: 'ends', text: 'only when it pours' },
    ],
    question: 'Which advertisement is more fun?',
    example:
      'Tired of grey mornings? Meet the first umbrella with a voice: a warm alto that knows every sea shanty and most of Puccini. It keeps your hair dry and your neighbours guessing. No batteries, no buttons. It sings only when it pours.',
  },
  {
    ask: 'Write four lines that rhyme in pairs about a cat that learns to count. Use the word "seven".',
    checks: [
      { kind: 'lines', min: 4, max: 4 },
      { kind: 'words', min: 20, max: 80 },
      { kind: 'includes', texts: ['seven'] },
    ],
    question: 'Which verse rhymes better and is more charming?',
    example:
      'The cat began with one and two and three,\nand found it easy sitting in a tree;\nbut having counted mice as far as seven,\nshe fell asleep, and dreamt about eleven.',
  },
  {
    ask: 'Write a letter of complaint from a snowman to the sun, in 40 to 90 words. Begin with "Dear Sun" and do not use commas.',
    checks: [{ kind: 'words', min: 40, max: 90 }, { kind: 'starts', text: 'Dear Sun' }, { kind: 'no-commas' }],
    question: 'Which letter is funnier?',
    example:
      'Dear Sun\nI write to you while I still can. On Monday I had two arms and a hat. On Tuesday I had one arm and a puddle. My carrot has begun to look at me with pity. I ask you politely to shine on somebody taller. The church tower has never once complained. Yours for as long as it lasts\nThe Snowman',
  },
  {
    ask: 'Invent a proverb about patience and explain it. Two paragraphs with an empty line between them: the proverb in at most 15 words, then the explanation. 25 to 90 words together.',
    checks: [
      { kind: 'paragraphs', min: 2, max: 2 },
      { kind: 'words', min: 25, max: 90 },
    ],
    question: 'Which proverb sounds more like one that has always been there?',
    example:
      'The river does not argue with the stone.\n\nWhoever wants to change something hard need not be stronger than it. It is enough to come back every day. The river says nothing, takes its time, and after a thousand years the stone is round.',
  },
  {
    ask: 'Write a list of exactly five bullet points, each beginning with "- ": the rules of a club for people who are always late. 25 to 90 words together. Use the word "clock".',
    checks: [
      { kind: 'bullets', min: 5, max: 5 },
      { kind: 'words', min: 25, max: 90 },
      { kind: 'includes', texts: ['clock'] },
    ],
    question: 'Which list of rules is funnier?',
    example:
      '- Meetings begin when the last member stops apologising.\n- Any clock found on the premises is to be set back at once.\n- Excuses must be new, or at least well told.\n- Whoever comes on time pays for the cake.\n- The annual dinner of last year takes place next spring.',
  },
  {
    ask: 'Write a dialogue of exactly four lines between a hammer and a nail, each line beginning with the name of the speaker and a colon. 20 to 80 words.',
    checks: [
      { kind: 'lines', min: 4, max: 4 },
      { kind: 'words', min: 20, max: 80 },
      { kind: 'includes', texts: ['hammer', 'nail'] },
    ],
    question: 'Which dialogue has more wit?',
    example:
      'Hammer: I only ever meant to encourage you.\nNail: You have a very heavy way of being encouraging.\nHammer: And yet without me you would still be lying in a box.\nNail: Without you I would still have my head in the clouds.',
  },
  {
    ask: 'Write the opening of a crime story set in a bakery, in 40 to 100 words. It ends with the word "flour".',
    checks: [
      { kind: 'words', min: 40, max: 100 },
      { kind: 'ends', text: 'flour' },
    ],
    question: 'Which opening makes you want to read on?',
    example:
      'At four in the morning the ovens of Brandt and Daughter were still cold, and that had not happened since the war. The door stood open. Forty loaves lay unbaked in their rows, each with a cross cut into it, and in the middle of the floor somebody had written a name, very neatly, in flour.',
  },
  {
    ask: 'Write a weather report for a place that does not exist, in small letters only, in 30 to 80 words. Use the words "fog" and "tomorrow".',
    checks: [
      { kind: 'words', min: 30, max: 80 },
      { kind: 'case', is: 'lower' },
      { kind: 'includes', texts: ['fog', 'tomorrow'] },
    ],
    question: 'Which report is more imaginative?',
    example:
      'over the glass hills the fog is thinking of leaving, but has not told anybody. in the valley of spoons it rains upwards until noon. the wind comes from last week and smells of it. tomorrow there will be two mornings, one of them dry; please choose in good time.',
  },
];

/** Twelve small pieces with rules that a program can check. Which is better is asked of a judge, and never part of pass and fail. */
export function creativePieces(): readonly TalkCase[] {
  return pieces.map((piece, index) => pieceCase(caseId(task, index + 1), piece));
}

/** The one of the short suite. */
export function creativePiece(): TalkCase {
  return pieceCase('short-creative-writing', joke);
}

function pieceCase(id: string, { ask, checks, question, example }: Piece): TalkCase {
  return {
    row: {
      id,
      task,
      system: 'Answer with the piece alone: no heading, no remark before or after it.',
      input: ask,
      grader: { type: 'constraints', checks },
      judge: { kind: 'preference', question },
      tags: ['by hand'],
    },
    right: said(example),
    wrong: said('Once upon a time there was a story.'),
  };
}
