import { Search } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import type { Settings } from '#shared/contract/settings.ts';
import { navigate, useRoute } from '../../router.ts';
import { type SettingsSection, settingsSections } from '../../shell/settingsSections.ts';
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

/** Every setting that exists now. A change is kept at once. */
export function SettingsScreen() {
  const settings = useSettings((state) => state.settings);
  const route = useRoute();
  const [query, setQuery] = useState('');
  const search = useRef<HTMLInputElement>(null);
  useShortcut('/', () => search.current?.focus());
  if (settings === null) return <Skeleton label="Reading the settings" rows={8} />;

  const wanted = route.screen === 'settings' ? route.section : undefined;
  const open = settingsSections.some((section) => section.id === wanted) ? wanted : 'general';
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = settingsSections.filter(({ name, words: known }) => words.every((word) => `${name.toLowerCase()} ${known}`.includes(word)));
  const shown = words.length > 0 ? found : settingsSections.filter((section) => section.id === open);

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
          {settingsSections.map((section) => (
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
              <div key={section.id}>{contentOf(section.id, settings)}</div>
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

function contentOf(id: SettingsSection['id'], settings: Settings): ReactNode {
  switch (id) {
    case 'general':
      return <GeneralSection settings={settings} />;
    case 'models':
      return <ModelsSection settings={settings} />;
    case 'downloads':
      return <DownloadsSection settings={settings} />;
    case 'hub':
      return <HubSection settings={settings} />;
    case 'engine':
      return <EngineSection settings={settings} />;
    case 'endpoints':
      return <EndpointsSection />;
    case 'chat':
      return <ChatSection settings={settings} />;
    case 'about':
      return <AboutSection />;
  }
}
