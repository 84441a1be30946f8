import { expect, it } from 'vitest';
import type { DatasetItem } from '#shared/contract/datasets.ts';
import { draftOf, itemOfDraft } from '../../../src/renderer/testItems/itemDraft.ts';

const item: DatasetItem = { id: 'request-1', task: 'api', system: null, input: 'Which?', expected: 'This one.', tags: ['api'] };

it('keeps what nobody edits, and checks a text as was chosen', () => {
  expect(itemOfDraft(item, { ...draftOf(item), expected: 'one', check: 'numeric' })).toEqual({
    ok: true,
    item: { ...item, expected: 'one', grader: { type: 'numeric' } },
  });
});

it('compares values where the answer is held to a schema, whoever writes them', () => {
  const held: DatasetItem = { ...item, expected: { label: 'hot' }, schema: { type: 'object' } };
  expect(JSON.parse(draftOf(held).expected)).toEqual({ label: 'hot' });
  expect(itemOfDraft(held, { ...draftOf(held), expected: '{"label":"cold"}' })).toEqual({
    ok: true,
    item: { ...held, expected: { label: 'cold' } },
  });
  expect(itemOfDraft(held, { ...draftOf(held), expected: 'cold' })).toMatchObject({ ok: false, message: expect.stringContaining('JSON') });
});

it('takes no item without an answer to check, and no system prompt of spaces', () => {
  expect(itemOfDraft(item, { ...draftOf(item), expected: '  ' }).ok).toBe(false);
  expect(itemOfDraft(item, { ...draftOf(item), system: ' ' })).toMatchObject({ ok: true, item: { system: null } });
});
