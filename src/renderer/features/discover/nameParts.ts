import type { NameSegment } from '#core/names/nameReading.ts';

/** A piece of a name as it is drawn: what was between it and the piece before it, its text, and its gloss. */
export interface NamePart {
  readonly separator: string;
  readonly text: string;
  readonly meaning: string | null;
}

/** Puts the separators back between the segments of a name. Pieces that no segment covers come without a gloss: never a guess. */
export function nameParts(name: string, segments: readonly NameSegment[]): readonly NamePart[] {
  const parts: NamePart[] = [];
  let at = 0;
  for (const { text, meaning } of segments) {
    const start = text === '' ? -1 : name.indexOf(text, at);
    if (start === -1) continue;
    parts.push({ separator: name.slice(at, start), text, meaning });
    at = start + text.length;
  }
  if (at < name.length) parts.push({ separator: '', text: name.slice(at), meaning: null });
  return parts;
}
