import { createHash } from 'node:crypto';
import { dirname, sep } from 'node:path';

/**
 * A readable id out of a file name: `Starter-7M-Instruct-Q4_K_M` becomes `starter-7m-instruct-q4_k_m`.
 * @param taken whether another artifact has the id; then a short hash of the key is added, the same at every scan.
 */
export function artifactId(file: { readonly baseName: string; readonly key: string }, taken: (id: string) => boolean): string {
  const slug =
    file.baseName
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, '')
      .slice(0, 150) || 'model';
  if (!taken(slug)) return slug;
  const hash = createHash('sha256').update(file.key).digest('hex');
  for (let length = 6; length <= hash.length; length += 2) {
    const id = `${slug}-${hash.slice(0, length)}`;
    if (!taken(id)) return id;
  }
  throw new Error(`No free id for ${slug}`);
}

/**
 * Publisher and repo where the folders tell them: the hub's cache (`models--publisher--repo/snapshots/...`) and the
 * `publisher/repo-GGUF/file.gguf` layout of LM Studio and of `hf download --local-dir`. Null where they don't: a guess would be worse.
 */
export function provenanceOf(path: string): { readonly publisher: string | null; readonly repo: string | null } {
  const folders = dirname(path).split(sep);
  for (const folder of folders.toReversed()) {
    const cached = /^models--(?<publisher>[^-].*?)--(?<repo>.+)$/.exec(folder)?.groups;
    if (cached?.['publisher'] && cached['repo'])
      return { publisher: cached['publisher'], repo: `${cached['publisher']}/${cached['repo']}` };
  }
  const [publisher, repo] = folders.slice(-2);
  if (publisher && repo && /gguf$/i.test(repo)) return { publisher, repo: `${publisher}/${repo}` };
  return { publisher: null, repo: null };
}
