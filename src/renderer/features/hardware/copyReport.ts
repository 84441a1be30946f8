import type { About, DoctorCheck, Hardware } from '#shared/contract/system.ts';
import { rpc } from '../../stores/rpc.ts';
import { copyText } from '../../ui/copyText.ts';
import { machineFacts } from '../../ui/machineWords.ts';
import { showError } from '../../ui/showError.ts';
import { showToast } from '../../ui/toast.ts';

/** Puts what is known about this machine on the clipboard, ready for a bug report. It contains no file names. */
export async function copyReport(): Promise<void> {
  try {
    const [about, hardware, doctor] = await Promise.all([
      rpc.call('system.about', {}),
      rpc.call('system.hardware', { refresh: false }),
      rpc.call('system.doctor', {}),
    ]);
    const copied = await copyText(reportText(about, hardware, doctor.checks));
    showToast(
      copied
        ? { tone: 'done', title: 'Report copied', text: 'Nothing left this machine.' }
        : { tone: 'warning', title: 'The report was not copied', text: 'The browser does not let this page use the clipboard.' },
    );
  } catch (thrown) {
    showError('The report was not made', thrown);
  }
}

function reportText(about: About, hardware: Hardware, checks: readonly DoctorCheck[]): string {
  const runtime = about.electron === null ? `Node ${about.node}` : `Electron ${about.electron}, Node ${about.node}`;
  return [
    `Rightsize ${about.version} (${about.host}), ${about.platform}, ${runtime}, engine ${about.engine ?? 'unknown'}`,
    ...machineFacts(hardware).map((fact) => `${fact.label}: ${fact.value}, ${fact.detail}`),
    `Processor instructions: ${hardware.cpu.features.join(' ') || '–'}`,
    ...checks.map((check) => `${check.ok ? 'ok  ' : 'FAIL'} ${check.id}`),
  ].join('\n');
}
