import type { LabelledItem } from '#core/bench/labelledItem.ts';
import type { Scenario } from '#core/bench/planRun.ts';
import type { EndpointService } from '#main/services/endpoints/endpointService.ts';
import type { LibraryService } from '#main/services/library/libraryService.ts';
import type { ModelService } from '#main/services/models/modelService.ts';
import type { RunModel, RunRow } from '#main/storage/runTable.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import type { Answerer } from './answerer.ts';
import type { AnswerAids } from './askItem.ts';
import type { LaneRunner } from './laneRunner.ts';
import type { MachineReadings } from './machineReadings.ts';
import type { RunControl } from './runControl.ts';
import type { WorkSampler } from './sampler.ts';

/** One model's part of a run. */
export interface ModelTask {
  readonly run: RunRow;
  readonly model: RunModel;
  /** All that the plan asks of it. */
  readonly planned: readonly Scenario[];
  /** What is still to be made, in the order of the plan. */
  readonly pending: readonly Scenario[];
  /** What earlier sittings made of it. */
  readonly journaled: readonly JournaledSample[];
  /** The labelled item of an `answer` scenario. */
  itemOf(scenario: Scenario): LabelledItem;
}

/** What the run wants to know while a model is at work. `journal` throws when the disk is full. */
export interface ModelRunEvents {
  onLoaded(runner: LaneRunner): void;
  /** How many answer at the same time from now on. */
  onLanes(lanes: number): void;
  /** Lane 0 is the one that is watched. */
  onStarted(scenario: Scenario, asking: { readonly input: string; readonly lane: number; readonly answerer: Answerer }): void;
  onText(text: string, lane: number): void;
  journal(samples: readonly JournaledSample[]): void;
  /** A reason to leave the labelled scenarios that are still to come, once there is one. */
  reasonToStop(): RpcErrorData | null;
}

export interface ModelRunNeeds {
  readonly models: Pick<ModelService, 'fresh'>;
  readonly library: Pick<LibraryService, 'get' | 'refresh' | 'whenHashed' | 'holdHashing'>;
  readonly endpoints: Pick<EndpointService, 'get' | 'generate'>;
  /** Tools and the sandbox that answers with tools or code need. */
  readonly aids: AnswerAids;
  readonly readings: MachineReadings;
  /** Sensors that watch while something is made. */
  readonly sampler: Pick<WorkSampler, 'startSampling'>;
  readonly control: RunControl;
  readonly now: () => number;
}

/** How a model's part of a run ended: all asked, stopped by the user, or given up for a reason that is journaled with what was left. */
export type ModelRunEnd =
  | { readonly kind: 'finished'; readonly sha256: string | null }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'gave-up'; readonly problem: RpcErrorData };
