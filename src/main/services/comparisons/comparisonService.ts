import type { Attachment } from '#shared/contract/chat.ts';
import type { Comparison, ComparisonDraft, ComparisonEntry, ComparisonEvent, Standing } from '#shared/contract/comparisons.ts';

/** One prompt to several models, side by side. Of a blind comparison nothing leaves before its vote that could name a model. */
export interface ComparisonService {
  /**
   * Asks every model. One that fails leaves the others; aborting the signal stops them all and keeps what was written.
   * @returns the comparison as it was kept, hidden where it is blind
   * @throws {RpcError} comparison-running, bad-input for the same model twice or a broken file, model-not-found, endpoint-not-found,
   * images-unsupported where none of the models can be shown the pictures
   */
  start(
    draft: ComparisonDraft,
    options: { readonly signal: AbortSignal; readonly emit: (event: ComparisonEvent) => void },
  ): Promise<Comparison>;
  /** Stops one column; one that has ended stays as it is. @throws {RpcError} comparison-not-found */
  stop(id: string, index: number): void;
  /**
   * Says which answer was better and tells the names. Null tells them without a vote, or takes a vote back.
   * @throws {RpcError} comparison-not-found, comparison-running, bad-input for an answer that is not there
   */
  vote(id: string, vote: Comparison['vote']): Comparison;
  /** Newest first. */
  list(): ComparisonEntry[];
  /** @throws {RpcError} comparison-not-found */
  open(id: string): Comparison;
  /** A file that went along with a prompt, as base64. @throws {RpcError} comparison-not-found */
  attachment(attachmentId: string): Attachment & { readonly data: string };
  /** @throws {RpcError} comparison-not-found, comparison-running */
  remove(id: string): void;
  /** Of blind votes, the model that was preferred most often first. */
  standings(): Standing[];
  /** Stops what runs; what was written is kept. */
  dispose(): Promise<void>;
}
