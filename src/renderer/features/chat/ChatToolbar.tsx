import { PanelLeft, Settings2, SquarePen } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';

interface ChatToolbarProps {
  readonly switcher: ReactNode;
  readonly onNew: () => void;
  readonly panels: { readonly conversations: boolean; readonly parameters: boolean };
  readonly onTogglePanel: (panel: 'conversations' | 'parameters') => void;
}

export function ChatToolbar({ switcher, onNew, panels, onTogglePanel }: ChatToolbarProps) {
  return (
    <div className="bar-top">
      <h1 className="sr">Chat</h1>
      <IconButton
        icon={PanelLeft}
        label={panels.conversations ? 'Hide conversations' : 'Show conversations'}
        aria-pressed={panels.conversations}
        className="only-narrow"
        onClick={() => onTogglePanel('conversations')}
      />
      {switcher}
      <div className="end">
        <Button icon={SquarePen} keys={['Ctrl N']} onClick={onNew}>
          New
        </Button>
        <IconButton
          icon={Settings2}
          label={panels.parameters ? 'Hide parameters' : 'Show parameters'}
          aria-pressed={panels.parameters}
          className={panels.parameters ? 'is-on' : ''}
          onClick={() => onTogglePanel('parameters')}
        />
      </div>
    </div>
  );
}
