const between = ' + ';

/** One name for the GPUs that a model was spread over. @returns null without any */
export function joinDevices(names: readonly string[]): string | null {
  return names.length === 0 ? null : names.join(between);
}

/** How many GPUs a joint name stands for. */
export function countDevices(name: string): number {
  return name.split(between).length;
}
