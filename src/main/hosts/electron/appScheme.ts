import { protocol } from 'electron';
import { readPageFile } from '../pageFiles.ts';
import { pageHeaders } from '../pageHeaders.ts';
import { isOurPage, scheme } from './pageAddress.ts';

/** Must run once and before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

/** Answers `app://rightsize/...` from the built page's folder. */
export function serveAppScheme(pageFolder: string): void {
  protocol.handle(scheme, async (request) => {
    if (!isOurPage(request.url)) return refuse(403, 'There is no such host.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET and HEAD.');
    const file = await readPageFile(pageFolder, new URL(request.url).pathname);
    if (file === null) return refuse(404, 'There is no such file.');
    return new Response(request.method === 'HEAD' ? null : file.body, { headers: { ...pageHeaders, 'content-type': file.mediaType } });
  });
}

function refuse(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...pageHeaders, 'content-type': 'text/plain; charset=utf-8' } });
}
