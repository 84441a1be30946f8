import type { TransferFile } from './transfer.ts';

export const transferFile: TransferFile = () => {
  throw new Error('to be built');
};
