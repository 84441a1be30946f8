import { routeOf } from '../routeAddress.ts';
import { navigate } from '../router.ts';
import { changeDraft } from '../stores/runDraft.ts';
import { showToast } from '../ui/toast.ts';

interface Arrived {
  readonly artifactId: string;
  readonly name: string;
  readonly repo: string;
}

/** A model that a benchmark was asked for has arrived: its setup opens where the person still waits at its repo, else it is offered. */
export function offerBenchmark({ artifactId, name, repo }: Arrived): void {
  const setUp = (): void => {
    changeDraft({ modelIds: [artifactId] });
    navigate({ screen: 'benchmark' });
  };
  const route = routeOf(window.location.hash);
  const waitsHere = route.screen === 'discover' && route.repo?.toLowerCase() === repo.toLowerCase();
  const types = document.activeElement?.matches('input:not([type="radio"], [type="range"]), textarea') === true;
  if (waitsHere && !types) setUp();
  else showToast({ tone: 'done', title: `${name} is ready`, text: 'You asked to benchmark it.', action: { label: 'Set up', run: setUp } });
}
