import type { WhatFits } from '#core/fit/reference/whatFits.ts';
import { useModels } from '../../stores/models.ts';
import { rpc } from '../../stores/rpc.ts';
import { useSettings } from '../../stores/settings.ts';
import { copyText } from '../../ui/copyText.ts';
import { showError } from '../../ui/showError.ts';
import { showToast } from '../../ui/toast.ts';
import { reportText } from './reportText.ts';

const recentLoads = 10;

/** Puts what is known about this machine on the clipboard, ready for a bug report. @param grid as it stands on the page */
export async function copyReport(grid: WhatFits | null): Promise<void> {
  try {
    const [about, hardware, doctor, observed] = await Promise.all([
      rpc.call('system.about', {}),
      rpc.call('system.hardware', { refresh: false }),
      rpc.call('system.doctor', {}),
      rpc.call('fit.observations', { artifactId: null, limit: recentLoads }),
    ]);
    const { settings } = useSettings.getState();
    const { loaded } = useModels.getState();
    const text = reportText({ about, hardware, checks: doctor.checks, settings, grid, loaded, loads: observed.observations });
    showToast(
      (await copyText(text))
        ? { tone: 'done', title: 'Report copied', text: 'Nothing left this machine.' }
        : { tone: 'warning', title: 'The report was not copied', text: 'The browser does not let this page use the clipboard.' },
    );
  } catch (thrown) {
    showError('The report was not made', thrown);
  }
}
