import { type ElementType, float16, float32, type GraphOperation, GraphTensor, int32, type Shape } from './graphTensor.ts';

/**
 * Builds the engine's compute graph from the same operations in the same order (`ggml_build_forward_expand`), without data.
 * Source: ggml/src/ggml.c of llama.cpp v0.5.0, read 2026-11-21. The order matters: it decides what is alive at the same time.
 */
export class GraphBuilder {
  readonly nodes: GraphTensor[] = [];
  readonly leafs: GraphTensor[] = [];

  /** What the engine writes before each run. Lies in RAM until a device needs it. */
  input(type: ElementType, n0: number, n1 = 1, n2 = 1, n3 = 1): GraphTensor {
    const tensor = make('none', type, [n0, n1, n2, n3]);
    tensor.isInput = true;
    return tensor;
  }

  /** A part of the cache, which exists before the graph. */
  cache(type: ElementType, shape: Shape, place: number): GraphTensor {
    const tensor = make('none', type, shape);
    tensor.place = place;
    return tensor;
  }

  /** A weight: only its size and where it lies matter, not its type. */
  weight(shape: Shape, placed: { readonly place: number; readonly bytes: number; readonly tailBytes: number }): GraphTensor {
    const tensor = new GraphTensor('none', float32, shape, [], null, placed.bytes);
    tensor.place = placed.place;
    tensor.isWeight = true;
    tensor.tailBytes = placed.tailBytes;
    return tensor;
  }

  mulMat(a: GraphTensor, b: GraphTensor): GraphTensor {
    return make('mul-mat', float32, [a.n1, b.n1, b.n2, b.n3], [a, b]);
  }

  mulMatId(experts: GraphTensor, b: GraphTensor, ids: GraphTensor): GraphTensor {
    return make('mul-mat-id', float32, [experts.n1, ids.n0, b.n2, 1], [experts, b, ids]);
  }

  /** Operations that may write over their first operand: sums, products, norms, activations, scaling, soft-max. */
  inplace(a: GraphTensor, ...others: GraphTensor[]): GraphTensor {
    return make('inplace', a.type, shapeOf(a), [a, ...others]);
  }

  rope(a: GraphTensor, positions: GraphTensor, factors: GraphTensor | null): GraphTensor {
    return make('rope', a.type, shapeOf(a), factors ? [a, positions, factors] : [a, positions]);
  }

  /** A result of its own shape that no operand's memory can hold. */
  result(shape: Shape, sources: GraphTensor[], type: ElementType = float32): GraphTensor {
    return make('other', type, shape, sources);
  }

  sort(a: GraphTensor): GraphTensor {
    return make('argsort', int32, shapeOf(a), [a]);
  }

  getRows(a: GraphTensor, ids: GraphTensor): GraphTensor {
    return make('get-rows', float32, [a.n0, ids.n0, ids.n1, ids.n2], [a, ids]);
  }

  /** Rows written into the cache: a view of it. */
  setRows(target: GraphTensor, rows: GraphTensor, ids: GraphTensor): GraphTensor {
    return seen('set-rows', target, [rows, ids, target]);
  }

  /** A copy into an existing tensor: a view of that. */
  copyInto(source: GraphTensor, target: GraphTensor): GraphTensor {
    return seen('other', target, [source, target]);
  }

  inplaceView(a: GraphTensor): GraphTensor {
    return seen('inplace', a, [a]);
  }

  view(a: GraphTensor, shape: Shape, steps: readonly [number, number, number] | null = null): GraphTensor {
    const row = (shape[0] / a.type.blockElements) * a.type.blockBytes;
    const strides: Shape = steps ? [a.b0, steps[0], steps[1], steps[2]] : [a.b0, row, row * shape[1], row * shape[1] * shape[2]];
    return new GraphTensor('view', a.type, shape, [a], { of: a.viewOf ?? a, strides });
  }

  reshape(a: GraphTensor, n0: number, n1 = 1, n2 = 1, n3 = 1): GraphTensor {
    return this.view(a, [n0, n1, n2, n3]);
  }

  /** Dimension i of `a` becomes dimension `to[i]`. */
  permute(a: GraphTensor, to: readonly [number, number, number, number]): GraphTensor {
    const shape: [number, number, number, number] = [1, 1, 1, 1];
    const strides: [number, number, number, number] = [0, 0, 0, 0];
    const from = shapeOf(a);
    const fromStrides = stridesOf(a);
    for (let index = 0; index < 4; index += 1) {
      shape[to[index] as number] = from[index] as number;
      strides[to[index] as number] = fromStrides[index] as number;
    }
    return new GraphTensor('view', a.type, shape, [a], { of: a.viewOf ?? a, strides });
  }

  transpose(a: GraphTensor): GraphTensor {
    return this.permute(a, [1, 0, 2, 3]);
  }

  contiguous(a: GraphTensor, shape: Shape = shapeOf(a)): GraphTensor {
    return make('other', a.type, shape, [a]);
  }

  concat(a: GraphTensor, b: GraphTensor, dimension: 0 | 2): GraphTensor {
    const shape: Shape = dimension === 0 ? [a.n0 + b.n0, a.n1, a.n2, a.n3] : [a.n0, a.n1, a.n2 + b.n2, a.n3];
    return make('other', a.type, shape, [a, b]);
  }

  flashAttention(parts: { q: GraphTensor; k: GraphTensor; v: GraphTensor; mask: GraphTensor; sinks: GraphTensor | null }): GraphTensor {
    const { q, k, v, mask, sinks } = parts;
    return make('flash-attention', float32, [v.n0, q.n2, q.n1, q.n3], sinks ? [q, k, v, mask, sinks] : [q, k, v, mask]);
  }

  /** Appends a tensor and everything it needs, operands first, left to right. */
  expand(tensor: GraphTensor): void {
    if (tensor.isVisited) return;
    tensor.isVisited = true;
    for (const source of tensor.sources) this.expand(source);
    if (tensor.operation === 'none') this.leafs.push(tensor);
    else this.nodes.push(tensor);
  }
}

/** The attention mask is half precision with flash attention. */
export const maskType = (flashAttention: boolean): ElementType => (flashAttention ? float16 : float32);

export function shapeOf(tensor: GraphTensor): Shape {
  return [tensor.n0, tensor.n1, tensor.n2, tensor.n3];
}

function stridesOf(tensor: GraphTensor): Shape {
  return [tensor.b0, tensor.b1, tensor.b2, tensor.b3];
}

function make(operation: GraphOperation, type: ElementType, shape: Shape, sources: GraphTensor[] = []): GraphTensor {
  return new GraphTensor(operation, type, shape, sources, null);
}

/** The same bytes as another tensor, after an operation that writes them. */
function seen(operation: GraphOperation, target: GraphTensor, sources: GraphTensor[]): GraphTensor {
  return new GraphTensor(operation, target.type, shapeOf(target), sources, { of: target.viewOf ?? target, strides: stridesOf(target) });
}
