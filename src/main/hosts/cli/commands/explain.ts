import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { compareWithHeader, type HeaderMismatch } from '#core/names/compareWithHeader.ts';
import type { NameReading } from '#core/names/nameReading.ts';
import { readName } from '#core/names/readName.ts';
import { quantMeaning } from '#core/quant/quantMeanings.ts';
import { missing } from '#core/units.ts';
import { readModelHeader } from '#main/services/library/openModelFile.ts';
import type { CommandContext } from '../commandContext.ts';
import { renderTable } from '../table.ts';

/** `explain NAME`: what every part of a name means. It needs neither data folder nor network. */
export function explainCommand(context: CommandContext): Command {
  return new Command('explain')
    .description('say what the name of a model means')
    .argument('<name>', 'a repo, a file, an address, or a name as Docker or Ollama write it')
    .action(async (name: string) => {
      const explanation = (await explainFile(name)) ?? { reading: readName(name), mismatches: null, problem: null };
      context.output.document(explanationDocument(explanation));
      if (!context.output.json) context.output.text(explanationText(explanation));
    });
}

interface Explanation {
  readonly reading: NameReading;
  /** What the header contradicts; null where there was no file to look into. */
  readonly mismatches: readonly HeaderMismatch[] | null;
  /** Why the header of an existing file could not be read. */
  readonly problem: string | null;
}

/** A name that is also a file here is compared with its header. */
async function explainFile(name: string): Promise<Explanation | null> {
  const path = resolve(name);
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return null;
  const reading = { ...readName(basename(path)), input: name };
  const header = await readModelHeader(path);
  if (!header.ok) return { reading, mismatches: null, problem: header.problem.message };
  const { corrected, mismatches } = compareWithHeader(reading, header.facts);
  return { reading: corrected, mismatches, problem: null };
}

/** `i1` of a repo says how its quants were made and not which: the rest of the quant is unknown, not absent. */
function explanationDocument({ reading, mismatches }: Explanation): object {
  const unknownQuant = { type: null, label: null, bits: null, bitsPerWeight: null, scheme: null, imatrix: true, dynamic: false };
  return { ...reading, quant: reading.quant ?? (reading.imatrix ? unknownQuant : null), ...(mismatches && { mismatches }) };
}

function explanationText({ reading, mismatches, problem }: Explanation): string {
  const segments = renderTable(reading.segments, [
    { title: 'Part', text: (segment) => segment.text, maxWidth: 40 },
    { title: 'Meaning', text: (segment) => segment.meaning ?? missing },
  ]);
  const quant = reading.quant === null ? null : quantMeaning(reading.quant.label);
  const lines = [
    ...(quant === null ? [] : [`${reading.quant?.label}: ${quant}`]),
    ...(mismatches ?? []).map(({ sentence }) => `But: ${sentence}`),
    ...(mismatches?.length === 0 ? ['The file’s header agrees with its name.'] : []),
    ...(problem === null ? [] : [`The file’s header could not be read: ${problem}`]),
  ];
  const table = reading.segments.length === 0 ? '' : `\n${segments}`;
  return `${reading.sentence}\n${table}${lines.length === 0 ? '' : `\n${lines.join('\n')}\n`}`;
}
