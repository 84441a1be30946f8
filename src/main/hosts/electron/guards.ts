import { app, type Session, shell, type WebContents, type WebFrameMain } from 'electron';
import type { Log } from '#shared/log.ts';
import { isOurPage } from './pageAddress.ts';

/** What a page may ask of the browser, with the reason. Everything else is denied. */
const allowedPermissions: Readonly<Record<string, string>> = {
  'clipboard-sanitized-write': 'Copy buttons of answers, reports and commands.',
};

/** Hosts that a click may open in the user's own browser: the hub's, for licences and gates, and our own home. */
const externalHosts: ReadonlySet<string> = new Set(['huggingface.co', 'github.com']);

/** Whether a message came from our page itself: the top frame, at our address. */
export function isTrustedSender(frame: Pick<WebFrameMain, 'parent' | 'url'> | null): boolean {
  return frame !== null && frame.parent === null && isOurPage(frame.url);
}

/**
 * Whether an address may be handed to the operating system: https, a named host, no credentials, the usual port.
 * @param hubEndpoint the hub that the environment names in HF_ENDPOINT: its pages may be opened too. Never one that the page can set.
 */
export function mayOpenExternally(address: string, hubEndpoint: string | undefined = process.env['HF_ENDPOINT']): boolean {
  const host = plainHttpsHost(address);
  return host !== null && (externalHosts.has(host) || host === plainHttpsHost(hubEndpoint ?? ''));
}

function plainHttpsHost(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, username, password, port } = new URL(address);
  return protocol === 'https:' && hostname !== '' && username === '' && password === '' && port === '' ? hostname : null;
}

/** Opens an address in the user's browser, or logs that it was refused. */
export async function openExternal(address: string, log: Log): Promise<void> {
  if (mayOpenExternally(address)) await shell.openExternal(address);
  else log.warn('external.refused', { reason: 'not an allowed host' });
}

/** Denies navigation, new windows and webviews for every web contents that will ever exist. */
export function guardWebContents(log: Log): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-attach-webview', (event) => event.preventDefault());
    denyForeignPages(contents, log);
    contents.setWindowOpenHandler(({ url }) => {
      void openExternal(url, log);
      return { action: 'deny' };
    });
  });
}

function denyForeignPages(contents: WebContents, log: Log): void {
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame && isOurPage(event.url)) return;
    event.preventDefault();
    log.warn('navigation.denied', { isMainFrame: event.isMainFrame });
  });
  contents.on('will-navigate', (event) => {
    if (!isOurPage(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOurPage(event.url)) event.preventDefault();
  });
}

/** Denies what the table above does not name, for requests and for silent checks. */
export function guardPermissions(session: Session): void {
  const isAllowed = (permission: string, address: string): boolean => Object.hasOwn(allowedPermissions, permission) && isOurPage(address);
  session.setPermissionRequestHandler((_contents, permission, decide, details) => decide(isAllowed(permission, details.requestingUrl)));
  session.setPermissionCheckHandler((_contents, permission, origin) => isAllowed(permission, origin));
  session.setDevicePermissionHandler(() => false);
}
