import type { CatalogQuant } from '#shared/contract/catalog.ts';
import type { WantedQuant } from '../../stores/catalog.ts';

interface Choice {
  /** Undefined only where the repo holds no quant at all. */
  readonly quant: CatalogQuant | undefined;
  /** What a typed name asked for and the repo does not have. */
  readonly missing: string | null;
}

/**
 * The quant that is selected: the one picked by hand, the one a typed name asked for, the recommended one, the usual one, else the
 * smallest that is whole.
 */
export function chooseQuant(
  quants: readonly CatalogQuant[],
  asked: { readonly pickedFile: string | undefined; readonly wanted: WantedQuant | null; readonly recommendedFile: string | undefined },
): Choice {
  const picked = quants.find((quant) => quant.file === asked.pickedFile);
  if (picked !== undefined) return { quant: picked, missing: null };
  const usual =
    quants.find((quant) => quant.file === asked.recommendedFile) ??
    quants.find((quant) => quant.type === 'Q4_K_M') ??
    quants.find((quant) => quant.missingShards.length === 0) ??
    quants[0];
  const { file, quant: type } = asked.wanted ?? { file: null, quant: null };
  if (file === null && type === null) return { quant: usual, missing: null };
  const named = file !== null ? quants.find((quant) => holdsFile(quant, file)) : quants.find((quant) => isOfType(quant, type ?? ''));
  return named === undefined ? { quant: usual, missing: file ?? type } : { quant: named, missing: null };
}

function holdsFile(quant: CatalogQuant, file: string): boolean {
  return quant.files.some(({ path }) => path === file || path.endsWith(`/${file}`));
}

function isOfType(quant: CatalogQuant, type: string): boolean {
  return quant.type?.toLowerCase() === type.toLowerCase();
}
