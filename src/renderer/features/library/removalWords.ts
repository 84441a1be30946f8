import { formatGigabytes } from '#core/units.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { howItsAppRemoves, isOtherApps, ownerLabel } from '#shared/ownerWords.ts';

/** What the dialog says before a model is removed. */
export interface RemovalWords {
  readonly consequence: string;
  /** How the app that owns the file removes it. */
  readonly hint: string | null;
  /** Where the file itself may go too: what the box beside it says. */
  readonly fileChoice: string | null;
  readonly confirm: (withFile: boolean) => string;
}

/** Only starters stay: what came with the app is not removed. */
export function canRemove(artifact: Artifact): boolean {
  return artifact.state === 'missing' || artifact.owner !== 'bundled';
}

export function removalWords(artifact: Artifact): RemovalWords {
  const size = formatGigabytes(artifact.sizeBytes);
  const [files, it] = artifact.files.length === 1 ? ['file', 'it'] : [`${artifact.files.length} files`, 'them'];
  const offTheList = (): string => 'Remove from the library';
  if (artifact.state === 'missing') {
    return { consequence: 'Its file is not there. The entry leaves the library.', hint: null, fileChoice: null, confirm: offTheList };
  }
  if (artifact.owner === 'downloaded') {
    return {
      consequence: `Rightsize downloaded ${it === 'it' ? 'this file' : 'these files'} and removes ${it} from the disk.`,
      hint: null,
      fileChoice: null,
      confirm: () => `Remove ${size}`,
    };
  }
  if (isOtherApps(artifact.owner)) {
    return {
      consequence: `It leaves this list; its ${files} stay${it === 'it' ? 's' : ''} with ${ownerLabel(artifact.owner)}, which can still use ${it}.`,
      hint: howItsAppRemoves(artifact),
      fileChoice: null,
      confirm: offTheList,
    };
  }
  const place = artifact.owner === 'hub-cache' ? 'in the cache that other tools share' : `where you put ${it}`;
  return {
    consequence: `It leaves the library; its ${files} stay${it === 'it' ? 's' : ''} ${place}, unless you say otherwise.`,
    hint: null,
    fileChoice: `Remove the ${files} from the disk too, ${size}${artifact.owner === 'hub-cache' ? `: other tools that use the cache lose ${it}` : ''}`,
    confirm: (withFile) => (withFile ? `Remove ${size}` : offTheList()),
  };
}
