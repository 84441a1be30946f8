import { readFile, realpath } from 'node:fs/promises';
import { extname, isAbsolute, join, relative, resolve } from 'node:path';

export interface PageFile {
  readonly body: Buffer<ArrayBuffer>;
  readonly mediaType: string;
  /** Its name carries a hash of its content, so it never changes. */
  readonly isImmutable: boolean;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/**
 * Reads one file of the built page.
 * @param folder absolute path of the built page.
 * @param urlPath path of a URL, still percent-encoded; `/` is index.html.
 * @returns null when there is no such file, when its kind is not served, or when the path leaves the folder (also through a link).
 */
export async function readPageFile(folder: string, urlPath: string): Promise<PageFile | null> {
  const path = filePath(folder, urlPath);
  const mediaType = path === null ? undefined : mediaTypes[extname(path).toLowerCase()];
  if (path === null || mediaType === undefined) return null;
  try {
    const real = await realpath(path);
    if (!isInside(await realpath(folder), real)) return null;
    return { body: await readFile(real), mediaType, isImmutable: urlPath.startsWith('/assets/') };
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return null;
    throw error;
  }
}

function filePath(folder: string, urlPath: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null;
  const path = resolve(folder, `.${decoded === '/' ? '/index.html' : join('/', decoded)}`);
  return isInside(folder, path) ? path : null;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}
