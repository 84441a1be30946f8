import { expect, test, vi } from 'vitest';
import { routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { serveRpc } from '#shared/rpc/serveRpc.ts';
import { createMemoryPipe } from '../../fixtures/page/memoryPipe.ts';

/** A page of its own, and an app whose files are as long as their names say. */
async function openPage() {
  vi.resetModules();
  const rpc = await import('../../../src/renderer/stores/rpc.ts');
  const { readAttachment } = await import('../../../src/renderer/stores/chatAttachments.ts');
  const [page, host] = createMemoryPipe();
  const asked: string[] = [];
  const read = ({ attachmentId }: { readonly attachmentId: string }) => {
    asked.push(attachmentId);
    return { data: 'x'.repeat(Number(attachmentId.split(' ')[0])) };
  };
  serveRpc(host, { routes, handlers: { 'chat.attachment': read } as unknown as Handlers<typeof routes> });
  rpc.connectPage(() => Promise.resolve(page));
  return { asked, read: (id: string) => readAttachment(id, 'chat') };
}

test('files that were read a while ago are read again, few of the large ones being kept', async () => {
  const { asked, read } = await openPage();
  const ids = ['20000000 a', '20000000 b', '20000000 c', '8 d'] as const;
  for (const id of ids) await read(id);
  for (const id of ids.toReversed()) await read(id);
  expect(asked).toEqual([...ids, '20000000 a']);
});

test('no more than the last forty small files are kept', async () => {
  const { asked, read } = await openPage();
  for (let at = 0; at <= 40; at += 1) await read(`8 ${at}`);
  await read('8 1');
  await read('8 0');
  expect(asked).toHaveLength(42);
});
