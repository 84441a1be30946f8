import * as z from 'zod';
import { ArtifactId } from './models.ts';

export const Interval = z.object({ passRate: z.number(), low: z.number(), high: z.number(), n: z.number(), passed: z.number() });
export type Interval = z.infer<typeof Interval>;

export const ModelVerdict = z.enum(['fits', 'fails', 'not-enough-evidence']);

export const Verdict = z.object({
  state: ModelVerdict,
  modelId: ArtifactId.nullable(),
  model: z.string().nullable(),
  reason: z.string(),
  /** What the next larger model that also fits would buy, in words; null when there is none. */
  nextLarger: z.string().nullable(),
  moreItems: z.number().nullable(),
  /** How the 5 % were shared: the procedure, the look at the data (from 1), and what of them this look may spend. */
  level: z.object({ testing: z.enum(['holm', 'fixed-sequence']), look: z.number(), alpha: z.number() }).optional(),
});
export type Verdict = z.infer<typeof Verdict>;
