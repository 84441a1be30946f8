import type { JsonValue } from '#core/bench/labelledItem.ts';
import type { FetchFixture } from '#core/tools/tool.ts';
import { type ToolAnswer, toolFailure, toolResult } from './toolAnswer.ts';

/**
 * Answers `http_get` from recorded answers alone; nothing ever goes on the network. The address must be the recorded one, letter by letter.
 * @param given what the model passed: `url`, and `method` where it names one
 */
export function answerFromFixtures(given: { readonly [key: string]: JsonValue }, fixtures: readonly FetchFixture[]): ToolAnswer {
  const url = Object.hasOwn(given, 'url') ? given.url : undefined;
  if (typeof url !== 'string') return toolFailure('http_get needs "url", the full address as a text.');
  const method = Object.hasOwn(given, 'method') ? given.method : 'GET';
  if (typeof method !== 'string' || method.toUpperCase() !== 'GET') return toolFailure('405 Method Not Allowed: http_get can only GET.');
  const fixture = fixtures.find((known) => known.url === url);
  if (fixture === undefined) return toolFailure('404 Not Found');
  const told = `${fixture.status}\n\n${typeof fixture.body === 'string' ? fixture.body : JSON.stringify(fixture.body)}`;
  return fixture.status >= 200 && fixture.status < 300 ? toolResult(told) : toolFailure(`The server answered ${fixture.status}.`, told);
}
