import type { DeviceRules } from '../deviceRules.ts';
import type { ScheduledNode } from './allocateGraph.ts';
import type { GraphBuilder } from './graphBuilder.ts';
import { GraphTensor, home } from './graphTensor.ts';

/**
 * Decides for each operation whether the GPU or the CPU runs it, and puts the copies in between: what the other side's memory holds is
 * copied at the start of a split and stays until its last use there. Weights of layers in RAM are copied too where the batch is large enough,
 * which is why a partly offloaded model needs more GPU memory for its working space than a whole one.
 * Source: `ggml_backend_sched_split_graph` in ggml/src/ggml-backend.cpp of llama.cpp v0.5.0, read 2026-11-21, for one GPU and the CPU.
 * @returns nodes in order with their buffer, for `allocateGraph`
 */
export function scheduleGraph(graph: GraphBuilder, rules: DeviceRules): readonly ScheduledNode[] {
  if (!rules.hasGpu) {
    for (const leaf of graph.leafs) leaf.backend = home.ram;
    return graph.nodes.map((tensor) => ({ tensor, buffer: home.ram, keeps: null }));
  }
  assignBackends(graph, rules);
  return splitGraph(graph.nodes);
}

function assignBackends({ nodes, leafs }: GraphBuilder, rules: DeviceRules): void {
  for (const leaf of leafs) leaf.backend = fixedBackend(leaf, rules);
  for (const node of nodes) node.backend = fixedBackend(node, rules);
  const canRun = (tensor: GraphTensor): boolean => isSmallEnough(tensor, rules);
  spread(nodes, { isReversed: false, withRam: false, canRun });
  spread(nodes, { isReversed: true, withRam: false, canRun });
  spread(nodes, { isReversed: false, withRam: true, canRun });
  spread(nodes, { isReversed: true, withRam: true, canRun });
  for (const node of nodes) {
    if (node.backend === -1 && node.operation !== 'view' && !canRun(node)) node.backend = home.ram;
    if (node.backend === -1 && node.viewOf) node.backend = node.viewOf.backend;
    for (const source of node.sources) {
      if (source.backend === -1) source.backend = source.viewOf ? source.viewOf.backend : node.backend;
    }
    if (node.backend === -1) node.backend = home.gpu;
  }
}

/** What lies somewhere runs there; what has weights runs where they lie, unless the GPU takes it over. */
function fixedBackend(tensor: GraphTensor, rules: DeviceRules): number {
  const place = (tensor.viewOf ?? tensor).place;
  if (place !== home.none) return place;
  if (tensor.isInput) return home.ram;
  if (tensor.operation === 'rope' || tensor.operation === 'flash-attention') return -1;
  for (const source of tensor.sources) {
    if (!source.isWeight) continue;
    if (source.place === home.ram && !source.isRepacked && rules.takesOver(tensor) && isSmallEnough(tensor, rules)) return home.gpu;
    return source.place === home.gpu && !isSmallEnough(tensor, rules) ? -1 : source.place;
  }
  return -1;
}

/** `supports_op` where a device limits the size of what it reads or writes at once. */
function isSmallEnough(tensor: GraphTensor, { largestBytes }: DeviceRules): boolean {
  if (largestBytes === Number.POSITIVE_INFINITY) return true;
  return tensor.bytes <= largestBytes && tensor.sources.every((source) => source.bytes <= largestBytes);
}

function spread(
  nodes: readonly GraphTensor[],
  how: { readonly isReversed: boolean; readonly withRam: boolean; readonly canRun: (tensor: GraphTensor) => boolean },
): void {
  let current = -1;
  for (let step = 0; step < nodes.length; step += 1) {
    const node = nodes[how.isReversed ? nodes.length - 1 - step : step] as GraphTensor;
    if (node.operation === 'view') continue;
    if (node.backend !== -1) current = node.backend === home.ram && !how.withRam ? -1 : node.backend;
    else if (current === home.ram || (current !== -1 && how.canRun(node))) node.backend = current;
  }
}

function splitGraph(nodes: readonly GraphTensor[]): readonly ScheduledNode[] {
  const scheduled: ScheduledNode[] = [];
  let current = (nodes.find((node) => node.operation !== 'view') ?? (nodes[0] as GraphTensor)).backend;
  let inputs: GraphTensor[] = [];
  let body: GraphTensor[] = [];
  const close = (): void => {
    for (const input of inputs) {
      const copy = input.copy as GraphTensor;
      scheduled.push({ tensor: input, buffer: input.backend, keeps: input });
      scheduled.push({ tensor: copy, buffer: current, keeps: null });
    }
    for (const tensor of body) scheduled.push({ tensor, buffer: tensor.backend, keeps: null });
    inputs = [];
    body = [];
  };
  for (const node of nodes) {
    if (node.operation !== 'view') {
      const needsWeight = inputs.length > 0 && node.sources.some((source) => source.isWeight && locationOf(source) !== current);
      if (node.backend !== current || needsWeight) {
        close();
        current = node.backend;
      }
      for (let index = 0; index < node.sources.length; index += 1) {
        const source = node.sources[index] as GraphTensor;
        if (locationOf(source) === current) continue;
        if (!source.copy || source.copy.backend !== current) {
          source.copy = copyOf(source, current);
          inputs.push(source);
        }
        node.sources[index] = source.copy;
      }
    }
    body.push(node);
  }
  close();
  return scheduled;
}

/** A view lies where its root lies. */
function locationOf(tensor: GraphTensor): number {
  const place = (tensor.viewOf ?? tensor).place;
  return place === home.none ? tensor.backend : place;
}

function copyOf(tensor: GraphTensor, backend: number): GraphTensor {
  const strides = [tensor.b0, tensor.b1, tensor.b2, tensor.b3] as const;
  const shape = [tensor.n0, tensor.n1, tensor.n2, tensor.n3] as const;
  const copy = new GraphTensor('none', tensor.type, shape, [], { of: null, strides }, tensor.bytes);
  copy.backend = backend;
  copy.tailBytes = tensor.tailBytes;
  return copy;
}
