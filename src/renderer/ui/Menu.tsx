import { Menu as Base } from '@base-ui/react/menu';
import type { LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import { Icon } from './Icon.tsx';
import { leaveToShortcuts } from './leaveToShortcuts.ts';

export interface MenuAction {
  readonly label: string;
  readonly run: () => void;
  readonly icon?: LucideIcon;
  readonly detail?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
}

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  /** Null draws a line between groups. */
  readonly actions: readonly (MenuAction | null)[];
  readonly align?: 'start' | 'end';
}

export function Menu({ trigger, actions, align = 'start' }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} onKeyDown={leaveToShortcuts} />
      <Base.Portal>
        <Base.Positioner className="layer" sideOffset={4} align={align} collisionPadding={8}>
          <Base.Popup className="pop popup menu">
            {actions.map((action, index) =>
              action === null ? (
                <Base.Separator key={`line-${actions[index - 1]?.label ?? ''}`} className="separator" />
              ) : (
                <Base.Item
                  key={action.label}
                  className={action.danger ? 'item danger' : 'item'}
                  disabled={action.disabled ?? false}
                  onClick={action.run}
                >
                  {action.icon === undefined ? null : <Icon of={action.icon} size={15} />}
                  {action.label}
                  {action.detail === undefined ? null : <span className="end">{action.detail}</span>}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
