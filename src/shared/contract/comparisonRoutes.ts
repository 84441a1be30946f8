import * as z from 'zod';
import { call, stream } from '../rpc/routeTable.ts';
import { Attachment } from './chat.ts';
import { Comparison, ComparisonDraft, ComparisonEntry, ComparisonEvent, Standing } from './comparisons.ts';

const nothing = z.object({});
const id = z.string().min(1).max(200);

/** One prompt to several models. */
export const comparisonRoutes = {
  /** Cancelling the stream stops what still writes. The closing value is the comparison as it was kept. */
  'comparisons.start': stream(ComparisonDraft, ComparisonEvent, Comparison),
  /** Stops one column; the others go on. */
  'comparisons.stop': call(z.object({ id, index: z.number().int().min(0).max(3) }), nothing),
  /** Names are told with it, whatever it is: null tells them without a vote, or takes it back. Only a vote that came before the names counts in standings. */
  'comparisons.vote': call(z.object({ id, vote: Comparison.shape.vote }), Comparison),
  'comparisons.list': call(nothing, z.object({ comparisons: z.array(ComparisonEntry) })),
  'comparisons.open': call(z.object({ id }), Comparison),
  'comparisons.attachment': call(z.object({ attachmentId: id }), Attachment.extend({ data: z.base64() })),
  'comparisons.remove': call(z.object({ id }), nothing),
  'comparisons.standings': call(nothing, z.object({ standings: z.array(Standing) })),
};
