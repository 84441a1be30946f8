import type { JsonValue } from '#core/bench/labelledItem.ts';
import type { FetchFixture } from '#core/tools/tool.ts';

/** What a tool told the model: `error` says why it failed. */
export interface ToolAnswer {
  readonly result: string;
  readonly error: string | null;
}

/**
 * Answers `http_get` from recorded answers alone; nothing ever goes on the network. The address must be the recorded one, letter by letter.
 * @param callArguments as the model gave them: `url`, and `method` where it names one
 */
export function answerFromFixtures(callArguments: { readonly [key: string]: JsonValue }, fixtures: readonly FetchFixture[]): ToolAnswer {
  const url = Object.hasOwn(callArguments, 'url') ? callArguments.url : undefined;
  if (typeof url !== 'string') return failed('http_get needs "url", a text.');
  const method = Object.hasOwn(callArguments, 'method') ? callArguments.method : undefined;
  if (method !== undefined && (typeof method !== 'string' || method.toUpperCase() !== 'GET'))
    return failed('405 Method not allowed: only GET is.');
  const fixture = fixtures.find((known) => known.url === url);
  if (fixture === undefined) return failed('404 Not found');
  const body = typeof fixture.body === 'string' ? fixture.body : JSON.stringify(fixture.body);
  const isGood = fixture.status >= 200 && fixture.status < 300;
  return isGood ? { result: body, error: null } : failed(`${fixture.status}${body === '' ? '' : ` ${body}`}`);
}

const failed = (error: string): ToolAnswer => ({ result: `Error: ${error}`, error });
