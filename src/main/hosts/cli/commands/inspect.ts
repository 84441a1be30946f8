import { resolve } from 'node:path';
import { Command } from 'commander';
import { formatCount, formatGigabytes, formatParameters, missing } from '#core/units.ts';
import { inspectFiles } from '#main/services/library/inspectFiles.ts';
import type { Inspection } from '#shared/contract/models.ts';
import type { CommandContext } from '../commandContext.ts';
import { renderTable } from '../table.ts';

/** `inspect PATH`: what a GGUF file says of itself. It needs no data folder. */
export function inspectCommand(context: CommandContext): Command {
  return new Command('inspect')
    .description('show the header of a GGUF file')
    .argument('<path>', 'a GGUF file')
    .action(async (path: string) => {
      const inspection = await inspectFiles([resolve(path)]);
      context.output.document(inspection);
      if (!context.output.json) context.output.text(inspectionText(inspection));
    });
}

function inspectionText(inspection: Inspection): string {
  const facts: [string, string][] = [
    ['File', `${inspection.path}, ${formatGigabytes(inspection.sizeBytes)}, GGUF ${inspection.version}`],
    ['Name', inspection.name ?? missing],
    ['Architecture', inspection.architecture ?? missing],
    ['Quant', `${inspection.quant ?? missing}, ${inspection.bitsPerWeight?.toFixed(2) ?? missing} bits a weight`],
    ['Parameters', formatParameters(inspection.parameters)],
    ['Context', formatCount(inspection.contextTokens)],
    ['Layers', `${inspection.blockCount ?? missing}, width ${inspection.embeddingLength ?? missing}`],
    ['Heads', `${inspection.headCount ?? missing}, ${inspection.headCountKv ?? missing} for keys and values`],
    ['Vocabulary', formatCount(inspection.vocabularySize)],
    ['License', inspection.license ?? missing],
    ['Tensors', `${inspection.tensorCount}, ${formatGigabytes(inspection.tensorBytes)}`],
  ];
  const head = facts.map(([name, value]) => `${name.padEnd(13)} ${value.replace(/\p{Cc}+/gu, ' ')}\n`).join('');
  const types = renderTable(inspection.tensorTypes, [
    { title: 'Type', text: (row) => row.type },
    { title: 'Tensors', align: 'right', text: (row) => String(row.count) },
    { title: 'Size', align: 'right', text: (row) => formatGigabytes(row.bytes) },
  ]);
  return `${head}\n${types}`;
}
