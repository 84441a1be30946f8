import {
  ArrowDownToLine,
  Cpu,
  HardDrive,
  Info,
  KeyRound,
  type LucideIcon,
  MessageSquare,
  Network,
  Search,
  SlidersHorizontal,
} from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { navigate, useRoute } from '../../router.ts';
import { useShortcut } from '../../shell/useShortcut.ts';
import { useSettings } from '../../stores/settings.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { AboutSection } from './AboutSection.tsx';
import { ChatSection } from './ChatSection.tsx';
import { DownloadsSection } from './DownloadsSection.tsx';
import { EndpointsSection } from './EndpointsSection.tsx';
import { EngineSection } from './EngineSection.tsx';
import { GeneralSection } from './GeneralSection.tsx';
import { HubSection } from './HubSection.tsx';
import { ModelsSection } from './ModelsSection.tsx';

interface Section {
  /** In the address: `#/settings/hub`. */
  readonly id: string;
  readonly name: string;
  readonly icon: LucideIcon;
  readonly content: ReactNode;
  /** What a search finds it by: the labels of its rows. */
  readonly words: string;
}

/** Every setting that exists now. A change is kept at once. */
export function SettingsScreen() {
  const settings = useSettings((state) => state.settings);
  const route = useRoute();
  const [query, setQuery] = useState('');
  const search = useRef<HTMLInputElement>(null);
  useShortcut('/', () => search.current?.focus());
  if (settings === null) return <Skeleton label="Reading the settings" rows={8} />;

  const sections: readonly Section[] = [
    {
      id: 'general',
      name: 'General',
      icon: SlidersHorizontal,
      content: <GeneralSection settings={settings} />,
      words: 'appearance theme system light dark first run tray close window quick prompt shortcut key',
    },
    {
      id: 'models',
      name: 'Models and disk',
      icon: HardDrive,
      content: <ModelsSection settings={settings} />,
      words: 'storage models folders add remove read again other apps ollama lm studio hugging face cache llama.cpp jan gpt4all docker',
    },
    {
      id: 'downloads',
      name: 'Downloads',
      icon: ArrowDownToLine,
      content: <DownloadsSection settings={settings} />,
      words: 'layout shared cache folder at the same time simultaneous connections per file verification sha-256 restart',
    },
    {
      id: 'hub',
      name: 'Hugging Face',
      icon: KeyRound,
      content: <HubSection settings={settings} />,
      words: 'hub account access token hf_token mirror address endpoint proxy system none',
    },
    {
      id: 'engine',
      name: 'Engine',
      icon: Cpu,
      content: <EngineSection settings={settings} />,
      words: 'threads context gpu graphics unload keep memory minutes',
    },
    {
      id: 'endpoints',
      name: 'Endpoints',
      icon: Network,
      content: <EndpointsSection />,
      words: 'remote servers api key openai compatible vllm sglang llama-server ollama lm studio openrouter docker address models judge',
    },
    { id: 'chat', name: 'Chat', icon: MessageSquare, content: <ChatSection settings={settings} />, words: 'system prompt instructions' },
    { id: 'about', name: 'About', icon: Info, content: <AboutSection />, words: 'version engine node electron data folder logs license' },
  ];
  const wanted = route.screen === 'settings' ? route.section : undefined;
  const open = sections.some((section) => section.id === wanted) ? wanted : 'general';
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = sections.filter(({ name, words: known }) => words.every((word) => `${name.toLowerCase()} ${known}`.includes(word)));
  const shown = words.length > 0 ? found : sections.filter((section) => section.id === open);

  return (
    <>
      <div className="bar-top">
        <h1>Settings</h1>
        <div className="end">
          <TextField
            ref={search}
            label="Find a setting"
            labelHidden
            type="search"
            placeholder="Find a setting"
            icon={Search}
            keys={['/']}
            className="w-60"
            value={query}
            onChange={setQuery}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setQuery('');
            }}
          />
        </div>
      </div>
      <div className="body">
        <nav className="pane settings-nav" aria-label="Settings">
          {sections.map((section) => (
            <button
              key={section.id}
              type="button"
              aria-current={words.length === 0 && section.id === open ? 'true' : undefined}
              onClick={() => {
                setQuery('');
                navigate({ screen: 'settings', section: section.id });
              }}
            >
              <Icon of={section.icon} />
              {section.name}
            </button>
          ))}
        </nav>
        <div className="pane grow">
          <div className="scroll settings">
            {shown.map((section) => (
              <div key={section.id}>{section.content}</div>
            ))}
            {shown.length === 0 ? (
              <EmptyState title="No setting matches" actions={<Button onClick={() => setQuery('')}>Clear search</Button>}>
                Nothing here is called “{query.trim()}”.
              </EmptyState>
            ) : null}
          </div>
        </div>
      </div>
    </>
  );
}
