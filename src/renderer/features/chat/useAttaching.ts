import { useRef, useState } from 'react';
import { attach, useChat } from '../../stores/chat.ts';
import { showError } from '../../ui/showError.ts';
import { showToast } from '../../ui/toast.ts';
import { drawAsPng } from './drawAsPng.ts';
import { readAttachments } from './readAttachments.ts';

/** Takes files to a message. Those that come while others are read wait for them, so that none replaces another. */
export function useAttaching(
  conversationId: string | null,
  model: { readonly seesImages: boolean; readonly modelName: string },
): { readonly isReading: boolean; readonly take: (files: Iterable<File> | null | undefined) => Promise<void> } {
  const [waiting, setWaiting] = useState(0);
  const turn = useRef(Promise.resolve());

  async function read(files: readonly File[]): Promise<void> {
    const already = (): ReturnType<typeof useChat.getState>['attached'][string] => useChat.getState().attached[conversationId ?? ''] ?? [];
    const { attachments, problems } = await readAttachments(files, { already: already(), ...model, draw: drawAsPng });
    if (attachments.length > 0) attach(conversationId, [...already(), ...attachments]);
    for (const problem of problems) showToast({ tone: 'warning', title: problem });
  }

  return {
    isReading: waiting > 0,
    take(chosen) {
      // A list of files empties itself when the event is over.
      const files = [...(chosen ?? [])];
      if (files.length === 0) return Promise.resolve();
      setWaiting((before) => before + 1);
      turn.current = turn.current
        .then(() => read(files))
        .catch((thrown: unknown) => showError('The files were not attached', thrown))
        .finally(() => setWaiting((before) => before - 1));
      return turn.current;
    },
  };
}
