import { useRef, useState } from 'react';
import type { NewAttachment } from '#shared/contract/chat.ts';
import { showError } from '../../ui/showError.ts';
import { showToast } from '../../ui/toast.ts';
import { drawAsPng } from './drawAsPng.ts';
import { readAttachments } from './readAttachments.ts';

interface Attaching {
  /** What is attached at the moment it is asked. */
  readonly already: () => readonly NewAttachment[];
  readonly attach: (attachments: readonly NewAttachment[]) => void;
  readonly seesImages: boolean;
  readonly modelName: string;
}

/** Takes files to what is asked next. Those that come while others are read wait for them, so that none replaces another. */
export function useAttaching({ already, attach, ...model }: Attaching): {
  readonly isReading: boolean;
  readonly take: (files: Iterable<File> | null | undefined) => Promise<void>;
} {
  const [waiting, setWaiting] = useState(0);
  const turn = useRef(Promise.resolve());

  async function read(files: readonly File[]): Promise<void> {
    const { attachments, problems } = await readAttachments(files, { already: already(), ...model, draw: drawAsPng });
    if (attachments.length > 0) attach([...already(), ...attachments]);
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
