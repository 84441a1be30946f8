import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rectangle } from 'electron';
import * as z from 'zod';

const WindowState = z.object({
  bounds: z.object({ x: z.number().int(), y: z.number().int(), width: z.number().int().min(200), height: z.number().int().min(150) }),
  isMaximized: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;

/** Enough of the title bar must be on a screen that it can be grabbed. */
const graspablePixels = 80;

/** Where the window was, or null when that is unknown, broken or on a screen that is gone. */
export function readWindowState(dataFolder: string, workAreas: readonly Rectangle[]): WindowState | null {
  try {
    const state = WindowState.parse(JSON.parse(readFileSync(stateFile(dataFolder), 'utf8')));
    return workAreas.some((area) => isGraspable(state.bounds, area)) ? state : null;
  } catch {
    return null;
  }
}

/** Remembers where the window is. Failing to is not worth a word. */
export function writeWindowState(dataFolder: string, state: WindowState): void {
  try {
    writeFileSync(stateFile(dataFolder), `${JSON.stringify(state)}\n`);
  } catch {
    // A full disk must not keep the window from closing.
  }
}

function stateFile(dataFolder: string): string {
  return join(dataFolder, 'window.json');
}

function isGraspable(bounds: Rectangle, area: Rectangle): boolean {
  const overlap = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  return overlap >= graspablePixels && bounds.y >= area.y && bounds.y <= area.y + area.height - graspablePixels;
}
