/**
 * Working space of a vision projector as a share of its weights: 248 MiB beside 888 MiB in the one published run that names both (read
 * 2026-11-21). It grows with the pictures' size, which the model's header does not tell, so all of it is in the range as well.
 */
const computeShare = 248 / 888;

/** What a projector takes beside the model: weights to the byte, working space as a first guess. */
export function projectorNeed(weightBytes: number): { readonly weights: number; readonly compute: number; readonly spread: number } {
  const compute = Math.round(weightBytes * computeShare);
  return { weights: weightBytes, compute, spread: compute };
}
