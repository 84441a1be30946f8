import { handToCompose } from './composeFile.ts';
import type { HandOverDraft, HandOverFacts } from './handOverFacts.ts';
import { handToLlamaServer } from './llamaServer.ts';
import { handToOllama } from './ollamaModelfile.ts';
import { handToSystemd } from './systemdUnit.ts';
import { handToVllm } from './vllmCommand.ts';

/**
 * Ready ways to run a model without this app, nearest to what was measured first.
 * @returns text only: nothing is started, and no key of this app is in it
 */
export function handOvers(facts: HandOverFacts): HandOverDraft[] {
  return [handToLlamaServer(facts), handToSystemd(facts), handToCompose(facts), handToOllama(facts), handToVllm(facts)];
}
