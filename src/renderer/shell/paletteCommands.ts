import {
  ArrowDownToLine,
  ChartScatter,
  CirclePause,
  CirclePlay,
  Columns2,
  Compass,
  Eject,
  FilePlus,
  FolderPlus,
  Gauge,
  Keyboard,
  type LucideIcon,
  MessageSquare,
  MessageSquarePlus,
  Moon,
  MousePointerClick,
  Play,
  RefreshCw,
  RotateCw,
  Ruler,
  Square,
  Sun,
  SunMoon,
  Table2,
  Zap,
} from 'lucide-react';
import type { RunSummary } from '#shared/contract/benchmarks.ts';
import type { Conversation } from '#shared/contract/chat.ts';
import type { LoadedModel } from '#shared/contract/models.ts';
import { navigate } from '../router.ts';
import { openResults } from '../stores/benchmarks.ts';
import { typeSearch } from '../stores/catalog.ts';
import { startNewChat } from '../stores/chat.ts';
import { pauseAllDownloads, resumeAllDownloads } from '../stores/downloads.ts';
import { choiceName, type ModelChoice } from '../stores/modelChoices.ts';
import { rpc } from '../stores/rpc.ts';
import { restartServer, startServer, stopServer } from '../stores/server.ts';
import { updateSettings } from '../stores/settings.ts';
import { measureHardware } from '../stores/system.ts';
import { showError } from '../ui/showError.ts';
import { setDownloadsOpen } from './downloads/downloadsPanel.ts';
import type { ScreenAction } from './screenActions.ts';
import { screens } from './screens.ts';
import { settingsSections } from './settingsSections.ts';
import { unload } from './unload.ts';

export interface PaletteCommand {
  readonly id: string;
  readonly group: 'Models' | 'Chats' | 'Results' | 'Go to' | 'Settings' | 'On this screen' | 'Commands' | 'Discover';
  readonly label: string;
  readonly icon: LucideIcon;
  readonly detail?: string;
  readonly keys?: readonly string[];
  readonly run: () => void;
}

/** What only the shell can open. */
export interface PaletteActions {
  readonly showShortcuts: () => void;
  readonly quickPrompt: () => void;
  readonly importModel: () => void;
  readonly addFolder: () => void;
}

interface PaletteSources {
  /** Those that can be chatted with, of this disk and behind endpoints. */
  readonly models: readonly ModelChoice[];
  readonly loaded: readonly LoadedModel[];
  readonly conversations: readonly Conversation[];
  readonly runs: readonly RunSummary[];
  /** Whether the local API is on. */
  readonly isServing: boolean;
  readonly actions: PaletteActions;
  readonly onScreen: readonly ScreenAction[];
  /** What is typed: it can be searched for on the hub. */
  readonly query: string;
}

/** @returns everything the palette can do now, groups in the order they are shown. */
export function paletteCommands({
  models,
  loaded,
  conversations,
  runs,
  isServing,
  actions,
  onScreen,
  query,
}: PaletteSources): readonly PaletteCommand[] {
  const loadedIds = new Set(loaded.map((model) => model.artifactId));
  return [
    ...models.map(
      (model): PaletteCommand => ({
        id: `chat-with-${model.id}`,
        group: 'Models',
        label: `Chat with ${choiceName(model)}`,
        icon: MessageSquare,
        ...(loadedIds.has(model.id) ? { detail: 'loaded' } : {}),
        run: () => chatWith(model.id),
      }),
    ),
    ...conversations.map(
      (conversation): PaletteCommand => ({
        id: `conversation-${conversation.id}`,
        group: 'Chats',
        label: conversation.title,
        icon: MessageSquare,
        run: () => navigate({ screen: 'chat', conversationId: conversation.id }),
      }),
    ),
    ...runs
      .filter((run) => run.state === 'done' || run.state === 'cancelled')
      .map(
        (run): PaletteCommand => ({
          id: `run-${run.id}`,
          group: 'Results',
          label: `Results of ${run.name}`,
          icon: ChartScatter,
          run: () => void openResults(run),
        }),
      ),
    ...screens.map(
      (screen, index): PaletteCommand => ({
        id: `go-to-${screen.name}`,
        group: 'Go to',
        label: screen.name,
        icon: screen.icon,
        keys: ['Ctrl', String(index + 1)],
        run: () => navigate(screen.route),
      }),
    ),
    ...settingsSections.map(
      (section): PaletteCommand => ({
        id: `settings-${section.id}`,
        group: 'Settings',
        label: `Settings: ${section.name}`,
        icon: section.icon,
        run: () => navigate({ screen: 'settings', section: section.id }),
      }),
    ),
    // Too many to be read through: they are there for whoever types what they want.
    ...(query.trim() === '' ? [] : onScreen).map(
      ({ label, run }): PaletteCommand => ({ id: `on-screen-${label}`, group: 'On this screen', label, icon: MousePointerClick, run }),
    ),
    ...commands({ loaded, isServing, actions }),
    // Last: Enter goes to what is here before it asks the hub.
    ...(query.trim() === '' ? [] : [searchHub(query.trim())]),
  ];
}

