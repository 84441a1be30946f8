import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Frame, FramePipe } from '#shared/rpc/frames.ts';

/** Opens a page of its own state whose pipe only notes what is asked for. */
async function openPage(): Promise<{ readonly asked: string[]; tellScreenIsShown(): void }> {
  vi.resetModules();
  const asked: string[] = [];
  const pipe: FramePipe = {
    send: (frame: Frame) => void (frame.kind === 'req' && asked.push(frame.route)),
    onFrame: () => () => undefined,
    onClose: () => () => undefined,
  };
  const { connectPage } = await import('../../../src/renderer/stores/rpc.ts');
  const { followSystem } = await import('../../../src/renderer/stores/system.ts');
  const { tellScreenIsShown } = await import('../../../src/renderer/stores/firstScreen.ts');
  followSystem();
  connectPage(async () => pipe);
  await vi.advanceTimersByTimeAsync(100);
  return { asked, tellScreenIsShown };
}

describe('a page that opens', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw, 16));
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('asks for the machine only after its first screen was drawn', async () => {
    const { asked, tellScreenIsShown } = await openPage();
    expect(asked).toEqual(['system.about']);
    tellScreenIsShown();
    expect(asked).toEqual(['system.about']);
    await vi.advanceTimersByTimeAsync(100);
    expect(asked).toEqual(['system.about', 'system.hardware']);
  });

  it('asks for the machine after a while where nothing is drawn', async () => {
    const { asked } = await openPage();
    await vi.advanceTimersByTimeAsync(5000);
    expect(asked).toEqual(['system.about', 'system.hardware']);
  });
});
