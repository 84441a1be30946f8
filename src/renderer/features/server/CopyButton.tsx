import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { copyText } from '../../ui/copyText.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { showToast } from '../../ui/toast.ts';
import { tryOr } from './serverActions.ts';

interface CopyButtonProps {
  /** What it copies, in words: `Copy address`. */
  readonly label: string;
  /** Read when it is pressed: a key is not kept for it. */
  readonly text: () => string | Promise<string>;
  /** Words beside the icon; without them it is an icon alone. */
  readonly words?: string;
  readonly disabled?: boolean;
}

const shownMs = 1500;

/** Puts a text on the clipboard and says so for a moment. */
export function CopyButton({ label, text, words, disabled = false }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => {
    void tryOr('It was not copied', async () => {
      if (await copyText(await text())) setCopied(true);
      else showToast({ tone: 'warning', title: 'The browser did not let it copy', text: 'Mark the text and copy it by hand.' });
    });
  };
  const icon = copied ? Check : Copy;
  return words === undefined ? (
    <IconButton icon={icon} label={copied ? 'Copied' : label} size="sm" disabled={disabled} onClick={copy} />
  ) : (
    <Button icon={icon} size="sm" aria-label={label} disabled={disabled} onClick={copy}>
      {copied ? 'Copied' : words}
    </Button>
  );
}
