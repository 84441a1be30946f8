import { create } from 'zustand';
import type { About, Hardware, HardwareLoad } from '#shared/contract/system.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { whenFirstScreenIsShown } from './firstScreen.ts';
import { follow, onConnected, rpc } from './rpc.ts';

interface SystemState {
  readonly about: About | null;
  readonly hardware: Hardware | null;
  readonly hardwareProblem: RpcErrorData | null;
  readonly measuring: boolean;
  /** The last minute while somebody looks, oldest first. */
  readonly load: readonly HardwareLoad[];
}

export const useSystem = create<SystemState>(() => ({ about: null, hardware: null, hardwareProblem: null, measuring: false, load: [] }));

const keptReadings = 61;
/** After a longer pause the minute starts again: nobody looked, so nothing was read. */
const longestGapMs = 3000;

/** Reads what this app and this machine are, after each connection. @returns how to stop. */
export function followSystem(): () => void {
  return onConnected((signal) => {
    void rpc.call('system.about', {}, { signal }).then(
      (about) => useSystem.setState({ about }),
      () => undefined,
    );
    void readHardware({ refresh: false, signal });
  });
}

/** Asks what this machine has. For that the engine is started once, which takes a core for a while. */
export async function readHardware(options: { readonly refresh: boolean; readonly signal?: AbortSignal }): Promise<void> {
  await whenFirstScreenIsShown();
  try {
    const hardware = await rpc.call('system.hardware', { refresh: options.refresh }, options.signal ? { signal: options.signal } : {});
    useSystem.setState({ hardware, hardwareProblem: null });
  } catch (thrown) {
    if (options.signal?.aborted !== true) useSystem.setState({ hardwareProblem: toRpcErrorData(thrown) });
  }
}

/** Reads the machine again and measures its memory bandwidth. */
export async function measureHardware(): Promise<void> {
  useSystem.setState({ measuring: true });
  try {
    await readHardware({ refresh: true });
    useSystem.setState({ hardware: await rpc.call('system.measureBandwidth', {}) });
  } finally {
    useSystem.setState({ measuring: false });
  }
}

/** Follows the live load; only ever while a page shows it. @returns how to stop. */
export function followLoad(): () => void {
  return follow('system.load', {}, { onItem: (reading) => useSystem.setState(({ load }) => ({ load: withReading(load, reading) })) });
}

function withReading(load: readonly HardwareLoad[], reading: HardwareLoad): readonly HardwareLoad[] {
  const last = load.at(-1);
  const isLate = last !== undefined && reading.at - last.at > longestGapMs;
  return isLate ? [reading] : [...load, reading].slice(-keptReadings);
}
