import type { HostPorts } from '#main/services/hostPorts.ts';
import { createSystemService } from '#main/services/system/createSystemService.ts';
import type { SystemService } from '#main/services/system/systemService.ts';
import { openDatabase } from '#main/storage/database.ts';
import { createRunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';

/**
 * What this machine is, without the data folder: for when another instance holds it, or when it can't be opened. What is measured
 * is not remembered.
 */
export function openStandaloneSystem(ports: HostPorts): { readonly system: SystemService; close(): Promise<void> } {
  const database = openDatabase(':memory:');
  const supervisor = createRunnerSupervisor({ spawnRunner: ports.spawnRunner, log: ports.log });
  const system = createSystemService({
    ports,
    database,
    supervisor,
    log: ports.log,
    now: Date.now,
    runnersResidentBytes: async () => 0,
    artifacts: async () => [],
  });
  return {
    system,
    close: async () => {
      await system.dispose();
      await supervisor.dispose();
      database.close();
    },
  };
}
