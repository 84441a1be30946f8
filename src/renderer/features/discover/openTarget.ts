import type { NameTarget } from '#core/names/nameReading.ts';
import { navigate } from '../../router.ts';
import { wantQuant } from '../../stores/catalog.ts';

/** Opens the repo that a name leads to, with the quant or file it names selected. */
export function openTarget(target: Extract<NameTarget, { readonly kind: 'repo' }>): void {
  wantQuant({ repo: target.repo, quant: target.quant, file: target.file });
  navigate({ screen: 'discover', repo: target.repo, revision: target.revision });
}
