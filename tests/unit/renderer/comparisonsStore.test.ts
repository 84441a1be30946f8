import { expect, test, vi } from 'vitest';
import type { Comparison } from '#shared/contract/comparisons.ts';
import { routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { serveRpc } from '#shared/rpc/serveRpc.ts';
import { createMemoryPipe } from '../../fixtures/page/memoryPipe.ts';

const asked = {
  id: 'c1',
  prompt: 'What is on it?',
  attachments: [{ id: 'a1', kind: 'text', name: 'notes.txt', mediaType: 'text/plain', sizeBytes: 5 }],
} as unknown as Comparison;

/** A page of its own whose app reads an attached file when the test says so. */
async function openPage() {
  vi.resetModules();
  const rpc = await import('../../../src/renderer/stores/rpc.ts');
  const store = await import('../../../src/renderer/stores/comparisons.ts');
  const reading = Promise.withResolvers<{ data: string }>();
  const [page, host] = createMemoryPipe();
  const read = vi.fn(() => reading.promise);
  serveRpc(host, { routes, handlers: { 'comparisons.attachment': read } as unknown as Handlers<typeof routes> });
  rpc.connectPage(() => Promise.resolve(page));
  const typed = () => {
    const { typed: text, attached } = store.useComparisons.getState();
    return [text, ...attached.map(({ name }) => name)];
  };
  return { store, typed, read, handOver: () => reading.resolve({ data: 'aGVsbG8=' }) };
}

test('what was asked comes back with its files, and never without them', async () => {
  const { store, typed, read, handOver } = await openPage();
  const back = store.takeBackPrompt(asked);
  await vi.waitFor(() => expect(read).toHaveBeenCalled());
  expect(typed()).toEqual(['']);
  handOver();
  await back;
  expect(typed()).toEqual(['What is on it?', 'notes.txt']);
});

test('what was typed while the files of an earlier prompt are read is kept', async () => {
  const { store, typed, read, handOver } = await openPage();
  const back = store.takeBackPrompt(asked);
  await vi.waitFor(() => expect(read).toHaveBeenCalled());
  store.typePrompt('Something else');
  handOver();
  await back;
  expect(typed()).toEqual(['Something else']);
});
