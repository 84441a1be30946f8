import { plainGpuName } from '#core/machine/gpuBandwidth.ts';
import type { GpuDevice } from '#shared/contract/runner.ts';
import type { HardwareLoad } from '#shared/contract/system.ts';
import type { Log } from '#shared/log.ts';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import type { DeviceReport } from '../probeDevices.ts';
import { describeDevices, describeLoad, type MachineMemory } from './describeDevices.ts';
import type { GpuCard } from './gpuCard.ts';
import type { GpuCards } from './gpuCards.ts';

export interface GpuFacts {
  /** The engine's devices: asked of it once, their free memory read anew each time. None where no runner starts. */
  devices(): Promise<GpuDevice[]>;
  /** What the system shows, whether the engine can use it or not. */
  cards(): Promise<readonly GpuCard[]>;
  /** The next `devices` asks the engine again. */
  forget(): void;
  /** For the live page; never asks the engine. */
  readonly live: { start(): void; read(): Promise<HardwareLoad['gpus']>; stop(): Promise<void> };
  dispose(): Promise<void>;
}

/** The GPUs of this machine: what the engine can use, with what the system's own tools tell of it. */
export function createGpuFacts(options: {
  readonly probe: () => Promise<DeviceReport>;
  readonly cards: GpuCards;
  readonly memory: () => Promise<MachineMemory>;
  readonly platform: NodeJS.Platform;
  readonly log: Log;
}): GpuFacts {
  const { cards } = options;
  let asking: Promise<readonly GpuDevice[]> | undefined;
  let known: readonly GpuDevice[] = [];

  async function askOnce(): Promise<readonly GpuDevice[]> {
    asking ??= options
      .probe()
      .then(({ devices }) => (options.platform === 'win32' ? withControllers(devices) : devices))
      .then(
        (devices) => {
          known = devices;
          return devices;
        },
        (error: unknown) => {
          asking = undefined;
          options.log.warn('system.probe-failed', { reason: toRpcErrorData(error).code });
          return [];
        },
      );
    return await asking;
  }

  return {
    async devices() {
      const devices = await askOnce();
      if (devices.length === 0) return [];
      const [seen, memory] = await Promise.all([cards.read(), options.memory()]);
      return describeDevices(devices, seen, memory);
    },
    cards: () => cards.read(),
    forget() {
      asking = undefined;
    },
    live: {
      start: () => cards.start(),
      read: async () => describeLoad(known, await cards.latest()),
      stop: () => cards.stop(),
    },
    dispose: async () => void (await Promise.allSettled([asking])),
  };
}

/** Of several devices the engine tells no memory each. Windows does, for cards of any maker, where as many have the name. */
async function withControllers(devices: readonly GpuDevice[]): Promise<readonly GpuDevice[]> {
  if (devices.every((device) => device.vramBytes !== null)) return devices;
  const { graphics } = await import('systeminformation');
  const controllers = (await graphics().catch(() => undefined))?.controllers ?? [];
  return devices.map((device) => {
    const name = plainGpuName(device.name);
    const named = controllers.filter((controller) => plainGpuName(controller.model) === name);
    const alike = devices.filter((other) => plainGpuName(other.name) === name);
    const mebibytes = named.length === alike.length ? named[alike.indexOf(device)]?.vram : undefined;
    return { ...device, vramBytes: device.vramBytes ?? (typeof mebibytes === 'number' && mebibytes > 0 ? mebibytes * 2 ** 20 : null) };
  });
}
