import type { Artifact, Owner } from '#shared/contract/models.ts';
import { isOtherApps, ownerLabel } from '#shared/ownerWords.ts';
import { Select } from '../../ui/Select.tsx';

/** `apps`: everything that another app downloaded. */
export type OwnerChoice = Owner | 'all' | 'apps';

interface OwnerFilterProps {
  readonly artifacts: readonly Artifact[];
  readonly value: OwnerChoice;
  readonly onChange: (value: OwnerChoice) => void;
}

/** Whose models are listed. Not shown where all are of one owner. */
export function OwnerFilter({ artifacts, value, onChange }: OwnerFilterProps) {
  const counts = new Map<Owner, number>();
  for (const artifact of artifacts) counts.set(artifact.owner, (counts.get(artifact.owner) ?? 0) + 1);
  if (counts.size < 2 && value === 'all') return null;
  const inApps = artifacts.filter(isFromApp).length;
  const owners = [...counts].sort(
    ([a], [b]) => Number(isOtherApps(a)) - Number(isOtherApps(b)) || ownerLabel(a).localeCompare(ownerLabel(b)),
  );
  return (
    <Select<OwnerChoice>
      label="Whose models"
      className="w-40"
      value={value}
      onChange={onChange}
      options={[
        { value: 'all', label: 'All models', detail: String(artifacts.length) },
        ...(inApps === 0 ? [] : [{ value: 'apps' as const, label: 'Other apps', detail: String(inApps) }]),
        ...owners.map(([owner, count]) => ({ value: owner, label: ownerLabel(owner), detail: String(count) })),
      ]}
    />
  );
}

export function isOfOwner(artifact: Artifact, choice: OwnerChoice): boolean {
  if (choice === 'all') return true;
  return choice === 'apps' ? isFromApp(artifact) : artifact.owner === choice;
}

/** The shared cache counts: other tools filled it. */
const isFromApp = (artifact: Artifact): boolean => isOtherApps(artifact.owner) || artifact.owner === 'hub-cache';
