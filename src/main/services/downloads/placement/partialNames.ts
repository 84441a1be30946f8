/** Longest name that file systems take, in bytes. */
const nameLimitBytes = 255;

/**
 * Names of a file that is being fetched and of the notes on it. The job's id is in both: two jobs, or two programs, never share one.
 * The ending is the one the hub's own tools use, so that everybody who cleans up knows what it is.
 * @param name file name, at most 255 bytes; cut where the whole would become too long for a file system
 */
export function partialNames(
  name: string,
  jobId: string,
): { readonly partial: string; readonly state: string; readonly nextState: string; readonly keptState: string } {
  const ending = `.${jobId}.incomplete`;
  const kept = cut(name, nameLimitBytes - Buffer.byteLength(`${ending}.json.next`));
  const state = `${kept}${ending}.json`;
  return { partial: `${kept}${ending}`, state, nextState: `${state}.next`, keptState: `${state}.kept` };
}

function cut(text: string, limitBytes: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > limitBytes) break;
    kept += character;
  }
  return kept;
}
