import type { NameReading } from '#core/names/nameReading.ts';
import { formatParameters } from '#core/units.ts';
import type { CatalogModel } from '#shared/contract/catalog.ts';

export type TagIcon = 'vision' | 'reasoning' | 'coder' | 'embedding' | 'audio';

export interface ResultTag {
  readonly text: string;
  readonly icon: TagIcon | null;
  readonly title: string | null;
}

/** The three facts of a row: size, what it was made for, since when. What is not known is left out. */
export function resultTags(model: CatalogModel, reading: NameReading): readonly ResultTag[] {
  return [sizeTag(model, reading), purposeTag(reading), dateTag(model, reading)].filter((tag) => tag !== null);
}

function sizeTag(model: CatalogModel, { parameters }: NameReading): ResultTag | null {
  const total = model.parameters ?? parameters.total;
  if (total === null) return parameters.effective === null ? null : plain(`${formatParameters(parameters.effective)} effective`);
  return plain(
    parameters.active === null ? formatParameters(total) : `${formatParameters(total)}, ${formatParameters(parameters.active)} active`,
  );
}

/** What sets a model apart most, first. */
const purposes: readonly (readonly [tune: string, text: string, icon: TagIcon | null])[] = [
  ['abliterated', 'Abliterated', null],
  ['uncensored', 'Uncensored', null],
  ['embedding', 'Embedding', 'embedding'],
  ['reranker', 'Reranker', 'embedding'],
  ['coder', 'Coder', 'coder'],
  ['thinking', 'Reasoning', 'reasoning'],
  ['tool-calling', 'Tools', null],
  ['instruct', 'Instruct', null],
  ['chat', 'Chat', null],
  ['base', 'Base', null],
];

function purposeTag({ tunes, modalities }: NameReading): ResultTag | null {
  if (modalities.includes('vision')) return { text: 'Vision', icon: 'vision', title: null };
  if (modalities.includes('audio')) return { text: 'Audio', icon: 'audio', title: null };
  const purpose = purposes.find(([tune]) => tunes.includes(tune));
  if (purpose !== undefined) return { text: purpose[1], icon: purpose[2], title: null };
  const first = tunes[0];
  return first === undefined ? null : plain(`${first.charAt(0).toUpperCase()}${first.slice(1)}`);
}

function dateTag(model: CatalogModel, { date }: NameReading): ResultTag | null {
  // A stamp without its year says too little in a list.
  if (date !== null && /^\d{4}/.test(date)) return { text: monthWords(date), icon: null, title: 'By its name' };
  if (model.createdAt === null) return null;
  return { text: monthWords(new Date(model.createdAt).toISOString().slice(0, 7)), icon: null, title: 'On the hub since then' };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** @param date `2025-07`, `2025-07-21` or `2025` @returns `Jul 2025`, `2025` */
function monthWords(date: string): string {
  const [year = '', month = ''] = date.split('-');
  return `${months[Number(month) - 1] ?? ''} ${year}`.trim();
}

function plain(text: string): ResultTag {
  return { text, icon: null, title: null };
}
