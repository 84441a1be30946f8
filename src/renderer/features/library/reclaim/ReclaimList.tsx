import { formatGigabytes } from '#core/units.ts';
import type { ReclaimItem } from '#shared/contract/models.ts';
import { ownerLabel } from '#shared/ownerWords.ts';
import { Checkbox } from '../../../ui/Checkbox.tsx';
import { type ReclaimGroup, reclaimGroups, totalBytes } from './reclaimGroups.ts';

interface ReclaimListProps {
  readonly items: readonly ReclaimItem[];
  readonly chosen: ReadonlySet<string>;
  /** Why an item was kept, by its id. */
  readonly failures: ReadonlyMap<string, string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

export function ReclaimList({ items, chosen, failures, onChoose }: ReclaimListProps) {
  const choose = (ids: readonly string[], isChosen: boolean): void => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (isChosen) next.add(id);
      else next.delete(id);
    }
    onChoose(next);
  };
  return (
    <div className="reclaim">
      {reclaimGroups(items).map((group) => (
        <section key={group.kind} aria-label={group.title}>
          <GroupHead group={group} chosen={chosen} onChoose={choose} />
          <ul>
            {group.items.map((item) => (
              <li key={item.id} className={item.canDelete ? undefined : 'kept'}>
                <Checkbox
                  label={`${item.name}, ${formatGigabytes(item.sizeBytes)}`}
                  checked={chosen.has(item.id)}
                  disabled={!item.canDelete}
                  onChange={(isChosen) => choose([item.id], isChosen)}
                />
                <div className="grow min-w-0">
                  <div className="row">
                    <span className="ink sm ell">{item.name}</span>
                    {item.owner === null ? null : <span className="xs ink3 shrink-0">{ownerLabel(item.owner)}</span>}
                  </div>
                  <div className="xs ink2">
                    {item.reason}.{item.hint === null ? '' : ` ${item.hint}`}
                  </div>
                  <div className="mono xs ink3 ell" title={item.path}>
                    {item.path}
                  </div>
                  {failures.has(item.id) ? <div className="xs refused">{failures.get(item.id)}</div> : null}
                </div>
                <span className="ink sm shrink-0">{formatGigabytes(item.sizeBytes)}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface GroupHeadProps {
  readonly group: ReclaimGroup;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (ids: readonly string[], isChosen: boolean) => void;
}

function GroupHead({ group, chosen, onChoose }: GroupHeadProps) {
  const ids = group.items.filter((item) => item.canDelete).map((item) => item.id);
  const count = ids.filter((id) => chosen.has(id)).length;
  const freeable = totalBytes(group.items, new Set(ids));
  return (
    <div className="row spread group-head">
      <Checkbox
        checked={ids.length > 0 && count === ids.length}
        mixed={count > 0 && count < ids.length}
        disabled={ids.length === 0}
        onChange={(isChosen) => onChoose(ids, isChosen)}
      >
        <b className="ink med">{group.title}</b> <span className="xs ink3">{group.note}</span>
      </Checkbox>
      <span className="xs ink3 shrink-0">{ids.length === 0 ? 'other apps’' : formatGigabytes(freeable)}</span>
    </div>
  );
}
