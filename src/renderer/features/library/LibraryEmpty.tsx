import { Compass, FolderInput, FolderPlus } from 'lucide-react';
import { navigate } from '../../router.ts';
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
            <Button variant="primary" icon={Compass} onClick={() => navigate({ screen: 'discover', repo: null, revision: null })}>
              Find a model
            </Button>
            <Button icon={FolderPlus} onClick={onAddFolder}>
              Add folder
            </Button>
            <Button icon={FolderInput} onClick={onImport}>
              Import
            </Button>
          </>
        }
      >
        Discover shows what fits this machine before it is downloaded. Files you already have: add their folder, used where it is, or import
        one. Everything here stays on this machine.
      </EmptyState>
    </div>
  );
}
