import { Share } from 'lucide-react';
import { useState } from 'react';
import type { Artifact } from '#shared/contract/models.ts';
import { Button } from '../ui/Button.tsx';
import { HandOverDialog } from './HandOverDialog.tsx';

interface HandOverButtonProps {
  readonly model: Pick<Artifact, 'id' | 'name' | 'quant'>;
  readonly size?: 'sm' | 'default';
}

/** Offers ready commands and files that run a model without this app. */
export function HandOverButton({ model, size = 'default' }: HandOverButtonProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={Share} size={size} onClick={() => setOpen(true)}>
        Run it elsewhere
      </Button>
      {open ? <HandOverDialog model={model} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