function commands({ loaded, isServing, actions }: Pick<PaletteSources, 'loaded' | 'isServing' | 'actions'>): readonly PaletteCommand[] {
  const command = (id: string, label: string, icon: LucideIcon, run: () => void, keys?: readonly string[]): PaletteCommand => ({
    id,
    group: 'Commands',
    label,
    icon,
    run,
    ...(keys === undefined ? {} : { keys }),
  });
  const theme = (value: 'system' | 'light' | 'dark', label: string, icon: LucideIcon): PaletteCommand =>
    command(`theme-${value}`, label, icon, () => tell('The theme was not saved', updateSettings({ theme: value })));
  return [
    command('quick-prompt', 'Quick prompt', Zap, actions.quickPrompt, ['Ctrl', 'Shift', 'Space']),
    command('new-chat', 'New chat', MessageSquarePlus, newChat),
    command('compare', 'Compare models', Columns2, () => navigate({ screen: 'compare', comparisonId: null }), ['Ctrl', 'Shift', 'M']),
    command('benchmark', 'Benchmark my models', Ruler, () => navigate({ screen: 'benchmark' })),
    command('benchmark-data', 'Write and label test items', Table2, () => navigate({ screen: 'benchmark-data', suiteId: null })),
    ...loaded.map((model) => command(`unload-${model.artifactId}`, `Unload ${model.name}`, Eject, () => void unload(model), ['Ctrl', 'U'])),
    ...(isServing
      ? [
          command('stop-api', 'Stop the local API server', Square, () => tell('The local API was not stopped', stopServer())),
          command('restart-api', 'Restart the local API server', RotateCw, () => tell('The local API was not restarted', restartServer())),
        ]
      : [command('start-api', 'Start the local API server', Play, () => tell('The local API was not started', startServer()))]),
    command('import', 'Import a model', FilePlus, actions.importModel),
    command('add-folder', 'Add a models folder', FolderPlus, actions.addFolder),
    command('rescan', 'Read the model folders again', RefreshCw, () => tell('The folders were not read', rpc.call('library.rescan', {}))),
    command('downloads', 'Show downloads', ArrowDownToLine, () => setDownloadsOpen(true), ['Ctrl', 'J']),
    command('pause-downloads', 'Pause all downloads', CirclePause, () => tell('The downloads were not paused', pauseAllDownloads())),
    command('resume-downloads', 'Resume all downloads', CirclePlay, () => tell('The downloads were not resumed', resumeAllDownloads())),
    command('measure', 'Measure this machine again', Gauge, () => {
      navigate({ screen: 'hardware' });
      void measureHardware();
    }),
    theme('light', 'Use the light theme', Sun),
    theme('dark', 'Use the dark theme', Moon),
    theme('system', 'Follow the system theme', SunMoon),
    command('shortcuts', 'Keyboard shortcuts', Keyboard, actions.showShortcuts, ['?']),
  ];
}

function tell(title: string, work: Promise<unknown>): void {
  work.catch((thrown: unknown) => showError(title, thrown));
}

function searchHub(query: string): PaletteCommand {
  return {
    id: 'search-hub',
    group: 'Discover',
    label: `Search Hugging Face for “${query}”`,
    icon: Compass,
    run: () => {
      typeSearch(query);
      navigate({ screen: 'discover', repo: null, revision: null });
    },
  };
}

function newChat(): void {
  startNewChat();
  navigate({ screen: 'chat', conversationId: null });
}

/** Opens a new conversation with a model. */
export function chatWith(modelId: string): void {
  startNewChat(modelId);
  navigate({ screen: 'chat', conversationId: null });
}

/** @returns the commands whose words all occur, in order of the groups; a few per group while nothing is typed. */
export function findCommands(commands: readonly PaletteCommand[], query: string): readonly PaletteCommand[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = new Map<PaletteCommand['group'], number>();
  return commands.filter((command) => {
    const label = command.label.toLowerCase();
    if (!words.every((word) => label.includes(word))) return false;
    const count = (shown.get(command.group) ?? 0) + 1;
    shown.set(command.group, count);
    return count <= (words.length === 0 ? 5 : 20);
  });
}
