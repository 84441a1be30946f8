import { pickOne, seededRandom, shuffled } from '../seededRandom.ts';
import type { LabelledItem } from './labelledItem.ts';

export interface LongContextPlan {
  readonly seed: number;
  /** About how many tokens each text has, growing. */
  readonly depths: readonly number[];
}

const places = ['start', 'quarter', 'middle', 'three quarters', 'end'] as const;
const halls = ['red', 'blue', 'green', 'white', 'black'] as const;

/** Characters a token, on the low side, so that a text of 4,000 tokens has rather fewer than more. */
const charactersPerToken = { logbook: 4, parcels: 3 } as const;
type Kind = keyof typeof charactersPerToken;

const firstNames = [
  'Hanna',
  'Marta',
  'Oskar',
  'Jonas',
  'Lena',
  'Piet',
  'Ruth',
  'Karel',
  'Ines',
  'Tomas',
  'Vera',
  'Emil',
  'Nora',
  'Anton',
  'Clara',
  'Milo',
];
const lastNames = [
  'Berg',
  'Ilic',
  'Lund',
  'Vogel',
  'Sands',
  'Moreau',
  'Kowal',
  'Hale',
  'Novak',
  'Rossi',
  'Dahl',
  'Petri',
  'Quist',
  'Brandt',
  'Farrow',
  'Tamm',
];
const weathers = [
  'a light rain',
  'thick fog',
  'a dry east wind',
  'clear skies',
  'short showers',
  'hail before noon',
  'a calm, grey morning',
];
const ships = ['the Amber', 'the Old Harriet', 'the Grey Gull', 'the Fennel', 'the Second Wind', 'the Marigold', 'the Little Bear'];
const goods = ['salt', 'timber', 'wool', 'lamp oil', 'dried fish', 'roof tiles', 'barley', 'rope', 'glass', 'apples'];
const ports = ['Lowbridge', 'Fernhill', 'Saltmouth', 'Greywater', 'Eastholm', 'Cold Quay', 'Millbay'];
const duties = [
  'swept the long pier',
  'painted two buoys',
  'mended the crane',
  'counted the lanterns',
  'oiled the lock gates',
  'moved the small boats',
];

/** Lines of the logbook; none of them holds a number of four digits, so that only a locker's is one. */
const lines: readonly ((random: () => number) => string)[] = [
  (random) => `The day began with ${pickOne(weathers, random)}, and the harbour opened an hour ${pickOne(['early', 'late'], random)}.`,
  (random) =>
    `${capital(pickOne(ships, random))} came in from ${pickOne(ports, random)} with ${pickOne(goods, random)} and ${pickOne(goods, random)}.`,
  (random) =>
    `The crew of ${pickOne(ships, random)} asked for ${pickOne(['fresh water', 'a pilot', 'two spare anchors', 'a new sail'], random)}.`,
  (random) => `In the afternoon the watch ${pickOne(duties, random)} and then ${pickOne(duties, random)}.`,
  (random) =>
    `A crate of ${pickOne(goods, random)} fell into the water and was fished out ${pickOne(['at once', 'by the children', 'before dark'], random)}.`,
  (random) =>
    `${capital(pickOne(ships, random))} left for ${pickOne(ports, random)} on the evening tide, ${pickOne(['half empty', 'fully laden', 'without her mate'], random)}.`,
  (random) =>
    `The clerk noted that ${pickOne(goods, random)} had become ${pickOne(['dearer', 'cheaper', 'scarce'], random)} in ${pickOne(ports, random)}.`,
  (random) => `Nobody could say why the bell of ${pickOne(ships, random)} rang ${pickOne(['twice', 'three times', 'all night'], random)}.`,
];

/**
 * The same two closed questions at growing depth: a number that is told once in a harbour's logbook, and the hall of one parcel among many. A text is
 * asked about five places of it, one question after the other, and stands before the question, so that it is evaluated once.
 * @param plan seed and depths; the same plan makes the same items
 * @returns ten items a depth, tagged `depth:N` and with the depth as their task
 */
