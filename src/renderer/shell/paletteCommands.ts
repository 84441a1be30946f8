import {
  ArrowDownToLine,
  Columns2,
  Compass,
  Eject,
  Keyboard,
  type LucideIcon,
  MessageSquare,
  MessageSquarePlus,
  Moon,
  Ruler,
  Sun,
  SunMoon,
  Table2,
  Zap,
} from 'lucide-react';
import type { Conversation } from '#shared/contract/chat.ts';
import type { Artifact, LoadedModel } from '#shared/contract/models.ts';
import { navigate } from '../router.ts';
import { typeSearch } from '../stores/catalog.ts';
import { startNewChat } from '../stores/chat.ts';
import { updateSettings } from '../stores/settings.ts';
import { showError } from '../ui/showError.ts';
import { setDownloadsOpen } from './downloads/downloadsPanel.ts';
import { screens } from './screens.ts';
import { unload } from './unload.ts';

export interface PaletteCommand {
  readonly id: string;
  readonly group: 'Models' | 'Chats' | 'Go to' | 'Commands' | 'Discover';
  readonly label: string;
  readonly icon: LucideIcon;
  readonly detail?: string;
  readonly keys?: readonly string[];
  readonly run: () => void;
}

interface PaletteSources {
  readonly artifacts: readonly Artifact[];
  readonly loaded: readonly LoadedModel[];
  readonly conversations: readonly Conversation[];
  readonly showShortcuts: () => void;
  readonly quickPrompt: () => void;
  /** What is typed: it can be searched for on the hub. */
  readonly query: string;
}

/** @returns everything the palette can do now, groups in the order they are shown. */
export function paletteCommands({
  artifacts,
  loaded,
  conversations,
  showShortcuts,
  quickPrompt,
  query,
}: PaletteSources): readonly PaletteCommand[] {
  const loadedIds = new Set(loaded.map((model) => model.artifactId));
  const theme = (value: 'system' | 'light' | 'dark', label: string, icon: LucideIcon): PaletteCommand => ({
    id: `theme-${value}`,
    group: 'Commands',
    label,
    icon,
    run: () => void updateSettings({ theme: value }).catch((thrown: unknown) => showError('The theme was not saved', thrown)),
  });
  return [
    ...artifacts
      .filter((artifact) => artifact.state === 'ready')
      .map(
        (artifact): PaletteCommand => ({
          id: `chat-with-${artifact.id}`,
          group: 'Models',
          label: `Chat with ${artifact.name}${artifact.quant === null ? '' : ` ${artifact.quant}`}`,
          icon: MessageSquare,
          ...(loadedIds.has(artifact.id) ? { detail: 'loaded' } : {}),
          run: () => chatWith(artifact.id),
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
    { id: 'quick-prompt', group: 'Commands', label: 'Quick prompt', icon: Zap, keys: ['Ctrl', 'Shift', 'Space'], run: quickPrompt },
    { id: 'new-chat', group: 'Commands', label: 'New chat', icon: MessageSquarePlus, run: newChat },
    {
      id: 'compare',
      group: 'Commands',
      label: 'Compare models',
      icon: Columns2,
      run: () => navigate({ screen: 'compare', comparisonId: null }),
    },
    {
      id: 'downloads',
      group: 'Commands',
      label: 'Show downloads',
      icon: ArrowDownToLine,
      keys: ['Ctrl', 'J'],
      run: () => setDownloadsOpen(true),
    },
    { id: 'benchmark', group: 'Commands', label: 'Benchmark my models', icon: Ruler, run: () => navigate({ screen: 'benchmark' }) },
    {
      id: 'benchmark-data',
      group: 'Commands',
      label: 'Write and label test items',
      icon: Table2,
      run: () => navigate({ screen: 'benchmark-data', suiteId: null }),
    },
    ...loaded.map(
      (model): PaletteCommand => ({
        id: `unload-${model.artifactId}`,
        group: 'Commands',
        label: `Unload ${model.name}`,
        icon: Eject,
        keys: ['Ctrl', 'U'],
        run: () => void unload(model),
      }),
    ),
    theme('light', 'Use the light theme', Sun),
    theme('dark', 'Use the dark theme', Moon),
    theme('system', 'Follow the system theme', SunMoon),
    { id: 'shortcuts', group: 'Commands', label: 'Keyboard shortcuts', icon: Keyboard, keys: ['?'], run: showShortcuts },
    // Last: Enter goes to what is here before it asks the hub.
    ...(query.trim() === '' ? [] : [searchHub(query.trim())]),
  ];
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
