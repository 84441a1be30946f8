import type { AppName, AppSource } from '#shared/contract/models.ts';
import { isOtherApps, ownerLabel } from '#shared/ownerWords.ts';
import type { AppAdapter, Machine } from './apps/appAdapter.ts';
import { appAdapters } from './apps/appAdapters.ts';
import { type AppReport, lookAtApp } from './apps/lookAtApp.ts';
import type { LibraryRows } from './libraryRows.ts';

export interface AppSources {
  /** Of the apps that the user wants listed. */
  adapters(): readonly AppAdapter[];
  look(adapter: AppAdapter): Promise<AppReport>;
  /** What was found at the last look. */
  list(): AppSource[];
  reports(): readonly AppReport[];
  /** Folders of all apps, listed or not, as they are set at this moment; whether anything is there is another matter. */
  folders(): Promise<readonly string[]>;
  /** Those of them in which nothing is ever deleted, together with those of the last look. */
  otherAppsFolders(): Promise<readonly string[]>;
}

/** The other apps on this machine, and what the last look at each has found. */
export function createAppSources(options: {
  readonly machine: Machine;
  readonly rows: () => LibraryRows;
  readonly ignored: () => readonly AppName[];
  readonly signal: AbortSignal;
  readonly onUnreadable: (error: unknown) => void;
}): AppSources {
  const reports = new Map<AppName, AppReport>();
  const foldersOf = async (adapters: readonly AppAdapter[]): Promise<readonly string[]> =>
    (await Promise.all(adapters.map((adapter) => adapter.folders(options.machine)))).flat();
  const isEnabled = (app: AppName): boolean => !options.ignored().includes(app);
  return {
    adapters: () => appAdapters.filter((adapter) => isEnabled(adapter.app)),
    async look(adapter) {
      const { machine, signal, onUnreadable } = options;
      const report = await lookAtApp(adapter, { machine, signal, onUnreadable });
      reports.set(adapter.app, report);
      return report;
    },
    list: () =>
      appAdapters
        .map(({ app }) => {
          const report = reports.get(app);
          const models = options
            .rows()
            .all()
            .filter((row) => row.owner === app && row.role === 'model' && !row.isHidden && row.state !== 'missing');
          return {
            app,
            label: ownerLabel(app),
            path: report?.path ?? null,
            isEnabled: isEnabled(app),
            problem: isEnabled(app) ? (report?.problem ?? null) : null,
            artifactCount: models.length,
            sizeBytes: models.reduce((total, row) => total + row.sizeBytes, 0),
          };
        })
        .sort((a, b) => a.label.localeCompare(b.label, 'en')),
    reports: () => [...reports.values()].filter((report) => isEnabled(report.app)),
    folders: () => foldersOf(appAdapters),
    async otherAppsFolders() {
      // An app that the user does not want listed was not looked at, and its files are no less its own.
      const now = await foldersOf(appAdapters.filter(({ app }) => isOtherApps(app)));
      const seen = [...reports.values()].filter((report) => isOtherApps(report.app)).flatMap((report) => report.folders);
      return [...new Set([...now, ...seen])];
    },
  };
}
