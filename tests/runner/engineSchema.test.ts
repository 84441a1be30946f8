import { describe, expect, test } from 'vitest';
import { toEngineSchema } from '#core/schema/engineSchema.ts';

/** Each definition stands for the next one twice: 2^40 of the last. */
const doubling = Object.fromEntries(
  Array.from({ length: 41 }, (_, at) => [
    `a${at}`,
    at === 40 ? { type: 'object' } : { allOf: [{ $ref: `#/$defs/a${at + 1}` }, { $ref: `#/$defs/a${at + 1}` }] },
  ]),
);

describe('a JSON Schema for the engine', () => {
  test('keeps what a grammar can do and leaves out what only a validator can', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string', pattern: '^x', maxLength: 5 }, b: { type: 'number', minimum: 1 } },
      required: ['a'],
    };
    expect(toEngineSchema(schema)).toEqual({
      type: 'object',
      properties: { a: { type: 'string', maxLength: 5 }, b: { type: 'number' } },
      additionalProperties: false,
    });
  });

  test('says anyOf as oneOf and several types as a choice', () => {
    expect(toEngineSchema({ anyOf: [{ type: 'string' }, { type: ['integer', 'null'] }] })).toEqual({
      oneOf: [{ type: 'string' }, { oneOf: [{ type: 'integer' }, { type: 'null' }] }],
    });
  });

  test('takes a missing type from properties or items', () => {
    expect(toEngineSchema({ properties: { a: { items: { const: 1 } } } })).toEqual({
      type: 'object',
      properties: { a: { type: 'array', items: { const: 1 } } },
      additionalProperties: false,
    });
  });

  test('leaves an object open of which nothing is said, and lets a schema without a word be anything', () => {
    expect(toEngineSchema({ type: 'object' })).toEqual({ type: 'object', additionalProperties: true });
    expect(toEngineSchema({})).toHaveProperty('oneOf');
  });

  test('carries definitions, also recursive ones and those of older drafts', () => {
    const schema = {
      $ref: '#/definitions/node',
      definitions: { node: { type: 'object', properties: { next: { $ref: '#/definitions/node' } } } },
    };
    expect(toEngineSchema(schema)).toEqual({
      $ref: '#/$defs/node',
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } }, additionalProperties: false } },
    });
  });

  test('puts together what all of allOf say, and takes a single one for what it is', () => {
    const schema = {
      allOf: [{ $ref: '#/$defs/named' }, { properties: { size: { type: 'number' } }, required: ['size'] }],
      properties: { size: { type: 'integer', minimum: 1 }, kind: { allOf: [{ $ref: '#/$defs/kind' }], description: 'Which.' } },
      $defs: { named: { type: 'object', properties: { name: { type: 'string' } } }, kind: { enum: ['a', 'b'] } },
    };
    expect(toEngineSchema(schema)).toMatchObject({
      type: 'object',
      properties: { name: { type: 'string' }, size: { type: 'integer' }, kind: { $ref: '#/$defs/kind' } },
    });
  });

  test('heeds a reference and an allOf that stand side by side within another', () => {
    const named = { type: 'object', properties: { name: { type: 'string' } } };
    const sized = { $ref: '#/$defs/named', allOf: [{ properties: { size: { type: 'number' } } }] };
    expect(toEngineSchema({ allOf: [sized, { description: 'Both.' }], $defs: { named } })).toMatchObject({
      properties: { name: { type: 'string' }, size: { type: 'number' } },
    });
  });

  test('puts together less of a schema the longer it is: the work would grow with both', () => {
    const required = (part: number): string[] => Array.from({ length: 500 }, (_, at) => `${part} ${at}`);
    expect(() => toEngineSchema({ allOf: Array.from({ length: 900 }, (_, part) => ({ required: required(part) })) })).toThrow(
      /the most for one of its length/,
    );
  });

  test('names thousands of places among thousands of definitions', { timeout: 5_000 }, () => {
    const count = 15_000;
    const entry = (at: number) => [`d${at}`, { type: 'object', properties: { x: { $ref: `#/$defs/d${(at + 1) % count}/properties` } } }];
    const $defs = Object.fromEntries(Array.from({ length: count }, (_, at) => entry(at)));
    expect(Object.keys(toEngineSchema({ $ref: '#/$defs/d0', $defs }).$defs as object)).toHaveLength(2 * count);
  });

  test('finds what a reference into it means, also where that refers to another place', () => {
    const list = { type: 'array', items: { $ref: '#/properties/a~1b' } };
    expect(toEngineSchema({ properties: { 'a/b': { type: 'string' }, c: list, d: { $ref: '#/properties/c' } } })).toEqual({
      type: 'object',
      properties: {
        'a/b': { type: 'string' },
        c: { type: 'array', items: { $ref: '#/$defs/place-1' } },
        d: { $ref: '#/$defs/place-2' },
      },
      additionalProperties: false,
      $defs: { 'place-1': { type: 'string' }, 'place-2': { type: 'array', items: { $ref: '#/$defs/place-1' } } },
    });
  });

  test('leaves out members that may not be there, and upper limits that no grammar can count', () => {
    const properties = { a: { type: 'string', maxLength: 5000 }, b: false, c: { not: {} } };
    expect(toEngineSchema({ properties })).toEqual({ type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false });
  });

  test('names the whole where something in it refers to it', () => {
    const node = { type: 'object', properties: { value: { type: 'string' }, next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } } };
    expect(toEngineSchema({ ...node, $defs: { whole: { type: 'null' } } })).toEqual({
      $ref: '#/$defs/whole-',
      $defs: {
        whole: { type: 'null' },
        'whole-': {
          type: 'object',
          properties: { value: { type: 'string' }, next: { oneOf: [{ $ref: '#/$defs/whole-' }, { type: 'null' }] } },
          additionalProperties: false,
        },
      },
    });
  });

  test.for([
    [{ type: 'colour' }, /no type named colour/],
    [{ type: [] }, /type must be a list/],
    [{ enum: 'red' }, /enum must be a list/],
    [{ enum: [{ a: 1 }] }, /may hold strings/],
    [{ oneOf: [] }, /oneOf must be a list/],
    [{ $ref: '#/$defs/nowhere' }, /leads nowhere/],
    [{ $ref: 'other.json' }, /leads nowhere/],
    [{ $ref: '#/properties/b', properties: { a: true } }, /leads nowhere/],
    [{ allOf: [] }, /allOf must be a list/],
    [{ allOf: [{ type: 'string' }, { type: 'null' }] }, /two things of type/],
    [{ $ref: '#/$defs/a', $defs: { a: { allOf: [{ $ref: '#/$defs/a' }, { type: 'string' }] } } }, /reference to itself/],
    [{ $ref: '#/$defs/a0', $defs: doubling }, /more than 1000 schemas/],
    [{ type: 'object', properties: { a: 5 } }, /no object/],
    [{ type: 'object', properties: ['a'] }, /properties is no object/],
    [{ type: 'string', minLength: 1e9 }, /minLength must be/],
    [{ type: 'array', maxItems: -1 }, /maxItems must be/],
    [{ type: 'array', minItems: 1001 }, /minItems must be .* to 1000/],
    [{ $ref: '#' }, /nothing but a reference to itself/],
    [{ anyOf: [{ type: 'null' }, { $ref: '#' }] }, /nothing but a reference to itself/],
    [{ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { anyOf: [{ $ref: '#/$defs/a' }] } } }, /reference to itself/],
    ['string', /no object/],
  ] as const)('is refused with the reason: %j', ([schema, reason]) => {
    expect(() => toEngineSchema(schema)).toThrow(reason);
  });
});
