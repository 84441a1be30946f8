import { createTransferFile } from './createTransferFile.ts';
import type { TransferFile } from './transfer.ts';

/** The engine as the app uses it. */
export const transferFile: TransferFile = createTransferFile();
