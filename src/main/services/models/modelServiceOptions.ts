import type { ModelSettingsTable } from '#main/storage/modelSettingsTable.ts';
import type { RunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import type { Log } from '#shared/log.ts';
import type { FitService } from '../fit/fitService.ts';
import type { LibraryService } from '../library/libraryService.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import type { LoadPlannerOptions } from './loadPlanner.ts';

/** What the service of models is made of. */
export interface ModelServiceOptions extends LoadPlannerOptions {
  readonly library: Pick<LibraryService, 'require' | 'verify' | 'markUsed' | 'holdHashing' | 'subscribe'>;
  /** How each model is loaded where nothing else is asked for. */
  readonly modelSettings: ModelSettingsTable;
  readonly settings: Pick<SettingsService, 'read' | 'subscribe'>;
  readonly supervisor: RunnerSupervisor;
  /** Dry runs and calibration to plan with, and the record of what loads took. */
  readonly fit: Pick<FitService, 'simulate' | 'endDryRuns' | 'calibration' | 'record' | 'recordSpeed' | 'recordResident'>;
  /** Whether a process without a model is kept ready once a model was used. */
  readonly keepsSpare: boolean;
  /** Engine name and release, told by every load. */
  readonly onEngine: (engine: string) => void;
  readonly log: Log;
  readonly now: () => number;
}
