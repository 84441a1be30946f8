import type { TransferProgress } from './transfer.ts';

export interface ProgressFeed {
  /** Looks at once, for a change that should not wait. */
  look(): void;
  dispose(): void;
}

/** Tells progress when it has changed, at most once in `everyMs`. */
export function createProgressFeed(options: {
  readonly everyMs: number;
  readonly read: () => TransferProgress;
  readonly tell: (progress: TransferProgress) => void;
}): ProgressFeed {
  let told = '';
  const look = (): void => {
    const progress = options.read();
    const text = JSON.stringify(progress);
    if (text === told) return;
    told = text;
    options.tell(progress);
  };
  const timer = setInterval(look, options.everyMs);
  return { look, dispose: () => clearInterval(timer) };
}
