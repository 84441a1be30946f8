/** Which setting an address is for: they take different ones. */
export type AddressKind = 'hubMirror' | 'proxyUrl';

type ReadAddress = { readonly ok: true; readonly address: string } | { readonly ok: false; readonly problem: string };

/** @returns the address as it is stored, or what is wrong with it in a sentence. A host alone is taken as https (mirror) or http (proxy). */
export function readAddress(text: string, kind: AddressKind): ReadAddress {
  const typed = text.trim();
  if (typed === '') return wrong('Type an address first.');
  const scheme = /^([a-z][\w+.-]*):\/\//i.exec(typed)?.[1]?.toLowerCase();
  if (scheme?.startsWith('socks')) return wrong('SOCKS proxies are not supported. Use an http or https proxy.');
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return wrong('The address must begin with http:// or https://.');
  const url = URL.parse(scheme === undefined ? `${kind === 'hubMirror' ? 'https' : 'http'}://${typed}` : typed);
  if (url === null || url.hostname === '' || /\s/.test(typed))
    return wrong('This is not an address. It should look like https://name.example.');
  if (url.search !== '' || url.hash !== '') return wrong('Leave out what comes after ? and #.');
  if (kind === 'hubMirror' && url.username !== '') return wrong('Leave out the user name and password: a mirror gets none.');
  if (kind === 'proxyUrl' && url.pathname !== '/') return wrong('A proxy is a host and a port, without a path.');
  return { ok: true, address: url.href.replace(/\/+$/, '') };
}

const wrong = (problem: string): ReadAddress => ({ ok: false, problem });
