import type { DeviceRules } from './deviceRules.ts';
import { allocateGraph } from './graph/allocateGraph.ts';
import { buildGraph } from './graph/buildGraph.ts';
import { GraphGap, type GraphSettings } from './graph/graphContext.ts';
import { scheduleGraph } from './graph/scheduleGraph.ts';
import { typicalLayers } from './graph/typicalLayers.ts';
import type { ModelFacts } from './modelFacts.ts';

/** Working space on each device, by running the engine's own placement over its own graph. */
export function computeBuffers(
  facts: ModelFacts,
  rules: DeviceRules,
  settings: GraphSettings,
): { readonly gpu: number; readonly ram: number } {
  const graph = buildGraph({ facts, settings, rules, layers: typicalLayers(facts, rules, settings) });
  return allocateGraph(scheduleGraph(graph, rules), graph.leafs, rules);
}
export { GraphGap };
