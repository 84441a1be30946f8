import { useState } from 'react';
import type { Artifact, LoadedModel, LoadOptions, ModelSettings } from '#shared/contract/models.ts';
import { ContextControl } from '../../../fit/ContextControl.tsx';
import { ContextNote } from '../../../fit/ContextNote.tsx';
import { useFitMachine } from '../../../fit/useFitPlan.ts';
import { useFreshMachine } from '../../../fit/useFreshMachine.ts';
import { useSettings } from '../../../stores/settings.ts';
import { useSystem } from '../../../stores/system.ts';
import { Button } from '../../../ui/Button.tsx';
import { FitBadge } from '../../../ui/FitBadge.tsx';
import { fitWords } from '../../../ui/fitWords.ts';
import { Select } from '../../../ui/Select.tsx';
import { showError } from '../../../ui/showError.ts';
import { NumberParameter } from '../NumberParameter.tsx';
import { LoadPlanView } from './LoadPlanView.tsx';
import { attentionOptions, cacheOptions, keepAliveWord } from './loadChoices.ts';
import { useLoadPlan } from './useLoadPlan.ts';
import { useModelSettings } from './useModelSettings.ts';
import './loading.css';

interface LoadSettingsProps {
  readonly artifact: Artifact;
  /** The same as it is loaded; undefined while it is not. */
  readonly running: LoadedModel | undefined;
  /** Loads it just so, whatever is saved for it. */
  readonly onLoad: (options: LoadOptions) => Promise<unknown>;
}

/** How a model is loaded, with what that would take beside it: to be tried at once, or kept for every load of it. */
export function LoadSettings(props: LoadSettingsProps) {
  return <SettingsOf key={props.artifact.id} {...props} />;
}

