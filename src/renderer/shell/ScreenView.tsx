import { lazy, Suspense, useEffect } from 'react';
import { type Route, useRoute } from '../router.ts';
import { Skeleton } from '../ui/Skeleton.tsx';
import { ScreenBoundary } from './ScreenBoundary.tsx';
import { ScreenShown } from './ScreenShown.tsx';
import { screenOf } from './screens.ts';

const DiscoverScreen = lazy(async () => ({ default: (await import('../features/discover/DiscoverScreen.tsx')).DiscoverScreen }));
const LibraryScreen = lazy(async () => ({ default: (await import('../features/library/LibraryScreen.tsx')).LibraryScreen }));
const ChatScreen = lazy(async () => ({ default: (await import('../features/chat/ChatScreen.tsx')).ChatScreen }));
const CompareScreen = lazy(async () => ({ default: (await import('../features/chat/compare/CompareScreen.tsx')).CompareScreen }));
const ServerScreen = lazy(async () => ({ default: (await import('../features/server/ServerScreen.tsx')).ServerScreen }));
const BenchmarkScreen = lazy(async () => ({ default: (await import('../features/benchmarks/BenchmarkScreen.tsx')).BenchmarkScreen }));
const HardwareScreen = lazy(async () => ({ default: (await import('../features/hardware/HardwareScreen.tsx')).HardwareScreen }));
const SettingsScreen = lazy(async () => ({ default: (await import('../features/settings/SettingsScreen.tsx')).SettingsScreen }));

/** The screen of the current address. A screen that breaks leaves the rest of the window alive. */
export function ScreenView() {
  const route = useRoute();
  const name = screenOf(route);
  useEffect(() => {
    document.title = `${name} - Rightsize`;
  }, [name]);
  return (
    <ScreenBoundary key={name} screen={name}>
      <Suspense fallback={<Skeleton label={`Opening ${name}`} />}>
        {screenElement(route)}
        <ScreenShown />
      </Suspense>
    </ScreenBoundary>
  );
}

function screenElement(route: Route) {
  switch (route.screen) {
    case 'discover':
      return <DiscoverScreen repo={route.repo} revision={route.revision} />;
    case 'library':
      return <LibraryScreen />;
    case 'chat':
      return <ChatScreen conversationId={route.conversationId} />;
    case 'compare':
      return <CompareScreen comparisonId={route.comparisonId} />;
    case 'server':
      return <ServerScreen />;
    case 'benchmark':
    case 'benchmark-run':
    case 'benchmark-results':
    case 'benchmark-data':
      return <BenchmarkScreen route={route} />;
    case 'hardware':
      return <HardwareScreen />;
    case 'settings':
      return <SettingsScreen />;
    case 'quick':
      // A page of its own, without the shell around it.
      return null;
  }
}
