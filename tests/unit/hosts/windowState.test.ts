import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWindowState, writeWindowState } from '#main/hosts/electron/windowState.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const state = { bounds: { x: 40, y: 50, width: 1300, height: 820 }, isMaximized: true };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rightsize-window-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('window state', () => {
  it('comes back as it was written', () => {
    writeWindowState(folder, state);
    expect(readWindowState(folder, [screen])).toEqual(state);
  });

  it('is forgotten when its screen is gone', () => {
    writeWindowState(folder, { ...state, bounds: { ...state.bounds, x: 2500 } });
    expect(readWindowState(folder, [screen])).toBeNull();
    expect(readWindowState(folder, [screen, { ...screen, x: 1920 }])).not.toBeNull();
  });

  it.each(['', '{}', 'null', '{"bounds":{"x":0,"y":0,"width":1,"height":1},"isMaximized":false}', '{"bounds":{"x":"0"}}'])(
    'is forgotten when the file holds %j',
    (text) => {
      writeFileSync(join(folder, 'window.json'), text);
      expect(readWindowState(folder, [screen])).toBeNull();
    },
  );

  it('is not worth an error when it cannot be written', () => {
    expect(() => writeWindowState(join(folder, 'missing'), state)).not.toThrow();
  });
});
