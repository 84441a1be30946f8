/** `example.org`, `*.example.org`, `localhost`, each with an optional port. */
const hostForm = /^(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\d{1,5})?$/;
const mostHosts = 100;

/**
 * Host names as somebody types or pastes them: one a line, addresses cut down to their host.
 * @returns the hosts in small letters, or a sentence about the first that is none
 */
export function readHosts(text: string): { readonly hosts: readonly string[] } | { readonly problem: string } {
  const hosts: string[] = [];
  for (const line of text.split(/[\s,]+/).filter(Boolean)) {
    const host = line
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/\/.*$/, '');
    if (!hostForm.test(host) || host.length > 253) return { problem: `“${line.slice(0, 60)}” is no host name. Write it as example.org.` };
    if (!hosts.includes(host)) hosts.push(host);
  }
  if (hosts.length > mostHosts) return { problem: `At most ${mostHosts} hosts.` };
  return { hosts };
}
