import { FolderInput, FolderPlus } from 'lucide-react';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { RulerPicture } from '../../ui/RulerPicture.tsx';

interface LibraryEmptyProps {
  readonly scanning: boolean;
  readonly onImport: () => void;
  readonly onAddFolder: () => void;
}

export function LibraryEmpty({ scanning, onImport, onAddFolder }: LibraryEmptyProps) {
  return (
    <div className="grow grid place-items-center">
      <EmptyState
        picture={<RulerPicture />}
        title={scanning ? 'Reading your folders' : 'No models yet'}
        actions={
          <>
            <Button variant="primary" icon={FolderPlus} onClick={onAddFolder}>
              Add folder
            </Button>
            <Button icon={FolderInput} onClick={onImport}>
              Import
            </Button>
          </>
        }
      >
        Add a folder with GGUF files, used where they are, or import one file. Everything here stays on this machine.
      </EmptyState>
    </div>
  );
}
