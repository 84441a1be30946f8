import type { NameReading, NameTarget } from '#core/names/nameReading.ts';
import { nameTarget } from '#core/names/nameTarget.ts';
import { readName } from '#core/names/readName.ts';

export interface SearchReading {
  readonly reading: NameReading;
  readonly target: NameTarget;
  /** What was understood, in one line; null where the words are words. */
  readonly line: string | null;
}

/** Reads what stands in the search field. Pure, so that a keystroke waits for nobody. @returns null for an empty field */
export function readSearch(text: string): SearchReading | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const reading = readName(trimmed);
  const target = nameTarget(reading);
  return { reading, target, line: lineOf(reading, target) };
}

function lineOf(reading: NameReading, target: NameTarget): string | null {
  switch (reading.form) {
    case 'ollama':
    case 'docker': {
      const app = reading.form === 'ollama' ? 'an Ollama name' : 'a Docker name';
      return target.kind === 'search' ? `Read as ${app}: Hugging Face is searched for “${target.query}”.` : reading.sentence;
    }
    case 'text':
      // A family alone is what was typed; more than that is worth saying.
      return reading.family === null || reading.segments.filter(({ meaning }) => meaning !== null).length < 2 ? null : reading.sentence;
    default:
      return reading.sentence;
  }
}

/** The quant or file that a target names, as it is typed. */
export function targetDetail(target: NameTarget): string | null {
  return target.kind === 'repo' ? (target.file ?? target.quant) : target.quant;
}
