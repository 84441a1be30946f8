import { safeRepoPath } from '../catalog/safeRepoPath.ts';
import type { NameForm } from './nameReading.ts';

/** A name taken apart by how it was written; what its words mean is not looked at yet. */
export interface NameParts {
  readonly form: NameForm;
  readonly publisher: string | null;
  /** `publisher/name`. */
  readonly repo: string | null;
  /** The name of the model or repo, publisher left out: `Qwen3-4B-GGUF`, `llama3.2`. */
  readonly name: string | null;
  /** Path within the repo, or the bare file name. */
  readonly file: string | null;
  /** What stands behind a colon, or a quant's folder: `Q4_K_M`, `3b-instruct-q4_0`. */
  readonly tag: string | null;
  readonly revision: string | null;
}

/** The hub's own hosts and the mirrors that people paste addresses of. */
const hubHosts: ReadonlySet<string> = new Set(['huggingface.co', 'www.huggingface.co', 'hf.co', 'www.hf.co', 'hf-mirror.com', 'hf.mirror']);
const ollamaHosts: ReadonlySet<string> = new Set(['ollama.com', 'www.ollama.com', 'registry.ollama.ai', 'ollama.ai']);
const dockerHosts: ReadonlySet<string> = new Set(['hub.docker.com', 'docker.io', 'index.docker.io', 'registry-1.docker.io']);
/** Addresses without a host. */
const hostOfScheme: ReadonlyMap<string, string> = new Map([
  ['hf', 'hf.co'],
  ['docker', 'docker.io'],
  ['ollama', 'ollama.com'],
]);
/** Docker Hub's own models. */
export const dockerNamespace = 'ai';
/** First parts of a hub path that hold no models. */
const otherHubPaths: ReadonlySet<string> = new Set([
  'datasets',
  'spaces',
  'collections',
  'docs',
  'blog',
  'papers',
  'posts',
  'settings',
  'organizations',
]);
/** What stands between a repo and a revision in a hub address. */
const hubVerbs: ReadonlySet<string> = new Set(['resolve', 'blob', 'raw', 'tree', 'commit', 'commits', 'edit']);
/** Programs in front of a name in a pasted command. */
const programs: ReadonlySet<string> = new Set([
  'ollama',
  'docker',
  'llama-cli',
  'llama-server',
  'llama',
  'hf',
  'huggingface-cli',
  'lms',
  'rightsize',
]);
const repoPartLimit = 96;

/**
 * Takes a name apart by its form.
 * @param input anything a user may type or paste
 * @returns the parts; form `text` with no parts for what names nothing in a known way
 */
export function takeApart(input: string): NameParts {
  const text = withoutCommand(input.trim());
  const address = splitAddress(text);
  if (address) return ofAddress(address) ?? nothing;
  if (isLocalPath(text)) return ofFile(text.split(/[/\\]/).at(-1) ?? '', null);
  const parts = text.split('/');
  return parts.length === 1 ? ofOneWord(text) : ofPath(parts, 'repo');
}

const nothing: NameParts = { form: 'text', publisher: null, repo: null, name: null, file: null, tag: null, revision: null };

/** `ollama run hf.co/a/b:Q4_K_M` and the like: the last word that could be a name. */
function withoutCommand(text: string): string {
  if (!text.includes(' ')) return text;
  const words = text.split(' ').filter((word) => word !== '');
  if (!programs.has(words[0] ?? '')) return text;
  return words.slice(1).findLast((word) => !word.startsWith('-') && /[/:]/.test(word)) ?? text;
}

interface Address {
  readonly host: string;
  readonly path: readonly string[];
  readonly query: string;
}

/** `https://host/path?query`, `hf://path`, and `host/path` for the hosts that are known. */
function splitAddress(text: string): Address | null {
  const scheme = /^(https?|hf|docker|ollama):\/\//i.exec(text)?.[1]?.toLowerCase();
  const bare = scheme ? text.slice(scheme.length + 3) : text;
  const ownHost = scheme === undefined ? undefined : hostOfScheme.get(scheme);
  const slash = bare.indexOf('/');
  if (!scheme && (slash < 0 || !isKnownHost(bare.slice(0, slash).toLowerCase()))) return null;
  const [beforeFragment = ''] = bare.split('#', 1);
  const mark = beforeFragment.indexOf('?');
  const query = mark < 0 ? '' : beforeFragment.slice(mark + 1);
  const pieces = (mark < 0 ? beforeFragment : beforeFragment.slice(0, mark)).split('/').map(decoded);
  if (ownHost !== undefined) return { host: ownHost, path: pieces.filter(isPresent), query };
  return { host: (pieces[0] ?? '').toLowerCase(), path: pieces.slice(1).filter(isPresent), query };
}

function isKnownHost(host: string): boolean {
  return hubHosts.has(host) || ollamaHosts.has(host) || dockerHosts.has(host);
}

const isPresent = (part: string): boolean => part !== '';

