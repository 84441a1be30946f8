import { useEffect } from 'react';
import { isDesktop } from '../../hostPipe.ts';
import { addressOf, navigate } from '../../router.ts';
import { rpc } from '../../stores/rpc.ts';
import { QuickPrompt } from './QuickPrompt.tsx';

/** The quick prompt alone: the whole of the desktop's small window. */
export function QuickPromptPage() {
  useEffect(() => {
    document.title = 'Quick prompt - Rightsize';
  }, []);
  return (
    <main className="quick-page">
      <QuickPrompt onClose={close} onOpenChat={openChat} />
    </main>
  );
}

function close(): void {
  if (isDesktop) void rpc.call('desktop.hideQuickPrompt', {}).catch(() => undefined);
  else navigate({ screen: 'chat', conversationId: null });
}

function openChat(conversationId: string): void {
  const chat = { screen: 'chat', conversationId } as const;
  if (!isDesktop) return navigate(chat);
  void rpc
    .call('desktop.showPage', { address: addressOf(chat) })
    .then(close)
    .catch(() => undefined);
}
