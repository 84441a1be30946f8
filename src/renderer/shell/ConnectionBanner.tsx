import { Unplug } from 'lucide-react';
import { reconnectNow, useConnection } from '../stores/rpc.ts';
import { Banner } from '../ui/Banner.tsx';
import { Button } from '../ui/Button.tsx';

/** Says that the app is out of reach, and that it is being looked for. */
export function ConnectionBanner() {
  const state = useConnection((connection) => connection.state);
  if (state !== 'lost') return null;
  return (
    <Banner
      className="shell-banner"
      tone="bad"
      icon={Unplug}
      title="Rightsize does not answer"
      actions={
        <Button size="sm" onClick={reconnectNow}>
          Connect again
        </Button>
      }
    >
      What you see is from before. It tries again by itself; after a restart of rightsize serve, open the address it prints.
    </Banner>
  );
}
