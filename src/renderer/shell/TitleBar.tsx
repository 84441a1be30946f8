import { ArrowLeft, ArrowRight, Search } from 'lucide-react';
import { useHistory } from '../router.ts';
import { Icon } from '../ui/Icon.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Kbd } from '../ui/Kbd.tsx';
import { Brand } from './Brand.tsx';

interface TitleBarProps {
  readonly onOpenPalette: () => void;
}

/** Brand, history, command field. Window buttons are drawn by the system, not here. */
export function TitleBar({ onOpenPalette }: TitleBarProps) {
  const { canGoBack, canGoForward } = useHistory();
  return (
    <header className="titlebar">
      <Brand />
      <div className="tb-nav">
        <IconButton icon={ArrowLeft} label="Back" keys={['Alt', '←']} disabled={!canGoBack} onClick={() => history.back()} />
        <IconButton icon={ArrowRight} label="Forward" keys={['Alt', '→']} disabled={!canGoForward} onClick={() => history.forward()} />
      </div>
      <button type="button" className="cmd" onClick={onOpenPalette} aria-haspopup="dialog" aria-keyshortcuts="Control+K">
        <Icon of={Search} size={14} />
        <span className="ell">Go to a model, chat or command</span>
        <span className="row gap-1 ml-auto">
          <Kbd keys={['Ctrl', 'K']} />
        </span>
      </button>
    </header>
  );
}
