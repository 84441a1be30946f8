import type { About, DoctorCheck, Hardware, HardwareLoad, MemoryHolders } from '#shared/contract/system.ts';

/** What this machine is and how it is doing. */
export interface SystemService {
  about(): About;
  /** @param options.refresh asks the devices again; memory and disk are read anew at every call. */
  hardware(options?: { readonly refresh?: boolean }): Promise<Hardware>;
  /** Measures the memory bandwidth, takes about a second of all cores, and remembers it. */
  measureBandwidth(options?: { readonly signal?: AbortSignal }): Promise<Hardware>;
  /** Engine name and release, once a runner has told it. */
  engine(): string | null;
  /** One reading at once, then one a second until the returned function is called. */
  subscribeLoad(listener: (load: HardwareLoad) => void): () => void;
  /** Who holds memory now, largest first. */
  holders(): Promise<MemoryHolders>;
  /** @param options.opensSandbox tries the Python sandbox too, which starts a browser; without it that check says what is known. */
  doctor(options?: { readonly opensSandbox: boolean }): Promise<DoctorCheck[]>;
  dispose(): Promise<void>;
}
