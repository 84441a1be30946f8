import { Command } from 'commander';
import { type DoctorCheck, systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { exitCodes } from '../exitCodes.ts';
import { openStandaloneSystem } from '../standaloneSystem.ts';

/** `doctor`: whether everything is in place. A data folder that can't be opened is a finding and not the end. */
export function doctorCommand(context: CommandContext): Command {
  return new Command('doctor').description('check that everything is in place').action(async () => {
    const checks = await findings(context);
    context.output.document({ checks });
    if (!context.output.json) {
      const lines = checks.flatMap((check) => [
        `${check.ok ? 'ok   ' : 'FAIL '} ${check.id.padEnd(14)} ${check.detail}`,
        ...(check.ok || check.hint === null ? [] : [`${' '.repeat(21)}${check.hint}`]),
      ]);
      context.output.text(`${lines.join('\n')}\n`);
    }
    if (checks.some((check) => !check.ok)) context.exitWith(exitCodes.failed);
  });
}

async function findings(context: CommandContext): Promise<readonly DoctorCheck[]> {
  try {
    const { system, library } = await context.services();
    await library.whenScanned();
    return await system.doctor({ opensSandbox: true });
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return [...(await machineFindings(context)), folderFinding(error)];
  }
}

/** What can be said without the data folder. */
async function machineFindings(context: CommandContext): Promise<readonly DoctorCheck[]> {
  const { system, close } = openStandaloneSystem(context.ports);
  try {
    const machine: readonly string[] = ['node', 'disk', 'engine', 'gpu', 'memory'];
    return (await system.doctor()).filter((check) => machine.includes(check.id));
  } finally {
    await close();
  }
}

/** A folder that is in use is in good hands. */
function folderFinding({ code, message, hint }: RpcError): DoctorCheck {
  if (code === systemErrors.dataFolderInUse) return { id: 'data-folder', ok: true, detail: message, hint: null };
  const isDatabase = code === systemErrors.databaseNewer || code === systemErrors.databaseBroken;
  return { id: isDatabase ? 'database' : 'data-folder', ok: false, detail: message, hint: hint ?? null };
}
