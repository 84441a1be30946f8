import { expect, test } from 'vitest';
import {
  countWords,
  newsOf,
  progressWords,
  rateWords,
  retryWords,
  shareDone,
  stateWord,
} from '../../../src/renderer/shell/downloads/downloadWords.ts';
import { downloadJob } from '../../fixtures/page/downloadData.ts';

const at = { nowMs: 1_800_000_000_000, place: 1 };
const says = (changes: Parameters<typeof downloadJob>[1], place = 1): string => progressWords(downloadJob('a', changes), { ...at, place });

test('says what is there and how long it takes in whole seconds, and no time where none is known', () => {
  expect(says({ etaSeconds: 24.3 })).toBe('1.6 of 2.5 GB, 24 s left');
  expect(says({ etaSeconds: 0.2 })).toBe('1.6 of 2.5 GB, 1 s left');
  expect(says({ etaSeconds: 8 })).toBe('1.6 of 2.5 GB, 8 s left');
  expect(says({ etaSeconds: 11_100 })).toBe('1.6 of 2.5 GB, 3 h 5 min left');
  expect(says({ etaSeconds: null })).toBe('1.6 of 2.5 GB');
});

test.each([
  [1, '2.5 GB, next in line'],
  [2, '2.5 GB, 2nd in line'],
  [3, '2.5 GB, 3rd in line'],
  [11, '2.5 GB, 11th in line'],
  [22, '2.5 GB, 22nd in line'],
])('says that it is number %d of the queue', (place, words) => {
  expect(says({ state: 'queued', bytesDone: 0 }, place)).toBe(words);
});

test('says when it was ready, and that nothing is left of a cancelled one', () => {
  expect(says({ state: 'ready', bytesDone: 2.5e9, finishedAt: at.nowMs - 4 * 60_000 })).toBe('2.5 GB, 4 min ago');
  expect(says({ state: 'cancelled', bytesDone: 0 })).toBe('2.5 GB, nothing was kept');
});

test('has a rate only while it runs, and says that nothing arrives', () => {
  expect(rateWords(downloadJob('a', { bytesPerSecond: 38e6 }))).toBe('38 MB/s');
  expect(rateWords(downloadJob('a', { bytesPerSecond: 0 }))).toBe('0 MB/s');
  expect(rateWords(downloadJob('a', { bytesPerSecond: null }))).toBe('');
  expect(rateWords(downloadJob('a', { state: 'paused', bytesPerSecond: 38e6 }))).toBe('');
});

test('counts down to the next try', () => {
  const waiting = (inMs: number | null) => retryWords({ state: 'waiting', retryAt: inMs === null ? null : at.nowMs + inMs }, at.nowMs);
  expect(waiting(12_000)).toBe('Next try in 12 s');
  expect(waiting(90_000)).toBe('Next try in 1 min 30 s');
  expect(waiting(-500)).toBe('Trying again now');
  expect(waiting(null)).toBe('');
  expect(retryWords({ state: 'paused', retryAt: at.nowMs + 1000 }, at.nowMs)).toBe('');
});

test('never shows a full bar before the last byte is verified, nor divides by nothing', () => {
  expect(shareDone(downloadJob('a', { state: 'verifying', bytesDone: 2.5e9 }))).toBe(0.99);
  expect(shareDone(downloadJob('a', { state: 'ready', bytesDone: 2.5e9 }))).toBe(1);
  expect(shareDone(downloadJob('a', { bytesDone: 0, bytesTotal: 0 }))).toBe(0);
});

test('the tray names what runs before what failed, and what failed before what waits', () => {
  const totals = { active: 0, waiting: 0, paused: 0, failed: 0, finished: 0, bytesPerSecond: null };
  expect(countWords({ ...totals, active: 2, failed: 1 })).toBe('2 active');
  expect(countWords({ ...totals, failed: 1, waiting: 3 })).toBe('1 failed');
  expect(countWords({ ...totals, waiting: 3 })).toBe('3 waiting');
  expect(countWords({ ...totals, paused: 1 })).toBe('1 paused');
  expect(countWords({ ...totals, finished: 4 })).toBe('4 done');
  expect(countWords(totals)).toBe('');
});

test('tells a screen reader each quarter once, and every halt with its reason', () => {
  const job = (changes: Parameters<typeof downloadJob>[1]) => downloadJob('a', { bytesTotal: 100, ...changes });
  expect(newsOf(job({ bytesDone: 26 }), job({ bytesDone: 24 }))).toBe('Qwen3 4B Instruct Q4_K_M: 25% downloaded');
  expect(newsOf(job({ bytesDone: 27 }), job({ bytesDone: 26 }))).toBeNull();
  expect(newsOf(job({ bytesDone: 100 }), job({ bytesDone: 80 }))).toBeNull();
  const problem = { code: 'hub-unreachable', message: 'The hub cannot be reached.' };
  expect(newsOf(job({ state: 'waiting', bytesDone: 26, problem }), job({ bytesDone: 26 }))).toBe(
    'Qwen3 4B Instruct Q4_K_M: Waiting. The hub cannot be reached.',
  );
  expect(newsOf(job({ state: 'ready', bytesDone: 100 }), job({ state: 'verifying', bytesDone: 100 }))).toBeNull();
  expect(stateWord({ state: 'ready' })).toBe('Verified');
});
