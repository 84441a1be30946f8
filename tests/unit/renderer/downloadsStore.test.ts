import { describe, expect, test } from 'vitest';
import type { DownloadJob, DownloadsChange } from '#shared/contract/downloads.ts';
import { type DownloadsState, downloadTotals, findDownload, withDownloadsChange } from '../../../src/renderer/stores/downloads.ts';
import { downloadJob } from '../../fixtures/page/downloadData.ts';

const empty: DownloadsState = { state: 'loading', jobs: {}, order: [], problem: null };

function withChanges(...changes: readonly DownloadsChange[]): DownloadsState {
  let state = empty;
  for (const change of changes) state = { ...state, ...withDownloadsChange(state, change) };
  return state;
}
const snapshot = (...jobs: readonly DownloadJob[]): DownloadsChange => ({ kind: 'snapshot', jobs: [...jobs] });

describe('the list of downloads', () => {
  test('shows the queue by position and what is over below it, newest first', () => {
    const state = withChanges(
      snapshot(
        downloadJob('old', { state: 'ready', position: 0, finishedAt: 1 }),
        downloadJob('second', { state: 'queued', position: 7 }),
        downloadJob('new', { state: 'ready', position: 1, finishedAt: 2 }),
        downloadJob('first', { state: 'paused', position: 3 }),
      ),
    );
    expect(state.order).toEqual(['first', 'second', 'new', 'old']);
    expect(state.state).toBe('ready');
  });

  test('keeps the order and the other jobs as they are when only bytes arrived', () => {
    const before = withChanges(snapshot(downloadJob('a', { position: 1 }), downloadJob('b', { position: 2 })));
    const state = { ...before, ...withDownloadsChange(before, { kind: 'job', job: downloadJob('a', { position: 1, bytesDone: 5 }) }) };
    expect(state.order).toBe(before.order);
    expect(state.jobs['b']).toBe(before.jobs['b']);
    expect(state.jobs['a']?.bytesDone).toBe(5);
  });

  test('follows a move, and forgets what was removed', () => {
    const moved = withChanges(snapshot(downloadJob('a', { position: 1 }), downloadJob('b', { position: 2 })), {
      kind: 'job',
      job: downloadJob('b', { position: 0.5 }),
    });
    expect(moved.order).toEqual(['b', 'a']);
    expect({ ...moved, ...withDownloadsChange(moved, { kind: 'removed', id: 'b' }) }.order).toEqual(['a']);
  });

  test('a snapshot after a lost connection replaces everything', () => {
    expect(withChanges(snapshot(downloadJob('a')), snapshot(downloadJob('b'))).order).toEqual(['b']);
  });
});

describe('totals', () => {
  test('add the rates of what runs, and have none where nothing runs', () => {
    const running = withChanges(
      snapshot(
        downloadJob('a', { state: 'running', bytesPerSecond: 30e6 }),
        downloadJob('b', { state: 'running', bytesPerSecond: 8e6 }),
        downloadJob('c', { state: 'waiting' }),
        downloadJob('d', { state: 'queued' }),
        downloadJob('e', { state: 'failed' }),
      ),
    );
    expect(downloadTotals(running)).toEqual({ active: 2, waiting: 2, paused: 0, failed: 1, finished: 0, bytesPerSecond: 38e6 });
    expect(downloadTotals(withChanges(snapshot(downloadJob('a', { state: 'paused', bytesPerSecond: null })))).bytesPerSecond).toBeNull();
  });
});

test('a quant is found by any of its files, the newest download of it first', () => {
  const { jobs } = withChanges(
    snapshot(
      downloadJob('old', { repo: 'a/b', addedAt: 1 }),
      downloadJob('new', { repo: 'a/b', addedAt: 2 }),
      downloadJob('other', { repo: 'c/d', addedAt: 3 }),
    ),
  );
  const file = jobs['old']?.files[0]?.file ?? '';
  expect(findDownload(jobs, { repo: 'a/b', file })?.id).toBe('new');
  expect(findDownload(jobs, { repo: 'a/b', file: 'another.gguf' })).toBeUndefined();
});
