import { useEffect, useState } from 'react';
import { formatCount, formatGigabytes } from '#core/units.ts';
import type { Artifact, Inspection } from '#shared/contract/models.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { onConnected, rpc } from '../../stores/rpc.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';

interface InspectionSectionsProps {
  readonly artifact: Artifact;
}

const shownKeys = 10;

/** What the GGUF header says: shape, tensor types, metadata, chat template. Read when it is looked at. */
export function InspectionSections({ artifact }: InspectionSectionsProps) {
  const [inspection, setInspection] = useState<Inspection | null>(null);
  const [problem, setProblem] = useState<RpcErrorData | null>(null);
  const [allKeys, setAllKeys] = useState(false);
  const { id } = artifact;
  useEffect(
    () =>
      onConnected((signal) => {
        rpc.call('library.inspect', { id }, { signal }).then(
          (value) => {
            setInspection(value);
            setProblem(null);
          },
          (thrown: unknown) => {
            if (!signal.aborted) setProblem(toRpcErrorData(thrown));
          },
        );
      }),
    [id],
  );

  if (problem !== null)
    return (
      <div className="sec">
        <ErrorState title="The header cannot be read" error={problem} />
      </div>
    );
  if (inspection === null) return <Skeleton label="Reading the header" rows={5} />;
  const keys = allKeys ? inspection.metadata : inspection.metadata.slice(0, shownKeys);
  return (
    <>
      <section className="sec">
        <h3 className="h3">Shape</h3>
        <dl className="kv">
          {shapeOf(inspection).map(([name, value]) => (
            <div key={name} className="contents">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="sec">
        <h3 className="h3">Tensor types</h3>
        <dl className="kv mono meta">
          {inspection.tensorTypes.map((entry) => (
            <div key={entry.type} className="contents">
              <dt>{entry.type}</dt>
              <dd>
                {formatCount(entry.count)} tensors, {formatGigabytes(entry.bytes)}
              </dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="sec">
        <div className="row spread">
          <h3 className="h3">GGUF metadata</h3>
          {inspection.metadata.length > shownKeys ? (
            <Button variant="ghost" size="sm" className="-mr-2" aria-expanded={allKeys} onClick={() => setAllKeys(!allKeys)}>
              {allKeys ? 'Fewer' : `All ${inspection.metadata.length} keys`}
            </Button>
          ) : null}
        </div>
        <dl className="kv mono meta">
          {keys.map((entry) => (
            <div key={entry.key} className="contents">
              <dt title={entry.key}>{entry.key}</dt>
              <dd title={entry.value}>{entry.value}</dd>
            </div>
          ))}
        </dl>
      </section>
      {inspection.chatTemplate === null ? null : (
        <section className="sec">
          <details className="more">
            <summary>Chat template, {formatCount(inspection.chatTemplate.length)} characters</summary>
            <pre className="code template">{inspection.chatTemplate}</pre>
          </details>
        </section>
      )}
    </>
  );
}

function shapeOf(inspection: Inspection): readonly (readonly [string, string])[] {
  const count = (value: number | null): string => (value === null ? '–' : formatCount(value));
  const heads =
    inspection.headCountKv === null
      ? count(inspection.headCount)
      : `${count(inspection.headCount)}, ${count(inspection.headCountKv)} for keys and values`;
  return [
    ['Layers', count(inspection.blockCount)],
    ['Width', count(inspection.embeddingLength)],
    ['Heads', heads],
    ['Vocabulary', count(inspection.vocabularySize)],
    ['Bits per weight', inspection.bitsPerWeight === null ? '–' : inspection.bitsPerWeight.toFixed(1)],
    ['Tensors', count(inspection.tensorCount)],
    ['GGUF version', String(inspection.version)],
    ...(inspection.shard === null ? [] : [['Split', `${inspection.shard.total} files`] as const]),
  ];
}
