/** A process with the memory that its end would give back. */
export interface MemoryProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** The program's file where the system tells it, else what the process calls itself. Its own to choose, so hostile. */
  readonly program: string;
  readonly isPath: boolean;
  /** Its own alone. */
  readonly privateBytes: number;
  /** That others may hold as well: counted once for a program. */
  readonly sharedBytes: number;
}
