/** Whether a task names how deep into a text its items lie, such as `4,000 tokens`. */
export function isDepth(task: string): boolean {
  return /^[\d,]+ tokens$/.test(task);
}

/**
 * How deep into a text a model keeps to the bar: the last depth before the first that falls below it.
 * @param byTask tasks such as `4,000 tokens`, shallow first
 * @param bar share that must be passed
 * @returns such as `4,000 tokens`, `not even 500 tokens`; says where nothing deeper, or only one depth, was asked. Null where these are no depths
 */
export function deepestKept(
  byTask: readonly { readonly task: string; readonly interval: { readonly passRate: number } }[],
  bar: number,
): string | null {
  const [shallowest] = byTask;
  if (shallowest === undefined || byTask.some((one) => !isDepth(one.task))) return null;
  const broken = byTask.findIndex((one) => one.interval.passRate < bar);
  if (byTask.length === 1) return `${broken === 0 ? 'not ' : ''}${shallowest.task}, the only depth asked`;
  if (broken === 0) return `not even ${shallowest.task}`;
  return broken === -1 ? `${byTask.at(-1)?.task}, the deepest asked` : (byTask[broken - 1]?.task ?? null);
}