export function longContextItems({ seed, depths }: LongContextPlan): readonly LabelledItem[] {
  return depths.flatMap((depth, index) => [
    ...logbookItems(depth, seededRandom(seed * 1000 + index * 2)),
    ...parcelItems(depth, seededRandom(seed * 1000 + index * 2 + 1)),
  ]);
}

function logbookItems(depth: number, random: () => number): readonly LabelledItem[] {
  const owners = shuffled(everyName(), random).slice(0, places.length);
  const facts = owners.map((owner) => ({ owner, number: String(1000 + Math.floor(random() * 9000)) }));
  const text = textOf({
    depth,
    kind: 'logbook',
    told: facts.map(({ owner, number }) => `The locker of ${owner} opens with ${number}.`),
    line: () => pickOne(lines, random)(random),
    joint: ' ',
  });
  return facts.map(({ owner, number }, index) => ({
    ...common({ depth, kind: 'logbook', index }),
    system: 'Read the logbook and answer the question below it with one number and nothing else.',
    input: `${text}\n\nQuestion: Which number opens the locker of ${owner}?`,
    expected: number,
    grader: { type: 'numeric' },
    labels: null,
  }));
}

function parcelItems(depth: number, random: () => number): readonly LabelledItem[] {
  const names = everyName();
  const used = new Set<string>();
  const parcel = (): { readonly number: string; readonly hall: string; readonly line: string } => {
    let number = '';
    do number = `K-${10_000 + Math.floor(random() * 90_000)}`;
    while (used.has(number));
    used.add(number);
    const hall = pickOne(halls, random);
    return { number, hall, line: `Parcel ${number} for ${pickOne(names, random)} waits in the ${hall} hall.` };
  };
  const asked = places.map(() => parcel());
  const text = textOf({ depth, kind: 'parcels', told: asked.map(({ line }) => line), line: () => parcel().line, joint: '\n' });
  return asked.map(({ number, hall }, index) => ({
    ...common({ depth, kind: 'parcels', index }),
    system: `Read the list and answer the question below it with one word and nothing else: ${halls.join(', ')}.`,
    input: `${text}\n\nQuestion: In which hall does parcel ${number} wait?`,
    expected: hall,
    grader: { type: 'exact', ignoreCase: true },
    labels: halls,
  }));
}

/** Lines up to the depth, with what is asked for among them at its places. */
function textOf(options: {
  readonly depth: number;
  readonly kind: Kind;
  readonly told: readonly string[];
  readonly line: () => string;
  readonly joint: string;
}): string {
  const { depth, kind, told, line, joint } = options;
  const characters = depth * charactersPerToken[kind] - told.join(joint).length - 300;
  const filler: string[] = [];
  for (let length = 0; length < characters; length += (filler.at(-1)?.length ?? 0) + joint.length) filler.push(line());
  const stretch = filler.length / (told.length - 1);
  const parts = told.flatMap((fact, index) => [
    // Neither the very first line nor the very last: those are found by their place.
    ...filler.slice(...(index === 0 ? [0, 1] : [at(index - 1), at(index)])),
    fact,
  ]);
  return [...parts, filler.at(-1)].join(joint);

  function at(index: number): number {
    return index === 0 ? 1 : Math.min(filler.length - 1, Math.round(stretch * index));
  }
}

function common(of: {
  readonly depth: number;
  readonly kind: Kind;
  readonly index: number;
}): Pick<LabelledItem, 'id' | 'task' | 'schema' | 'tags'> {
  const place = places[of.index] ?? '';
  return {
    id: `depth-${String(of.depth).padStart(5, '0')}-${of.kind}-${place.replaceAll(' ', '-')}`,
    task: `${of.depth.toLocaleString('en-US')} tokens`,
    schema: null,
    tags: [`depth:${of.depth}`, `place:${place}`],
  };
}

function everyName(): readonly string[] {
  return firstNames.flatMap((first) => lastNames.map((last) => `${first} ${last}`));
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
