import { Command } from 'commander';
import type { DoctorCheck } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { exitCodes } from '../exitCodes.ts';

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
    return await system.doctor();
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return [{ id: error.code, ok: false, detail: error.message, hint: error.hint ?? null }];
  }
}
