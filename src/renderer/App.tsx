import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { lazy, Suspense, useEffect } from 'react';
import { rememberFirstRun, remembersFirstRun } from './firstRunMemory.ts';
import { useRoute } from './router.ts';
import { offerBenchmark } from './shell/offerBenchmark.ts';
import { ScreenShown } from './shell/ScreenShown.tsx';
import { Shell } from './shell/Shell.tsx';
import { followRuns } from './stores/benchmarks.ts';
import { followBenchmarkWishes } from './stores/benchmarkWishes.ts';
import { followConversations } from './stores/chat.ts';
import { followDownloads } from './stores/downloads.ts';
import { followLibrary } from './stores/library.ts';
import { followLoadedModels } from './stores/models.ts';
import { useConnection } from './stores/rpc.ts';
import { followServer } from './stores/server.ts';
import { followSettings, useSettings } from './stores/settings.ts';
import { followSystem } from './stores/system.ts';
import { chooseTheme } from './theme.ts';
import { Toasts } from './ui/Toasts.tsx';

const FirstRunScreen = lazy(async () => ({ default: (await import('./features/firstRun/FirstRunScreen.tsx')).FirstRunScreen }));
const firstRunWasDone = remembersFirstRun();

const QuickPromptPage = lazy(async () => ({ default: (await import('./shell/quickPrompt/QuickPromptPage.tsx')).QuickPromptPage }));

/** The page: first run until that is done or skipped, then the shell with its screens. */
export function App() {
  const theme = useSettings((state) => state.settings?.theme);
  const isQuickPrompt = useRoute().screen === 'quick';
  const isFirstRunDone = useSettings((state) => state.settings?.firstRunDone);
  // The shell would be loaded and drawn in vain where the first run is to come. Without the app it shows what is wrong.
  const isUnknown = useConnection((state) => isFirstRunDone === undefined && !firstRunWasDone && state.state !== 'lost');

  useEffect(() => {
    const stops = [
      followSettings(),
      followSystem(),
      followLibrary(),
      followLoadedModels(),
      followConversations(),
      followRuns(),
      followDownloads(),
      followServer(),
      followBenchmarkWishes(offerBenchmark),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  useEffect(() => {
    if (theme !== undefined) chooseTheme(theme);
  }, [theme]);
  useEffect(() => {
    if (isFirstRunDone !== undefined) rememberFirstRun(isFirstRunDone);
  }, [isFirstRunDone]);

  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={500}>
        {isQuickPrompt ? (
          <Suspense>
            <QuickPromptPage />
            <ScreenShown />
          </Suspense>
        ) : isUnknown ? null : isFirstRunDone === false ? (
          <Suspense>
            <FirstRunScreen />
            <ScreenShown />
          </Suspense>
        ) : (
          <Shell />
        )}
        <Toasts />
      </Tooltip.Provider>
    </CSPProvider>
  );
}