function decoded(part: string): string {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function ofAddress({ host, path, query }: Address): NameParts | null {
  if (ollamaHosts.has(host)) {
    const name = path.at(-1) === 'tags' ? path.at(-2) : path.at(-1);
    return name === undefined ? null : ofOllama(name, 'url');
  }
  if (dockerHosts.has(host)) {
    const at = path.indexOf(dockerNamespace);
    return at < 0 || path[at + 1] === undefined ? null : ofDocker(path[at + 1] ?? '', 'url');
  }
  const parts = path[0] === 'api' && path[1] === 'models' ? path.slice(2) : path[0] === 'models' ? path.slice(1) : path;
  if (otherHubPaths.has(parts[0] ?? '')) return null;
  const isHub = hubHosts.has(host) || hubVerbs.has(parts[2] ?? '');
  if (!isHub) {
    const last = parts.at(-1) ?? '';
    return isModelFile(last) ? { ...ofFile(last, null), form: 'url' } : null;
  }
  if (parts.length === 1) return isRepoPart(parts[0] ?? '') ? { ...nothing, form: 'url', publisher: parts[0] ?? null } : null;
  const shown = /(?:^|&)show_file_info=([^&]*)/.exec(query)?.[1];
  return ofPath(shown && parts.length === 2 ? [...parts, ...decoded(shown).split('/')] : parts, 'url');
}

/** `publisher/repo`, with a quant, a revision or a file behind it. */
function ofPath(parts: readonly string[], form: 'repo' | 'url'): NameParts {
  const [publisher = '', second = '', ...rest] = joinPullRequest(parts.at(-1) === '' ? parts.slice(0, -1) : parts);
  if (form === 'repo' && rest.length === 0) {
    if (publisher === dockerNamespace) return ofDocker(second, 'docker');
    if (publisher === 'library') return ofOllama(second, 'ollama');
    // A repo may be called `x.GGUF`; `x.gguf` behind one folder is a file of which nobody said the repo.
    if (second.endsWith('.gguf')) return ofFile(second, isRepoPart(publisher) ? publisher : null);
  }
  const colon = second.indexOf(':');
  const [name = '', atRevision] = (colon < 0 ? second : second.slice(0, colon)).split('@', 2);
  if (!isRepoPart(publisher) || !isRepoPart(name)) return nothing;
  const repo = { ...nothing, form, publisher, repo: `${publisher}/${name}`, name, revision: atRevision || null } as const;
  const tag = colon < 0 ? '' : second.slice(colon + 1);
  if (tag !== '' && rest.length === 0) return { ...repo, form: form === 'url' ? 'url' : 'repo-quant', tag };
  if (rest.length === 0) return repo;
  const isVerb = hubVerbs.has(rest[0] ?? '');
  const revision = isVerb ? (rest[1] ?? null) : repo.revision;
  const path = (isVerb ? rest.slice(2) : rest).join('/');
  if (path === '') return { ...repo, revision };
  if (safeRepoPath(path) === null) return nothing;
  if (isModelFile(path) || /\.[a-z]\w{1,11}$/i.test(path))
    return { ...repo, form: form === 'url' ? 'url' : 'repo-file', file: path, revision };
  return { ...repo, form: form === 'url' ? 'url' : 'repo-quant', tag: path, revision };
}

/** `publisher/repo@refs/pr/3`: the one kind of revision that has slashes. */
function joinPullRequest(parts: readonly string[]): readonly string[] {
  const [publisher = '', name = '', ...rest] = parts;
  return name.endsWith('@refs') ? [publisher, [name, ...rest].join('/')] : parts;
}

function ofDocker(text: string, form: 'docker' | 'url'): NameParts {
  const [name = '', tag = ''] = text.split(':', 2);
  if (!isRepoPart(name)) return nothing;
  return { ...nothing, form, publisher: dockerNamespace, name, tag: tag === '' || tag === 'latest' ? null : tag };
}

function ofOllama(text: string, form: 'ollama' | 'url'): NameParts {
  const [name = '', tag = ''] = text.split(':', 2);
  if (!isRepoPart(name)) return nothing;
  return { ...nothing, form, name, tag: tag === '' || tag === 'latest' ? null : tag };
}

function ofOneWord(text: string): NameParts {
  if (isModelFile(text)) return ofFile(text, null);
  if (/^[^\s:]+:[^\s:]+$/.test(text)) return ofOllama(text, 'ollama');
  return { ...nothing, name: text };
}

function ofFile(file: string, publisher: string | null): NameParts {
  return isModelFile(file) && safeRepoPath(file) !== null ? { ...nothing, form: 'file', publisher, file } : nothing;
}

function isLocalPath(text: string): boolean {
  return /^([/\\~]|\.{1,2}[/\\]|[a-z]:[/\\])/i.test(text) || (text.includes('\\') && isModelFile(text));
}

/** The format that a file's ending says; null for what is no model file. */
export function fileFormatOf(path: string): 'gguf' | 'safetensors' | null {
  const ending = /\.(gguf|safetensors)$/i.exec(path)?.[1]?.toLowerCase();
  return ending === 'gguf' || ending === 'safetensors' ? ending : null;
}

function isModelFile(path: string): boolean {
  return fileFormatOf(path) !== null || isMatrixFile(path.slice(path.lastIndexOf('/') + 1).toLowerCase());
}

/** `imatrix_unsloth.dat`, `Qwen3-4B.imatrix`: importance matrices as they were written before they were GGUF. */
function isMatrixFile(name: string): boolean {
  return (name.endsWith('.imatrix') && name.length > '.imatrix'.length) || (name.endsWith('.dat') && name.includes('imatrix'));
}

/** The hub's own rule for publishers and repo names. */
function isRepoPart(part: string): boolean {
  return part.length <= repoPartLimit && /^[a-z0-9_]([\w.-]*[\w-])?$/i.test(part) && !part.includes('..') && !part.includes('--');
}
