import type { PowerSource } from '#main/services/system/powerSource.ts';
import type { ThermalState } from '#main/services/system/thermalState.ts';

/** What a run asks of the machine it runs on. None of these ever throws. */
export interface MachineReadings {
  cores(): Promise<number>;
  availableMemory(): Promise<number>;
  power(): Promise<PowerSource>;
  heat(): Promise<ThermalState | null>;
}
