import { navigate } from '../router.ts';
import { changeDraft } from '../stores/runDraft.ts';
import { showToast } from '../ui/toast.ts';

/** A model that a benchmark was asked for has arrived: its setup opens where the person still waits on Discover, else it is offered. */
export function offerBenchmark({ artifactId, name }: { readonly artifactId: string; readonly name: string }): void {
  const setUp = (): void => {
    changeDraft({ modelIds: [artifactId] });
    navigate({ screen: 'benchmark' });
  };
  if (window.location.hash.startsWith('#/discover')) setUp();
  else showToast({ tone: 'done', title: `${name} is ready`, text: 'You asked to benchmark it.', action: { label: 'Set up', run: setUp } });
}
