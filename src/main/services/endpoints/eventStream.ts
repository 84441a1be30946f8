/** A stream that is none, or does not keep within bounds. */
export class BrokenStream extends Error {}

/** Far beyond any token, and any answer. */
const longestLine = 1_000_000;
const mostBytes = 64_000_000;

/**
 * Reads server-sent events as the HTML standard describes them (section 9.2.6) and gives the data of each. Comments and other fields are left
 * out; an event that the end cuts off after its data is given too, because some servers forget the last blank line.
 * @throws {BrokenStream} for a line or a stream without end
 */
export async function* readEventStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let rest = '';
  let bytes = 0;
  let data: string[] = [];
  let dataLength = 0;

  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > mostBytes) throw new BrokenStream('its answer does not end');
    const text = decoder.decode(piece, { stream: true });
    rest = rest === '' ? text : rest + text;
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new BrokenStream('it sends a line without end');
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield data.join('\n');
        data = [];
        dataLength = 0;
        continue;
      }
      const value = dataOf(line);
      if (value === null) continue;
      data.push(value);
      dataLength += value.length;
      if (dataLength > longestLine) throw new BrokenStream('it sends an event without end');
    }
  }
  const last = dataOf((rest + decoder.decode()).replace(/\r$/, ''));
  if (last !== null) data.push(last);
  if (data.length > 0) yield data.join('\n');
}

function dataOf(line: string): string | null {
  if (!line.startsWith('data')) return null;
  if (line.length === 4) return '';
  if (line[4] !== ':') return null;
  return line[5] === ' ' ? line.slice(6) : line.slice(5);
}