function SettingsOf({ artifact, running, onLoad }: LoadSettingsProps) {
  useFreshMachine();
  const { draft, isChanged, isDefault, isRead, change, reset, save } = useModelSettings(artifact.id);
  const [busy, setBusy] = useState<'load' | 'save' | null>(null);
  const machine = useFitMachine();
  const cores = useSystem((state) => state.hardware?.cpu.logicalCores ?? null);
  const keptMinutes = useSettings((state) => state.settings?.keepAliveMinutes ?? null);
  const shown = useLoadPlan(artifact.id, draft.load, machine);
  const { plan } = shown;
  const fit = plan?.fit ?? null;
  const auto = plan?.options;
  const set = (load: Partial<LoadOptions>): void => change({ ...draft, load: { ...draft.load, ...load } });
  const act = async (kind: 'load' | 'save', work: () => Promise<unknown>): Promise<void> => {
    setBusy(kind);
    try {
      await work();
    } catch (thrown) {
      showError(kind === 'load' ? 'The model was not loaded' : 'The settings were not saved', thrown);
    } finally {
      setBusy(null);
    }
  };
  return (
    <section className="load-settings" aria-label="How it is loaded">
      <div className="p row spread">
        <h3 className="h3">How it is loaded</h3>
        {fit === null ? null : <FitBadge fit={fit} short />}
      </div>
      <div className="p">
        <ContextControl
          isStacked
          tokens={draft.load.contextTokens ?? auto?.contextTokens ?? running?.contextTokens ?? 8192}
          trainedTokens={artifact.contextTokens}
          fitsUpTo={fit?.maxContext ?? artifact.contextTokens}
          onChange={(contextTokens) => set({ contextTokens })}
          {...(fit === null ? {} : { outcome: fitWords(fit).words })}
          note={
            <>
              {draft.load.contextTokens === null ? 'Chosen by Rightsize. ' : null}
              <ContextNote fit={fit} trainedTokens={artifact.contextTokens} />
            </>
          }
        />
      </div>
      {machine !== null && machine.gpu === null && draft.load.gpuLayers === null ? null : (
        <NumberParameter
          label="GPU layers"
          title="Layers of the model that lie on the GPU; the rest runs on the processor"
          value={draft.load.gpuLayers}
          onChange={(gpuLayers) => set({ gpuLayers })}
          min={0}
          max={100_000}
          digits={0}
          emptyWord={autoWord(auto?.gpuLayers)}
          {...(fit === null ? {} : { slider: { min: 0, max: fit.layers, step: 1, whenEmpty: fit.gpuLayers } })}
        />
      )}
      <NumberParameter
        label="Threads"
        title="Of the processor that work on an answer"
        value={draft.load.threads}
        onChange={(threads) => set({ threads })}
        min={1}
        max={1024}
        digits={0}
        emptyWord={autoWord(auto?.threads)}
        {...(cores === null || cores < 2 ? {} : { slider: { min: 1, max: cores, step: 1, whenEmpty: auto?.threads ?? cores } })}
      />
      <NumberParameter
        label="Side by side"
        title="Requests answered at once, each with a context of its own"
        value={draft.load.sequences}
        onChange={(sequences) => set({ sequences })}
        min={1}
        max={64}
        digits={0}
        emptyWord={autoWord(auto?.sequences)}
      />
      <div className="p row spread">
        <span title="How exactly the context is kept in memory">Cache type</span>
        <Select
          label="Cache type"
          size="sm"
          value={draft.load.kvType ?? 'auto'}
          onChange={(kvType) => set({ kvType: kvType === 'auto' ? null : kvType })}
          options={cacheOptions({ auto: auto?.kvType ?? null, isPlainOnly: draft.load.flashAttention === false })}
        />
      </div>
      <div className="p row spread">
        <span title="A faster way to look back on the context; a quantised cache needs it">Flash attention</span>
        <Select
          label="Flash attention"
          size="sm"
          value={draft.load.flashAttention === null ? 'auto' : draft.load.flashAttention ? 'on' : 'off'}
          onChange={(attention) => change({ ...draft, load: withAttention(draft, attention) })}
          options={attentionOptions(auto?.flashAttention ?? null)}
        />
      </div>
      <NumberParameter
        label="Unload after"
        title="Minutes without use; 0 keeps it loaded"
        value={draft.keepAliveMinutes}
        onChange={(keepAliveMinutes) => change({ ...draft, keepAliveMinutes })}
        min={0}
        max={1440}
        digits={0}
        emptyWord={keepAliveWord(keptMinutes)}
      />
      <div className="p">
        <LoadPlanView shown={shown} running={running} />
      </div>
      <div className="p row acts">
        <Button
          size="sm"
          variant="primary"
          busy={busy === 'load' || running?.state === 'loading'}
          onClick={() => void act('load', () => onLoad(draft.load))}
        >
          {running === undefined ? 'Load now' : 'Load again'}
        </Button>
        <Button size="sm" busy={busy === 'save'} disabled={!isChanged} onClick={() => void act('save', save)}>
          Save as default
        </Button>
        <Button size="sm" variant="ghost" disabled={!isRead || isDefault} onClick={reset}>
          Reset
        </Button>
      </div>
      <p className="p note">{savedWords({ isChanged, isDefault, isRead })}</p>
    </section>
  );
}

const autoWord = (value: number | null | undefined): string => (value == null ? 'auto' : `auto: ${value.toLocaleString('en')}`);

/** Without flash attention there is no quantised cache: then Rightsize chooses one. */
function withAttention({ load }: ModelSettings, attention: 'auto' | 'on' | 'off'): LoadOptions {
  const flashAttention = attention === 'auto' ? null : attention === 'on';
  const isPlain = load.kvType === null || ['f32', 'f16', 'bf16'].includes(load.kvType);
  return { ...load, flashAttention, kvType: flashAttention === false && !isPlain ? null : load.kvType };
}

function savedWords({
  isChanged,
  isDefault,
  isRead,
}: {
  readonly isChanged: boolean;
  readonly isDefault: boolean;
  readonly isRead: boolean;
}): string {
  if (!isRead) return '';
  if (isChanged) return isDefault ? 'Save to let Rightsize decide again.' : 'Not saved: the next load is as before.';
  return isDefault ? 'Rightsize decides at each load.' : 'Saved: every load of this model is like this, in chats and for other programs.';
}
