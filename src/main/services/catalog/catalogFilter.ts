import { publisherFacts } from '#core/names/publishers.ts';
import { readName } from '#core/names/readName.ts';
import type { CatalogQuery } from '#shared/contract/catalog.ts';
import type { HubModel } from '../hub/hubClient.ts';
import { publisherOf } from './describeModel.ts';

/** The hub's own word for a kind of model, where its name does not say. */
const pipelinesOfTunes: Readonly<Record<string, readonly string[]>> = {
  vision: ['image-text-to-text', 'visual-question-answering'],
  audio: ['audio-text-to-text'],
  embedding: ['feature-extraction', 'sentence-similarity'],
  reranker: ['text-ranking'],
};

export interface FilterLimits {
  readonly now: number;
  /** Weights that this machine has room for; null = no limit asked for. */
  readonly parametersThatFit: number | null;
}

/** The part of a query that the hub cannot answer: it knows one publisher at a time, and no kinds, ages, trust or machines. */
export interface CatalogFilter {
  /** False where every row passes. */
  readonly isNeeded: boolean;
  passes(model: HubModel): boolean;
  /** Whether no later row can pass, in the order the rows come in. */
  ends(model: HubModel): boolean;
}

/**
 * Builds the filter of a query.
 * @returns a test of one row after the other
 */
export function catalogFilter(query: CatalogQuery, limits: FilterLimits): CatalogFilter {
  const publishers = query.publishers.length > 1 ? new Set(query.publishers.map((name) => name.toLowerCase())) : null;
  const oldest = query.updatedWithinDays === null ? null : limits.now - query.updatedWithinDays * 86_400_000;
  const tune = query.tune?.toLowerCase() ?? null;
  const isTooOld = (model: HubModel): boolean => oldest !== null && (model.updatedAt ?? 0) < oldest;
  return {
    isNeeded: publishers !== null || query.trustedOnly || tune !== null || oldest !== null || limits.parametersThatFit !== null,
    passes(model) {
      const publisher = publisherOf(model.repo);
      if (publishers !== null && !publishers.has(publisher.toLowerCase())) return false;
      if (query.trustedOnly && !publisherFacts(publisher).isTrusted) return false;
      if (isTooOld(model)) return false;
      if (tune !== null && !isOfTune(model, tune)) return false;
      return limits.parametersThatFit === null || fits(model, limits.parametersThatFit);
    },
    ends: (model) => query.sort === 'updated' && isTooOld(model),
  };
}

function isOfTune(model: HubModel, tune: string): boolean {
  const { tunes, modalities } = readName(model.repo);
  return tunes.includes(tune) || modalities.includes(tune) || (pipelinesOfTunes[tune]?.includes(model.pipeline ?? '') ?? false);
}

/** The hub was asked for models up to this size by its own facts; a name that says more is believed. */
function fits(model: HubModel, limit: number): boolean {
  return (model.parameters ?? readName(model.repo).parameters.total ?? 0) <= limit;
}
