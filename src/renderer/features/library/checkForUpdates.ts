import { rpc } from '../../stores/rpc.ts';
import { showError } from '../../ui/showError.ts';
import { showToast } from '../../ui/toast.ts';

/** Asks the hub about every model with a known origin, and says what came of it. */
export async function checkForUpdates(): Promise<void> {
  try {
    const { checked, found } = await rpc.call('library.checkUpdates', {});
    if (checked === 0) return showToast({ title: 'Nothing to check', text: 'No model here has a known place on the hub.' });
    const models = checked === 1 ? '1 model' : `${checked} models`;
    showToast({
      tone: found === 0 ? 'done' : 'info',
      title: found === 0 ? 'All are the newest' : `Newer files for ${found} of ${models}`,
      text: found === 0 ? `${models} compared with the hub.` : 'They are marked in the list. Nothing was downloaded.',
    });
  } catch (thrown) {
    showError('The hub was not asked', thrown);
  }
}
