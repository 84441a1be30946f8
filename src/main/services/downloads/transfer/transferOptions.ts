/** What a transfer does when. Tests shorten the times; everybody else takes the defaults. */
export interface TransferOptions {
  /** Connections before anything is known about the line. */
  readonly startConnections: number;
  /** A request asks for about `requestSeconds` of one connection, within these two. */
  readonly minRequestBytes: number;
  readonly maxRequestBytes: number;
  /** Where the line is slow or not known yet. */
  readonly usualRequestBytes: number;
  readonly requestSeconds: number;
  /** Digests are kept of pieces that never cross a multiple of this, so it is also the most that one wrong byte costs. */
  readonly blockBytes: number;
  /** Received bytes are written in batches of this. */
  readonly batchBytes: number;
  /** Received and not yet written, for each connection, before it is read no further. */
  readonly maxUnwrittenBytes: number;
  /** Received and not yet known as safe, over all connections: the most that a kill costs. */
  readonly maxUnsafeBytes: number;
  /** What is safe is noted after so many bytes or so much time. */
  readonly saveBytes: number;
  readonly saveMs: number;
  /** A note of it that survives a power cut too is made this often. */
  readonly keepMs: number;
  /** Without a byte for so long a connection is cut. */
  readonly stallMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** How often the number of connections is thought over. */
  readonly tickMs: number;
  readonly progressMs: number;
  /** Answers that cannot be used, in a row and without a byte between, before it is given up. */
  readonly maxOddAnswers: number;
  /** 0 to 1. */
  readonly random: () => number;
}

const mebibyte = 2 ** 20;

export const productionTransferOptions: TransferOptions = {
  startConnections: 4,
  minRequestBytes: mebibyte,
  maxRequestBytes: 64 * mebibyte,
  usualRequestBytes: 8 * mebibyte,
  requestSeconds: 2,
  blockBytes: 16 * mebibyte,
  batchBytes: mebibyte / 2,
  maxUnwrittenBytes: mebibyte,
  maxUnsafeBytes: 8 * mebibyte,
  saveBytes: 4 * mebibyte,
  saveMs: 500,
  keepMs: 5_000,
  stallMs: 20_000,
  firstRetryMs: 500,
  longestRetryMs: 30_000,
  tickMs: 500,
  progressMs: 100,
  maxOddAnswers: 8,
  random: Math.random,
};
