import type { Page } from 'playwright-core';

/**
 * Asks the served app for something over a pipe of its own from within the page, as the page itself would: for what a test only needs to
 * be so, and does not look at.
 * @throws {Error} with the code of the refusal
 */
export async function askPage(page: Page, route: string, input: Readonly<Record<string, unknown>>): Promise<unknown> {
  return await page.evaluate(
    ([asked, given]) =>
      new Promise<unknown>((resolve, reject) => {
        const socket = new WebSocket(new URL('/pipe', location.href.replace(/^http/, 'ws')));
        socket.addEventListener('open', () => socket.send(JSON.stringify({ kind: 'req', id: 1, route: asked, input: given })));
        socket.addEventListener('error', () => reject(new Error('The pipe did not open.')));
        socket.addEventListener('message', ({ data }) => {
          const frame = JSON.parse(String(data)) as { kind: string; data?: unknown; error?: { code: string; message: string } };
          if (frame.kind === 'end') resolve(frame.data);
          if (frame.kind === 'err') reject(new Error(`${frame.error?.code}: ${frame.error?.message}`));
          if (frame.kind === 'end' || frame.kind === 'err') socket.close();
        });
      }),
    [route, input] as const,
  );
}
