import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { combineCrc } from '#main/services/downloads/transfer/combineCrc.ts';
import { createHeldBytes, type HeldPiece } from '#main/services/downloads/transfer/heldBytes.ts';

const content = Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 73 + (index >> 3)) & 255));
const piece = (start: number, end: number, isSuspect = false): HeldPiece => ({
  start,
  end,
  crc: crc32(content.subarray(start, end)),
  isSuspect,
});
const empty = () => createHeldBytes({ sizeBytes: 4000, blockBytes: 1000, pieces: [] });

test('two digests make that of both stretches', () => {
  for (const cut of [1, 2, 31, 32, 1000, 3999]) {
    const first = content.subarray(0, cut);
    const second = content.subarray(cut);
    expect(combineCrc(crc32(first), crc32(second), second.length)).toBe(crc32(content));
  }
  expect(combineCrc(5, 7, 0)).toBe(5 ^ 7);
});

test('pieces that arrive in any order end as one piece a block, with its digest', () => {
  const held = empty();
  const cuts = [0, 10, 400, 990, 1000, 1700, 2000, 2500, 3500, 4000];
  const parts = cuts.slice(1).map((end, index) => piece(cuts[index] ?? 0, end));
  for (const index of [4, 0, 8, 2, 6, 1, 5, 3, 7]) held.add(parts[index] as HeldPiece);
  // 2500 to 3500 crosses a block; the writer never makes such a piece.
  expect(held.pieces().slice(0, 2)).toEqual([piece(0, 1000), piece(1000, 2000)]);
  expect(held.isComplete()).toBe(true);
  expect(held.frontier()).toBe(4000);
});

test('the frontier is the end of what has no gap before it', () => {
  const held = empty();
  held.add(piece(500, 1000));
  expect(held.frontier()).toBe(0);
  held.add(piece(0, 500));
  expect(held.frontier()).toBe(1000);
  held.add(piece(2000, 3000));
  expect(held.frontier()).toBe(1000);
  held.add(piece(1000, 2000));
  expect(held.frontier()).toBe(3000);
});

test('what is given up is a gap again', () => {
  const held = createHeldBytes({
    sizeBytes: 4000,
    blockBytes: 1000,
    pieces: [0, 1000, 2000, 3000].map((start) => piece(start, start + 1000)),
  });
  expect(held.isComplete()).toBe(true);
  expect(held.drop({ start: 1500, end: 1501 })).toEqual([piece(1000, 2000)]);
  expect(held.frontier()).toBe(1000);
  expect(held.bytes()).toBe(3000);
  expect(held.firstGap(0, [])).toEqual({ start: 1000, end: 2000 });
});

test('gaps leave out what somebody fetches already', () => {
  const held = empty();
  held.add(piece(0, 300));
  expect(held.firstGap(0, [{ start: 300, end: 600 }])).toEqual({ start: 600, end: 4000 });
  expect(held.firstGap(0, [{ start: 500, end: 600 }])).toEqual({ start: 300, end: 500 });
  expect(held.firstGap(0, [{ start: 300, end: 4000 }])).toBeNull();
  expect(held.firstGap(700, [])).toEqual({ start: 700, end: 4000 });
});

test('a piece that became suspect stays so when it grows', () => {
  const held = empty();
  held.add(piece(0, 300));
  held.suspect(300);
  held.add(piece(300, 500));
  expect(held.pieces()).toEqual([piece(0, 500, true)]);
});
