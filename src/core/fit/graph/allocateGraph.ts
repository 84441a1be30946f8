import type { DeviceRules } from '../deviceRules.ts';
import type { GraphTensor } from './graphTensor.ts';

export interface ScheduledNode {
  readonly tensor: GraphTensor;
  /** 0 GPU, 1 RAM. */
  readonly buffer: number;
  /** Keeps a split's input alive until it is copied; has no memory of its own. */
  readonly keeps: GraphTensor | null;
}

/** Free space of one buffer: blocks by address, the last one without end. Best fit, as `ggml_dyn_tallocr`. */
class Arena {
  highest = 0;
  private readonly offsets: number[] = [0];
  private readonly sizes: number[] = [Number.POSITIVE_INFINITY];
  private readonly alignment: number;

  constructor(alignment: number) {
    this.alignment = alignment;
  }

  pad(bytes: number): number {
    return Math.ceil(bytes / this.alignment) * this.alignment;
  }

  take(wanted: number): number {
    const bytes = this.pad(wanted);
    const { offsets, sizes } = this;
    const last = sizes.length - 1;
    let best = last;
    let bestSize = Number.POSITIVE_INFINITY;
    for (let index = 0; index < last; index += 1) {
      const size = sizes[index] as number;
      if (size >= bytes && size <= bestSize) {
        best = index;
        bestSize = size;
      }
    }
    const offset = offsets[best] as number;
    offsets[best] = offset + bytes;
    sizes[best] = (sizes[best] as number) - bytes;
    if (sizes[best] === 0) this.remove(best);
    this.highest = Math.max(this.highest, offset + bytes);
    return offset;
  }

  give(offset: number, wanted: number): void {
    const bytes = this.pad(wanted);
    const { offsets, sizes } = this;
    for (let index = 0; index < sizes.length; index += 1) {
      const start = offsets[index] as number;
      const end = start + (sizes[index] as number);
      if (end === offset) {
        sizes[index] = (sizes[index] as number) + bytes;
        if (index < sizes.length - 1 && offset + bytes === offsets[index + 1]) {
          sizes[index] = (sizes[index] as number) + (sizes[index + 1] as number);
          this.remove(index + 1);
        }
        return;
      }
      if (offset + bytes === start) {
        offsets[index] = offset;
        sizes[index] = (sizes[index] as number) + bytes;
        if (index > 0 && (offsets[index - 1] as number) + (sizes[index - 1] as number) === offset) {
          sizes[index - 1] = (sizes[index - 1] as number) + (sizes[index] as number);
          this.remove(index);
        }
        return;
      }
    }
    let position = 0;
    while (position < offsets.length && (offsets[position] as number) < offset) position += 1;
    offsets.splice(position, 0, offset);
    sizes.splice(position, 0, bytes);
  }

  private remove(index: number): void {
    this.offsets.splice(index, 1);
    this.sizes.splice(index, 1);
  }
}

/**
 * The highest address that each buffer reaches when the graph's results are placed one after the other, reusing what is no longer needed.
 * Source: `ggml_gallocr_alloc_graph_impl` in ggml/src/ggml-alloc.c of llama.cpp v0.5.0, read 2026-11-21. Backends that limit the size of one
 * buffer split it; the sum is the same unless a tensor straddles the limit.
 * @returns bytes on the GPU and in RAM
 */
export function allocateGraph(
  scheduled: readonly ScheduledNode[],
  leafs: readonly GraphTensor[],
  rules: DeviceRules,
): { readonly gpu: number; readonly ram: number } {
  const arenas = [new Arena(rules.gpuAlignment), new Arena(rules.ramAlignment)];
  const sizeIn = (tensor: GraphTensor, buffer: number): number => (buffer === 0 ? rules.gpuBytes(tensor) : tensor.bytes);

  const allocate = (tensor: GraphTensor, buffer: number): void => {
    if (tensor.place >= 0 || tensor.isAllocated || tensor.viewOf) return;
    tensor.isAllocated = true;
    if (tensor.operation === 'inplace' || tensor.operation === 'rope') {
      for (const parent of tensor.sources) {
        if (!parent.isAllocated || parent.isOutput || parent.children !== 1 || parent.views !== 0 || !isSameLayout(tensor, parent))
          continue;
        tensor.buffer = parent.buffer;
        tensor.offset = parent.offset;
        parent.isAllocated = false;
        const arena = arenas[parent.buffer] as Arena;
        const parentBytes = arena.pad(sizeIn(parent, parent.buffer));
        const ownBytes = arena.pad(sizeIn(tensor, tensor.buffer));
        if (parentBytes > ownBytes) arena.give(parent.offset + ownBytes, parentBytes - ownBytes);
        return;
      }
    }
    tensor.buffer = buffer;
    tensor.offset = (arenas[buffer] as Arena).take(sizeIn(tensor, buffer));
  };
  const free = (tensor: GraphTensor): void => {
    if (tensor.isOutput) return;
    (arenas[tensor.buffer] as Arena).give(tensor.offset, sizeIn(tensor, tensor.buffer));
    tensor.isAllocated = false;
  };
  const release = (parent: GraphTensor): void => {
    parent.children -= 1;
    if (parent.children !== 0 || parent.views !== 0) return;
    const root = parent.viewOf;
    if (root) {
      root.views -= 1;
      if (root.views === 0 && root.children === 0 && root.isAllocated) free(root);
    } else if (parent.isAllocated) {
      free(parent);
    }
  };

  for (const leaf of leafs) allocate(leaf, leaf.backend);
  for (const { tensor, buffer, keeps } of scheduled) {
    if (keeps) {
      keeps.children += 1;
      if (keeps.isInput) allocate(keeps, buffer);
      continue;
    }
    if (tensor.viewOf) tensor.viewOf.views += 1;
    for (const source of tensor.sources) {
      source.children += 1;
      if (source.isInput) allocate(source, buffer);
    }
  }
  for (const { tensor, buffer, keeps } of scheduled) {
    if (keeps) {
      allocate(keeps, buffer);
      release(keeps);
      continue;
    }
    for (const source of tensor.sources) allocate(source, buffer);
    allocate(tensor, buffer);
    for (const source of tensor.sources) release(source);
  }
  return { gpu: (arenas[0] as Arena).highest, ram: (arenas[1] as Arena).highest };
}

function isSameLayout(a: GraphTensor, b: GraphTensor): boolean {
  return (
    a.type === b.type &&
    a.n0 === b.n0 &&
    a.n1 === b.n1 &&
    a.n2 === b.n2 &&
    a.n3 === b.n3 &&
    a.b0 === b.b0 &&
    a.b1 === b.b1 &&
    a.b2 === b.b2 &&
    a.b3 === b.b3
  );
}
