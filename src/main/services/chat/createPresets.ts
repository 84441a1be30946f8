import { randomUUID } from 'node:crypto';
import type { Database } from '#main/storage/database.ts';
import { presetTable } from '#main/storage/presetTable.ts';
import { type ChatPreset, chatErrors, defaultSampling } from '#shared/contract/chat.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { ChatService } from './chatService.ts';
import { requireSchema } from './createAnswering.ts';

const mostPresets = 200;

const shipped = (id: string, preset: Pick<ChatPreset, 'name' | 'sampling'> & Partial<ChatPreset>): ChatPreset => ({
  id,
  isShipped: true,
  systemPrompt: null,
  shape: null,
  ...preset,
});

/** Ways to answer that come with the app. */
export const shippedPresets: readonly ChatPreset[] = [
  shipped('precise', { name: 'Precise', sampling: { ...defaultSampling, temperature: 0.2, topP: 0.9, topK: 20, minP: 0.1 } }),
  shipped('balanced', { name: 'Balanced', sampling: defaultSampling }),
  shipped('creative', { name: 'Creative', sampling: { ...defaultSampling, temperature: 1.1, topP: 0.95, topK: null, minP: 0.05 } }),
  shipped('code', { name: 'Code', sampling: { ...defaultSampling, temperature: 0.1, topP: 0.95, topK: 40, minP: 0.05, maxTokens: 8192 } }),
];

/** Named ways to answer: those that ship, and the user's own in the database. */
export function createPresets({
  database,
  now,
}: {
  readonly database: Database;
  readonly now: () => number;
}): Pick<ChatService, 'presets' | 'savePreset' | 'removePreset'> {
  const table = presetTable(database);

  function requireOwn(id: string): void {
    if (shippedPresets.some((preset) => preset.id === id)) {
      throw new RpcError(pipeErrors.badInput, 'This preset ships with Rightsize and stays as it is.', {
        hint: 'Save your changes as a new one.',
      });
    }
    if (!table.list().some((preset) => preset.id === id)) {
      throw new RpcError(chatErrors.presetNotFound, 'This preset is not there.', { hint: 'It may have been removed: choose another.' });
    }
  }

  return {
    presets: () => [...shippedPresets, ...table.list()],
    savePreset(draft) {
      if (draft.id !== null) requireOwn(draft.id);
      if (draft.shape !== null) requireSchema({ shape: draft.shape });
      if (draft.id === null && table.list().length >= mostPresets) {
        throw new RpcError(pipeErrors.badInput, `There are ${mostPresets} presets already.`, { hint: 'Remove one that you do not use.' });
      }
      const preset = { ...draft, id: draft.id ?? randomUUID(), isShipped: false };
      table.save(preset, now());
      return preset;
    },
    removePreset(id) {
      requireOwn(id);
      table.remove(id);
    },
  };
}
