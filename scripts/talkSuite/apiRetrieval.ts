import type { JsonValue } from '#core/bench/labelledItem.ts';
import type { FetchFixture } from '#core/tools/tool.ts';
import { called, caseId, said, type TalkCase, wholeBetween } from './talkCase.ts';

const task = 'API data retrieval';
const system = 'Fetch what you need with the tool. Then answer with one JSON object and nothing else. Never guess a value.';
const host = 'https://api.example.com';

type JsonObject = { readonly [key: string]: JsonValue };

interface Retrieval {
  readonly question: string;
  /** Fetched one after the other; all but the last are only the way to it. */
  readonly fixtures: readonly FetchFixture[];
  readonly expected: JsonObject;
}

/** Values are drawn, so that no model can have learnt them: whoever names them has read the answer. */
const retrievals: readonly ((draw: (low: number, high: number) => number) => Retrieval)[] = [
  (draw) => {
    const [stars, issues, forks] = [draw(5000, 9999), draw(101, 499), draw(510, 990)];
    return {
      question: `What do we know of the repository at ${host}/repos/harbour/lantern? Keys: "stars", "open_issues", "language".`,
      fixtures: [
        fixture('/repos/harbour/lantern', {
          full_name: 'harbour/lantern',
          description: 'Lights for small boats',
          stars,
          forks,
          open_issues: issues,
          language: 'Zig',
          license: 'Apache-2.0',
        }),
      ],
      expected: { stars, open_issues: issues, language: 'Zig' },
    };
  },
  (draw) => {
    const [celsius, wind, humidity] = [draw(11, 29), draw(31, 88), draw(41, 95)];
    return {
      question: `What does the weather station at ${host}/stations/eastholm report? Keys: "temperature_celsius", "wind_kmh", "humidity_percent".`,
      fixtures: [
        fixture('/stations/eastholm', {
          station: 'Eastholm pier',
          temperature_celsius: celsius,
          dew_point_celsius: celsius - 6,
          wind_kmh: wind,
          gusts_kmh: wind + 17,
          humidity_percent: humidity,
        }),
      ],
      expected: { temperature_celsius: celsius, wind_kmh: wind, humidity_percent: humidity },
    };
  },
  (draw) => {
    const [pages, year] = [draw(203, 871), draw(1931, 1987)];
    return {
      question: `Look up the book at ${host}/books/978-0-00-000017-3. Keys: "title", "pages", "year".`,
      fixtures: [
        fixture('/books/978-0-00-000017-3', {
          title: 'The Keeper of Cold Quay',
          author: { name: 'Ines Farrow', born: year - 38 },
          pages,
          year,
          binding: 'cloth',
        }),
      ],
      expected: { title: 'The Keeper of Cold Quay', pages, year },
    };
  },
  (draw) => {
    const [platform, minutes] = [draw(3, 19), draw(4, 55)];
    return {
      question: `Which train leaves next according to ${host}/stations/lowbridge/departures? Take the first of the list. Keys: "destination", "platform", "delay_minutes".`,
      fixtures: [
        fixture('/stations/lowbridge/departures', {
          departures: [
            { destination: 'Fernhill', platform, delay_minutes: minutes },
            { destination: 'Millbay', platform: platform + 1, delay_minutes: 0 },
          ],
        }),
      ],
      expected: { destination: 'Fernhill', platform, delay_minutes: minutes },
    };
  },
  (draw) => {
    const [rate, fee] = [draw(1101, 1989) / 1000, draw(11, 49) / 100];
    return {
      question: `What are the rates for crowns at ${host}/rates/crown? Keys: "rate", "fee_percent", "valid_until".`,
      fixtures: [fixture('/rates/crown', { currency: 'crown', rate, inverse: 0.5, fee_percent: fee, valid_until: '2031-04-17' })],
      expected: { rate, fee_percent: fee, valid_until: '2031-04-17' },
    };
  },
  (draw) => {
    const [count, shelf] = [draw(1203, 8790), draw(14, 97)];
    return {
      question: `How is the stock of article 5512 at ${host}/warehouse/articles/5512? Keys: "name", "count", "shelf".`,
      fixtures: [
        fixture('/warehouse/articles/5512', {
          article: 5512,
          name: 'brass hinge',
          count,
          reserved: count - 800,
          shelf: `R-${shelf}`,
          weight_grams: 84,
        }),
      ],
      expected: { name: 'brass hinge', count, shelf: `R-${shelf}` },
    };
  },
  (draw) => {
    const [downloads, minor] = [draw(10_500, 98_700), draw(3, 28)];
    return {
      question: `What does the registry say of the package at ${host}/packages/tidewords? Keys: "version", "weekly_downloads", "license".`,
      fixtures: [
        fixture('/packages/tidewords', {
          name: 'tidewords',
          version: `4.${minor}.2`,
          previous: `4.${minor - 1}.9`,
          weekly_downloads: downloads,
          license: 'MPL-2.0',
        }),
      ],
      expected: { version: `4.${minor}.2`, weekly_downloads: downloads, license: 'MPL-2.0' },
    };
  },
  (draw) => {
    const [high, low] = [draw(312, 489), draw(21, 96)];
    return {
      question: `When is high tide by ${host}/tides/saltmouth, and how high? Keys: "high_tide", "high_cm", "low_cm".`,
      fixtures: [
        fixture('/tides/saltmouth', {
          port: 'Saltmouth',
          high_tide: '05:47',
          low_tide: '12:09',
          high_cm: high,
          low_cm: low,
          source: 'gauge 3',
        }),
      ],
      expected: { high_tide: '05:47', high_cm: high, low_cm: low },
    };
  },
  (draw) => {
    const [room, year] = [draw(4, 39), draw(1604, 1788)];
    return {
      question: `Where is the object at ${host}/museum/objects/H-221 shown? Keys: "name", "room", "year".`,
      fixtures: [
        fixture('/museum/objects/H-221', { id: 'H-221', name: 'Tin lantern', year, room, on_loan: false, donated_by: 'K. Novak' }),
      ],
      expected: { name: 'Tin lantern', room, year },
    };
  },
  (draw) => {
    const [cents, peak] = [draw(1201, 3899) / 100, draw(4001, 6999) / 100];
    return {
      question: `What does power cost by ${host}/energy/prices/today? Keys: "cents_per_kwh", "peak_cents_per_kwh", "peak_hour".`,
      fixtures: [
        fixture('/energy/prices/today', {
          region: 'north',
          cents_per_kwh: cents,
          peak_cents_per_kwh: peak,
          peak_hour: 18,
          night_cents_per_kwh: 9.4,
        }),
      ],
      expected: { cents_per_kwh: cents, peak_cents_per_kwh: peak, peak_hour: 18 },
    };
  },
  (draw) => {
    const [crew, tons] = [draw(13, 31), draw(2104, 9870)];
    return {
      question: `The list of ships is at ${host}/ships. Find the address of the Grey Gull there, fetch it, and answer with the keys "crew", "tons", "home_port".`,
      fixtures: [
        fixture('/ships', {
          ships: [
            { name: 'Amber', href: `${host}/ships/81` },
            { name: 'Grey Gull', href: `${host}/ships/47` },
          ],
        }),
        fixture('/ships/47', { name: 'Grey Gull', crew, tons, home_port: 'Greywater', built: 1998 }),
      ],
      expected: { crew, tons, home_port: 'Greywater' },
    };
  },
  (draw) => {
    const [total, items] = [draw(10_210, 98_750) / 100, draw(3, 17)];
    return {
      question: `The newest order of customer 318 is named at ${host}/customers/318. Fetch that order too, and answer with the keys "order_id", "total", "items".`,
      fixtures: [
        fixture('/customers/318', { id: 318, name: 'Vera Quist', newest_order: `${host}/orders/A-7703` }),
        fixture('/orders/A-7703', { order_id: 'A-7703', total, items, currency: 'EUR', paid: true }),
      ],
      expected: { order_id: 'A-7703', total, items },
    };
  },
];

