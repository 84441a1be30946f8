import type { NameReading, NameTarget } from './nameReading.ts';

export function nameTarget(_reading: NameReading): NameTarget {
  throw new Error('to be built');
}
