import { describe, expect, test } from 'vitest';
import { toEngineSchema } from '#core/schema/engineSchema.ts';

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
    [{ allOf: [{ type: 'string' }] }, /allOf cannot/],
    [{ type: 'object', properties: { a: 5 } }, /no object/],
    [{ type: 'object', properties: ['a'] }, /properties is no object/],
    [{ type: 'string', minLength: 1e9 }, /minLength must be/],
    [{ type: 'array', maxItems: -1 }, /maxItems must be/],
    [{ type: 'array', maxItems: 1001 }, /maxItems must be .* to 1000/],
    [{ $ref: '#' }, /nothing but a reference to itself/],
    [{ anyOf: [{ type: 'null' }, { $ref: '#' }] }, /nothing but a reference to itself/],
    [{ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { anyOf: [{ $ref: '#/$defs/a' }] } } }, /reference to itself/],
    ['string', /no object/],
  ] as const)('is refused with the reason: %j', ([schema, reason]) => {
    expect(() => toEngineSchema(schema)).toThrow(reason);
  });
});
