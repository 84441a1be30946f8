import { expect, test } from 'vitest';
import { transferProblems } from '#main/services/downloads/transfer/transferProblems.ts';
import { createWaitingRoom } from '#main/services/downloads/transfer/waitingRoom.ts';

test('a limit holds until its time, and not for longer where the clock is set back', async () => {
  let now = 10_000_000;
  const over = new AbortController();
  const room = createWaitingRoom({ signal: over.signal, now: () => now });
  room.close(now + 60_000, transferProblems.rateLimited());
  const opened = room.open();
  expect(room.current()?.retryAt).toBe(10_060_000);
  over.abort(new Error('enough'));
  await expect(opened).rejects.toThrow();

  now -= 3_600_000;
  await room.open();
  expect(room.current()).toBeNull();
});
