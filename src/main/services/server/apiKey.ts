import { randomBytes } from 'node:crypto';
import type { Secrets } from '../hostPorts.ts';
import { createSerialQueue } from '../serialQueue.ts';

/** The key of the local API: kept with the other secrets, made when it is first needed. */
export interface ApiKey {
  /** The kept one, or one for this process that is not kept. */
  read(): Promise<string>;
  /** What is known without asking: null before it was read, and where there is none yet. */
  known(): string | null;
  /** Reads it where there is one, and makes none. */
  lookUp(): Promise<void>;
  /** Another one from now on. */
  renew(): Promise<string>;
  /** For this process alone, until it is renewed. */
  use(key: string): void;
}

export function createApiKey(secrets: Pick<Secrets, 'get' | 'set'>): ApiKey {
  /** Two who need the first key at once get the same one. */
  const queued = createSerialQueue();
  let known: string | null = null;

  async function make(): Promise<string> {
    const made = `rs-${randomBytes(24).toString('base64url')}`;
    await secrets.set('api-key', made);
    known = made;
    return made;
  }
  async function lookUp(): Promise<void> {
    known ??= await secrets.get('api-key');
  }

  return {
    known: () => known,
    lookUp: () => queued(lookUp),
    renew: () => queued(make),
    read: () =>
      queued(async () => {
        await lookUp();
        return known ?? (await make());
      }),
    use(key) {
      known = key;
    },
  };
}

/** The first and last characters of a key, for a person to know it by; of a short one nothing that would help to guess it. */
export const keyHint = (key: string): string => (key.length < 16 ? '…' : `${key.slice(0, 5)}…${key.slice(-4)}`);
