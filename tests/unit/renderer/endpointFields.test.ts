import { describe, expect, it } from 'vitest';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import { addressProblem, draftOf, fieldsOf, withModel } from '../../../src/renderer/endpoints/endpointFields.ts';

const kept: Endpoint = {
  id: 'lab',
  name: 'Lab',
  baseUrl: 'http://127.0.0.1:8000/v1',
  models: ['a', 'b'],
  hasKey: true,
  concurrency: 2,
  requestsPerMinute: 30,
  stallSeconds: 60,
};

describe('the form of an endpoint', () => {
  it('gives back what it was opened with, and leaves a kept key alone', () => {
    const { hasKey: _hasKey, ...same } = kept;
    expect(draftOf(fieldsOf(kept), kept)).toEqual(same);
  });

  it('sends a key that was typed, or forgets the kept one when told to', () => {
    expect(draftOf({ ...fieldsOf(kept), key: ' sk-1 ' }, kept)).toMatchObject({ key: 'sk-1' });
    expect(draftOf({ ...fieldsOf(kept), forgetsKey: true }, kept)).toMatchObject({ key: null });
  });

  it('names an endpoint without a name by its host, and each model once', () => {
    const draft = draftOf({ ...fieldsOf(null), address: ' https://api.example:8443/v1 ', models: ' a \n\nb\na' }, null);
    expect(draft).toMatchObject({ id: null, name: 'api.example:8443', baseUrl: 'https://api.example:8443/v1', models: ['a', 'b'] });
  });

  it('adds and takes out models of the list', () => {
    expect(withModel('a\nb', 'c', true)).toBe('a\nb\nc');
    expect(withModel('a\n b ', 'b', false)).toBe('a');
    expect(withModel('a', 'a', true)).toBe('a');
  });

  it.each(['', 'api.example', 'ftp://api.example', 'https://me:pw@api.example', 'https://api.example/v1?key=1'])(
    'says what is wrong with %s',
    (text) => {
      expect(addressProblem(text)).not.toBeNull();
    },
  );
});
