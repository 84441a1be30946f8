import { Tabs } from '@base-ui/react/tabs';
import { useState } from 'react';
import type { Artifact } from '#shared/contract/models.ts';
import type { ServerState } from '#shared/contract/server.ts';
import { HandOverButton } from '../../handOver/HandOverButton.tsx';
import { useLibrary } from '../../stores/library.ts';
import { useModels } from '../../stores/models.ts';
import { readServerKey } from '../../stores/server.ts';
import { ScrollBox } from '../../ui/ScrollBox.tsx';
import { Select } from '../../ui/Select.tsx';
import { CopyButton } from './CopyButton.tsx';
import { codeSample, colourCode, type SampleKind, sampleKinds } from './codeSamples.ts';
import { maskedKey } from './serverWords.ts';

interface CodeSamplesProps {
  readonly server: ServerState;
  /** Null while it is hidden. */
  readonly shownKey: string | null;
}

/** Programs that ask the chosen model. The key is hidden in them as above, and copied with them. */
export function CodeSamples({ server, shownKey }: CodeSamplesProps) {
  const [kind, setKind] = useState<SampleKind>('Python');
  const [chosen, setChosen] = useState<string | null>(null);
  const artifacts = useLibrary((state) => state.artifacts);
  const loaded = useModels((state) => state.loaded);
  const usable = artifacts.filter((artifact) => artifact.state === 'ready');
  const model =
    usable.find((artifact) => artifact.id === chosen) ??
    usable.find((artifact) => loaded.some(({ artifactId }) => artifactId === artifact.id)) ??
    usable[0];
  const url = server.url ?? `http://127.0.0.1:${server.settings.port === 0 ? 'PORT' : server.settings.port}`;
  const { requiresKey } = server.settings;
  const sample = (key: string | null): string => codeSample(kind, { url, model: model?.id ?? 'a-model', key: requiresKey ? key : null });
  const hidden = server.keyHint === null ? '••••' : maskedKey(server.keyHint).replaceAll(/•+/g, '…');
  return (
    <section className="card samples" aria-label="Code samples">
      <Tabs.Root value={kind} onValueChange={(next) => setKind(next as SampleKind)} className="samples-tabs">
        <header>
          <Tabs.List className="sample-kinds" aria-label="Language">
            {sampleKinds.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {name}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <span className="grow" />
          {model === undefined ? null : (
            <Select
              label="Model in the sample"
              size="sm"
              value={model.id}
              onChange={setChosen}
              options={usable.map((artifact) => ({ value: artifact.id, label: labelOf(artifact) }))}
              className="sample-model"
            />
          )}
          <CopyButton label="Copy sample" words="Copy" text={async () => sample(requiresKey ? await readServerKey() : null)} />
        </header>
        {sampleKinds.map((name) => (
          <Tabs.Panel key={name} value={name} className="samples-panel" tabIndex={-1}>
            <ScrollBox label="Sample" className="code">
              <pre>
                {colourCode(sample(shownKey ?? hidden)).map((piece, index) =>
                  piece.kind === null ? (
                    piece.text
                  ) : (
                    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have nothing but their place
                    <span key={index} className={piece.kind}>
                      {piece.text}
                    </span>
                  ),
                )}
              </pre>
            </ScrollBox>
          </Tabs.Panel>
        ))}
      </Tabs.Root>
      {model === undefined ? null : (
        <footer className="row spread">
          <span className="note">When this machine is too small</span>
          <HandOverButton model={model} size="sm" />
        </footer>
      )}
    </section>
  );
}

const labelOf = (artifact: Artifact): string => (artifact.quant === null ? artifact.name : `${artifact.name} ${artifact.quant}`);
