import type { ChatCall } from '#shared/contract/chat.ts';
import { useShortcut } from '../../shell/useShortcut.ts';
import { Button } from '../../ui/Button.tsx';
import { consentWords } from './callWords.ts';

interface ConsentBarProps {
  readonly call: Pick<ChatCall, 'name'>;
  readonly onDecide: (decision: 'once' | 'always' | 'refuse') => void;
}

/** Asks whether a call may run. The focus stays where the person is: a key that was meant for something else must not run code. */
export function ConsentBar({ call, onDecide }: ConsentBarProps) {
  const words = consentWords(call);
  useShortcut('Ctrl+Enter', () => onDecide('once'));
  useShortcut('Ctrl+Shift+Enter', () => onDecide('always'));
  useShortcut('Ctrl+Shift+Backspace', () => onDecide('refuse'));
  return (
    <div className="consent" role="alert">
      <div className="grow">
        <p className="ink med">{words.title}</p>
        <p className="note">{words.note}</p>
      </div>
      <div className="row" role="group" aria-label={words.title}>
        <Button size="sm" variant="ghost" onClick={() => onDecide('refuse')} title="Ctrl Shift Backspace">
          Refuse
        </Button>
        <Button size="sm" onClick={() => onDecide('always')} title="Ctrl Shift Enter">
          Always in this chat
        </Button>
        <Button size="sm" variant="primary" keys={['Ctrl', 'Enter']} onClick={() => onDecide('once')}>
          Run once
        </Button>
      </div>
    </div>
  );
}
