import { Ellipsis, FileDown, FileUp } from 'lucide-react';
import { useRef } from 'react';
import { exportChats, importChats } from '../../stores/chatFiles.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { showError } from '../../ui/showError.ts';
import { showToast } from '../../ui/toast.ts';

/** Chats out to a file and in from one. */
export function ListMenu({ onOpen }: { readonly onOpen: (conversationId: string) => void }) {
  const field = useRef<HTMLInputElement | null>(null);

  async function take(file: File): Promise<void> {
    try {
      const { conversations, skipped } = await importChats(file);
      const [first] = conversations;
      const count = conversations.length === 1 ? '1 chat imported' : `${conversations.length} chats imported`;
      showToast({
        tone: skipped === 0 ? 'done' : 'warning',
        title: skipped === 0 ? count : `${count}, ${skipped} could not be read`,
        ...(first === undefined ? {} : { action: { label: 'Open', run: () => onOpen(first.id) } }),
      });
    } catch (thrown) {
      showError('The chats were not imported', thrown);
    }
  }

  return (
    <>
      <input
        ref={field}
        type="file"
        accept=".json,.jsonl,application/json"
        hidden
        aria-label="File with chats"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file !== undefined) void take(file);
          event.target.value = '';
        }}
      />
      <Menu
        align="end"
        trigger={
          <button type="button" className="ib" aria-label="Import and export">
            <Icon of={Ellipsis} size={16} />
          </button>
        }
        actions={[
          { label: 'Import chats', icon: FileUp, run: () => field.current?.click() },
          {
            label: 'Export all as JSON',
            icon: FileDown,
            run: () => void exportChats(null, 'json').catch((thrown: unknown) => showError('The chats were not exported', thrown)),
          },
        ]}
      />
    </>
  );
}
