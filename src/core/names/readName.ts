import type { NameReading } from './nameReading.ts';

export function readName(_input: string): NameReading {
  throw new Error('to be built');
}
