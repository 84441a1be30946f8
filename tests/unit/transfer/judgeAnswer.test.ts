import { expect, test } from 'vitest';
import { type AnswerHeaders, judgeAnswer } from '#main/services/downloads/transfer/judgeAnswer.ts';

const good = { 'content-range': 'bytes 100-199/1000', 'content-length': '100', etag: '"a"' };
const judge = (status: number, headers: AnswerHeaders, more: Partial<Parameters<typeof judgeAnswer>[0]> = {}) =>
  judgeAnswer({ status, headers, range: { start: 100, end: 200 }, sizeBytes: 1000, isPage: false, entityTag: null, now: 0, ...more });

test('the range asked for is taken, with or without a length', () => {
  expect(judge(206, good)).toEqual({ kind: 'range', isSuspect: false });
  expect(judge(206, { 'content-range': good['content-range'] })).toEqual({ kind: 'range', isSuspect: false });
});

test.each<[string, AnswerHeaders]>([
  ['no place', { 'content-length': '100' }],
  ['a later start', { ...good, 'content-range': 'bytes 101-199/1000' }],
  ['another end', { ...good, 'content-range': 'bytes 100-198/1000' }],
  ['another total', { ...good, 'content-range': 'bytes 100-199/1001' }],
  ['an unknown total', { ...good, 'content-range': 'bytes 100-199/*' }],
  ['several parts', { 'content-type': 'multipart/byteranges; boundary=x' }],
  ['a longer body', { ...good, 'content-length': '101' }],
  ['a compressed body', { ...good, 'content-encoding': 'gzip' }],
])('a partial answer with %s is refused', (_, headers) => {
  expect(judge(206, headers).kind).toBe('odd');
});

test('a body that announces too little is taken with suspicion', () => {
  expect(judge(206, { ...good, 'content-length': '50' })).toEqual({ kind: 'range', isSuspect: true });
});

test('a whole answer is one only with the right size', () => {
  expect(judge(200, { 'content-length': '1000' }).kind).toBe('whole-file');
  expect(judge(200, {}).kind).toBe('whole-file');
  expect(judge(200, { 'content-length': '999' }).kind).toBe('odd');
});

test('a page is no model, unless the file is a page', () => {
  expect(judge(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': '1000' }).kind).toBe('not-the-hub');
  expect(judge(206, { ...good, 'content-type': 'text/html' }).kind).toBe('not-the-hub');
  expect(judge(206, { ...good, 'content-type': 'text/html' }, { isPage: true }).kind).toBe('range');
});

test('another tag than before is told', () => {
  expect(judge(206, good, { entityTag: '"a"' }).kind).toBe('range');
  expect(judge(206, good, { entityTag: '"b"' }).kind).toBe('other-tag');
});

test('a limit says how long, by Retry-After or by RateLimit', () => {
  expect(judge(429, { 'retry-after': '7' })).toEqual({ kind: 'limited', waitMs: 7_000 });
  expect(judge(429, { ratelimit: '"resolvers";r=0;t=12' })).toEqual({ kind: 'limited', waitMs: 13_000 });
});

test.each([
  [401, 'denied'],
  [403, 'denied'],
  [404, 'gone'],
  [410, 'gone'],
  [408, 'down'],
  [500, 'down'],
  [504, 'down'],
  [511, 'down'],
  [302, 'odd'],
  [416, 'odd'],
  [400, 'odd'],
])('status %i is %s', (status, kind) => {
  expect(judge(status, {}).kind).toBe(kind);
});
