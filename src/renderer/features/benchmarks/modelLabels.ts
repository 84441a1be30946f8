interface Named {
  readonly modelId: string;
  readonly name: string;
  readonly quant: string | null;
}

/** Name as shown where room is short; the quant is added only where the name alone is not unique. */
export function modelLabels(models: readonly Named[]): ReadonlyMap<string, string> {
  const seen = new Map<string, number>();
  for (const model of models) seen.set(model.name, (seen.get(model.name) ?? 0) + 1);
  return new Map(
    models.map((model) => [
      model.modelId,
      (seen.get(model.name) ?? 0) > 1 && model.quant !== null ? `${model.name} ${model.quant}` : model.name,
    ]),
  );
}

/** Labels for tight columns: words that every model's name shares say nothing there and are left out. */
export function shortLabels(models: readonly Named[]): ReadonlyMap<string, string> {
  const labels = modelLabels(models);
  const names = [...labels.values()].map((label) => label.split(/[\s-]+/));
  const shared = new Set((names[0] ?? []).filter((word) => models.length > 1 && names.every((own) => own.includes(word))));
  return new Map([...labels].map(([id, label]) => [id, without(label, shared) || label]));
}

/** Leaves words out together with what separated them from the next one. */
function without(label: string, words: ReadonlySet<string>): string {
  const parts = label.split(/([\s-]+)/);
  let kept = '';
  for (let index = 0; index < parts.length; index += 2) {
    const word = parts[index] ?? '';
    if (!words.has(word)) kept += `${kept === '' ? '' : (parts[index - 1] ?? '')}${word}`;
  }
  return kept;
}
