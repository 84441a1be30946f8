import type { SandboxAvailability } from '#main/services/sandbox/pythonSandbox.ts';
import type { DoctorCheck } from '#shared/contract/system.ts';

/**
 * Whether Python of models can be run. Having no browser for it is no fault: what needs one is left out of a benchmark and said to be.
 * @param availability null where nobody has opened the sandbox yet.
 */
export function checkSandbox(availability: SandboxAvailability | null): DoctorCheck {
  if (availability === null)
    return { id: 'sandbox', ok: true, detail: 'The Python sandbox is opened when code of a model is to be run', hint: null };
  if (availability.isAvailable) return { id: 'sandbox', ok: true, detail: `Python of models runs in ${availability.detail}`, hint: null };
  const { isBroken, reason, hint } = availability;
  if (isBroken) return { id: 'sandbox', ok: false, detail: reason, hint };
  return { id: 'sandbox', ok: true, detail: `${reason} What needs it is left out of benchmarks. ${hint}`, hint: null };
}
