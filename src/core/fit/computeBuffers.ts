import type { DeviceRules } from './deviceRules.ts';
import { allocateGraph } from './graph/allocateGraph.ts';
import { buildGraph } from './graph/buildGraph.ts';
import { GraphGap, type GraphSettings } from './graph/graphContext.ts';
import { scheduleGraph } from './graph/scheduleGraph.ts';
import { typicalLayers } from './graph/typicalLayers.ts';
import type { ModelFacts } from './modelFacts.ts';

export interface ComputeBuffers {
  readonly gpu: number;
  readonly ram: number;
}

/** A plan, the advice on it and the slider beside them ask for the same graphs within a moment. */
const mostKept = 64;
const kept = new WeakMap<ModelFacts, Map<string, ComputeBuffers>>();

/**
 * Working space on each device, by running the engine's own placement over its own graph.
 * @throws {GraphGap} where the file lacks a tensor of its architecture
 */
export function computeBuffers(of: {
  readonly facts: ModelFacts;
  readonly rules: DeviceRules;
  readonly settings: GraphSettings;
}): ComputeBuffers {
  const own = kept.get(of.facts) ?? new Map<string, ComputeBuffers>();
  kept.set(of.facts, own);
  const key = `${of.rules.backend} ${of.rules.largestBytes} ${JSON.stringify(of.settings)}`;
  const known = own.get(key);
  if (known) return known;
  const graph = buildGraph({ ...of, layers: typicalLayers(of) });
  const made = allocateGraph(scheduleGraph(graph, of.rules), graph.leafs, of.rules);
  const [oldest] = own.keys();
  if (own.size >= mostKept && oldest !== undefined) own.delete(oldest);
  own.set(key, made);
  return made;
}
export { GraphGap };