/** Twelve fetches from recorded answers, one question that needs none, and one whose tool fails first. */
export function apiRetrievals(random: () => number): readonly TalkCase[] {
  const draw = (low: number, high: number): number => wholeBetween(low, high, random);
  const last = retrievals[5]?.(draw);
  return [
    ...retrievals.map((make, index) => retrieval(caseId(task, index + 1), make(draw))),
    irrelevance(),
    ...(last === undefined ? [] : [recovery(last)]),
  ];
}

/** The one of the short suite. */
export function apiRetrieval(): TalkCase {
  return retrieval('short-api-data-retrieval', {
    question: `Fetch the repository at ${host}/repos/harbour/tugboat and sum it up. Keys: "name", "stars", "open_issues", "language".`,
    fixtures: [
      fixture('/repos/harbour/tugboat', {
        name: 'tugboat',
        description: 'Throw-away services for tests',
        stars: 7391,
        forks: 612,
        open_issues: 143,
        language: 'Go',
      }),
    ],
    expected: { name: 'tugboat', stars: 7391, open_issues: 143, language: 'Go' },
  });
}

function fixture(path: string, body: JsonObject): FetchFixture {
  return { url: `${host}${path}`, status: 200, body };
}

function retrieval(id: string, { question, fixtures, expected }: Retrieval): TalkCase {
  const calls = fixtures.map(({ url, body }, index) =>
    called(index + 1, { name: 'http_get', arguments: { url }, result: JSON.stringify({ status: 200, body }) }),
  );
  return {
    row: {
      id,
      task,
      system,
      input: question,
      expected,
      grader: {
        type: 'all',
        of: [
          {
            type: 'tool-calls',
            calls: fixtures.map(({ url }) => ({ name: 'http_get', arguments: { url } })),
            order: 'given',
            extra: 'allow',
          },
          { type: 'last-json' },
        ],
      },
      tools: ['http_get'],
      fixtures,
      tags: ['seeded'],
    },
    right: { text: JSON.stringify(expected), calls, execution: null },
    wrong: { text: JSON.stringify(expected), calls: [], execution: null },
  };
}

function irrelevance(): TalkCase {
  return {
    row: {
      id: `${caseId(task, 13)}-not-needed`,
      task,
      system: 'Fetch an address where the answer lies there, and only there.',
      input: 'Which HTTP status code says that something was not found? Answer with one JSON object with the key "code", a number.',
      expected: { code: 404 },
      grader: { type: 'all', of: [{ type: 'tool-calls', calls: [] }, { type: 'last-json' }] },
      tools: ['http_get'],
      tags: ['irrelevance'],
    },
    right: said('{"code": 404}'),
    wrong: {
      text: '{"code": 404}',
      calls: [called(1, { name: 'http_get', arguments: { url: host }, result: '', error: 'not found' })],
      execution: null,
    },
  };
}

function recovery(last: Retrieval): TalkCase {
  const { row, right } = retrieval(`${caseId(task, 14)}-recovery`, last);
  const message = '503 Service Unavailable. Please try again.';
  const first = called(1, { name: 'http_get', arguments: right.calls[0]?.arguments ?? {}, result: '', error: message });
  return {
    row: { ...row, faults: [{ tool: 'http_get', message }], tags: ['seeded', 'recovery'] },
    right: { ...right, calls: [first, ...right.calls] },
    wrong: { ...right, calls: [first] },
  };
}
