import { migration as base } from './001-base.ts';
import { migration as runs } from './002-runs.ts';
import { migration as libraryOrigins } from './003-library-origins.ts';
import { migration as downloads } from './004-downloads.ts';
import { migration as hubCache } from './005-hub-cache.ts';
import { migration as loads } from './006-loads.ts';
import { migration as lab } from './007-lab.ts';
import { migration as chat } from './008-chat.ts';
import { migration as comparedFiles } from './009-compared-files.ts';

/** One step of the database's format. Never edited once released: a change is a new step. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** In ascending order; the last version is the format this Rightsize writes. */
export const migrations: readonly Migration[] = [base, runs, libraryOrigins, downloads, hubCache, loads, lab, chat, comparedFiles];
