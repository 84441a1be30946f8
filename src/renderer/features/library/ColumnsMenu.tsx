import { Menu } from '@base-ui/react/menu';
import { Check, Columns3 } from 'lucide-react';
import { Icon } from '../../ui/Icon.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { type LibraryColumn, libraryColumns } from './columns.ts';

interface ColumnsMenuProps {
  readonly hidden: ReadonlySet<LibraryColumn>;
  readonly onToggle: (column: LibraryColumn) => void;
}

/** Which columns the table shows. */
export function ColumnsMenu({ hidden, onToggle }: ColumnsMenuProps) {
  return (
    <Menu.Root>
      <Menu.Trigger render={<IconButton icon={Columns3} label="Columns" className="btn" />} />
      <Menu.Portal>
        <Menu.Positioner className="layer" sideOffset={4} align="end" collisionPadding={8}>
          <Menu.Popup className="pop popup menu">
            {libraryColumns
              .filter(({ id }) => id !== 'name')
              .map(({ id, label, longLabel }) => (
                <Menu.CheckboxItem key={id} className="item" checked={!hidden.has(id)} onCheckedChange={() => onToggle(id)}>
                  <span className="mark">
                    <Menu.CheckboxItemIndicator>
                      <Icon of={Check} size={14} />
                    </Menu.CheckboxItemIndicator>
                  </span>
                  {longLabel ?? label}
                </Menu.CheckboxItem>
              ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
