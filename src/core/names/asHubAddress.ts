/**
 * Reads addresses of the hub in use, a mirror or a company's own, as those of the hub that everybody knows.
 * @param text as it was typed or pasted
 * @param endpoint origin, and path prefix, of the hub in use, without a slash at the end
 * @returns the same text where it is no address of that hub
 */
export function asHubAddress(text: string, endpoint: string): string {
  const typed = text.trim();
  const isThere = typed.slice(0, endpoint.length + 1).toLowerCase() === `${endpoint.toLowerCase()}/`;
  return isThere ? `https://huggingface.co${typed.slice(endpoint.length)}` : text;
}
