const repoUrl = /^https:\/\/huggingface\.co\/([\w.-]{1,96}\/[\w.-]{1,96})\/?$/;

/**
 * The repo of the weights that a GGUF was quantised from, as its header says it.
 *
 * A base model may be just that: the header of a tune names what was tuned. It is taken only where it has the model's own name.
 * @param header text of a key of the header; null where it has none
 * @param names what the model and its repo are called
 * @returns `Qwen/Qwen3-8B`, or null where the header does not say
 * Source of the keys: gguf, docs/gguf.md, General metadata.
 */
export function originalRepo(header: (key: string) => string | null, names: readonly (string | null)[]): string | null {
  const source = repoIn(header('general.source.repo_url')) ?? repoIn(header('general.source.url'));
  if (source !== null) return source;
  const base = repoIn(header('general.base_model.0.repo_url'));
  const known = names.map((name) => (name === null ? null : plainName(name)));
  return base !== null && known.includes(plainName(base)) ? base : null;
}

function repoIn(url: string | null): string | null {
  return (url === null ? null : repoUrl.exec(url)?.[1]) ?? null;
}

function plainName(name: string): string {
  const last = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  return last.replace(/[-_. ]?gguf$/, '').replace(/[^a-z0-9]/g, '');
}
