import { Brain, PanelLeft, Settings2, SquarePen, Wrench } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AnswerShape } from '#shared/contract/chat.ts';
import { isDesktop } from '../../hostPipe.ts';
import { navigate } from '../../router.ts';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { toolsOffered } from './ToolsMenu.tsx';

interface ChatToolbarProps {
  readonly switcher: ReactNode;
  readonly shape: AnswerShape;
  readonly onNew: () => void;
  readonly panels: { readonly conversations: boolean; readonly parameters: boolean };
  readonly onTogglePanel: (panel: 'conversations' | 'parameters') => void;
}

export function ChatToolbar({ switcher, shape, onNew, panels, onTogglePanel }: ChatToolbarProps) {
  const tools = toolsOffered(shape.tools);
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
      <span className="chat-tags">
        {shape.thinking === 'on' ? (
          <Tag icon={Brain} size="lg">
            Reasoning
          </Tag>
        ) : null}
        {tools.length === 0 ? null : (
          <Tag icon={Wrench} size="lg" title={tools.join(', ')}>
            Tools
          </Tag>
        )}
      </span>
      <div className="end">
        <Segmented<'chat' | 'compare'>
          label="Chat or compare"
          value="chat"
          onChange={(view) => (view === 'compare' ? navigate({ screen: 'compare', comparisonId: null }) : undefined)}
          options={[
            { value: 'chat', label: 'Chat' },
            { value: 'compare', label: 'Compare' },
          ]}
        />
        <Button icon={SquarePen} {...(isDesktop ? { keys: ['Ctrl N'] } : {})} onClick={onNew}>
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
