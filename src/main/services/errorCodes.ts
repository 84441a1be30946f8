/** @returns the codes of an error and of what caused it, as Node and undici give them; empty for a bug */
export function errorCodes(error: unknown): string[] {
  const codes: string[] = [];
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth++) {
    if ('code' in current && typeof current.code === 'string') codes.push(current.code);
    // What undici says of bytes that are no HTTP, and it mostly has no code for what is wrong with them.
    else if (current.name === 'HTTPParserError') codes.push('HPE_UNKNOWN');
    if (current instanceof AggregateError) codes.push(...current.errors.flatMap(errorCodes));
  }
  return codes;
}
