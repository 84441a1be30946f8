import { app } from 'electron';

/** One scheme and host for every page of ours. */
export const scheme = 'app';
export const packagedPage = `${scheme}://rightsize/index.html`;

/** The page to load: the built one, or the developer's live server, which a packaged app never looks at. */
export function pageAddress(): string {
  const live = process.env.ELECTRON_RENDERER_URL;
  return !app.isPackaged && live !== undefined && live !== '' ? live : packagedPage;
}

/** Whether an address is a page of ours: compared by parts, because custom schemes have no origin in the URL standard. */
export function isOurPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const [offered, own] = [new URL(address), new URL(pageAddress())];
  return offered.protocol === own.protocol && offered.host === own.host && offered.username === '' && offered.password === '';
}
