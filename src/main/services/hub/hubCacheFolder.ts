import { join, resolve } from 'node:path';

/**
 * The cache that the hub's own tools share: `HF_HUB_CACHE`, `HUGGINGFACE_HUB_CACHE`, `$HF_HOME/hub`, `$XDG_CACHE_HOME/huggingface/hub`,
 * `~/.cache/huggingface/hub`, the first that is set. The same rule on all systems (huggingface_hub constants.py, checked 2026-11-21).
 */
export function hubCacheFolder(machine: { readonly env: Readonly<Record<string, string | undefined>>; readonly home: string }): string {
  const { env, home } = machine;
  const named = env['HF_HUB_CACHE'] || env['HUGGINGFACE_HUB_CACHE'];
  if (named) return resolve(expand(named, home));
  if (env['HF_HOME']) return join(resolve(expand(env['HF_HOME'], home)), 'hub');
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'huggingface', 'hub');
}

const expand = (path: string, home: string): string => (path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path);
