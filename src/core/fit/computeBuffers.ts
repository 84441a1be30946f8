import type { DeviceRules } from './deviceRules.ts';
import { allocateGraph } from './graph/allocateGraph.ts';
import { buildGraph } from './graph/buildGraph.ts';
import { GraphGap, type GraphSettings } from './graph/graphContext.ts';
import { scheduleGraph } from './graph/scheduleGraph.ts';
import { typicalLayers } from './graph/typicalLayers.ts';
import type { ModelFacts } from './modelFacts.ts';

/**
 * Working space on each device, by running the engine's own placement over its own graph.
 * @throws {GraphGap} where the file lacks a tensor of its architecture
 */
export function computeBuffers(of: { readonly facts: ModelFacts; readonly rules: DeviceRules; readonly settings: GraphSettings }): {
  readonly gpu: number;
  readonly ram: number;
} {
  const graph = buildGraph({ ...of, layers: typicalLayers(of) });
  return allocateGraph(scheduleGraph(graph, of.rules), graph.leafs, of.rules);
}
export { GraphGap };
