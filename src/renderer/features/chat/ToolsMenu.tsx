import { Popover } from '@base-ui/react/popover';
import { Wrench } from 'lucide-react';
import { useState } from 'react';
import type { ChatTools } from '#shared/contract/chat.ts';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { readHosts } from './readHosts.ts';

interface ToolsMenuProps {
  readonly tools: ChatTools;
  readonly onChange: (tools: ChatTools) => void;
}

/** Which tools a chat offers its model, and which of them may run without asking. */
export function ToolsMenu({ tools, onChange }: ToolsMenuProps) {
  const count = toolsOffered(tools).length;
  const [hosts, setHosts] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const set = (change: Partial<ChatTools>): void => onChange({ ...tools, ...change });
  const allow = (name: 'execute_python' | 'http_get', isAllowed: boolean): void =>
    set({ allowed: isAllowed ? [...new Set([...tools.allowed, name])] : tools.allowed.filter((one) => one !== name) });

  function keepHosts(): void {
    if (hosts === null) return;
    const read = readHosts(hosts);
    if ('problem' in read) return setProblem(read.problem);
    set({ fetchHosts: [...read.hosts] });
    setHosts(null);
    setProblem(null);
  }

  return (
    // Escape takes the menu away before its field is left.
    <Popover.Root onOpenChange={(isOpen) => (isOpen ? undefined : keepHosts())}>
      <Popover.Trigger className={count === 0 ? 'chip' : 'chip is-on'} aria-label={count === 0 ? 'Tools: none' : `Tools: ${count} offered`}>
        <Icon of={Wrench} size={14} />
        Tools{count === 0 ? '' : ` ${count}`}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="layer" side="top" sideOffset={6} align="start" collisionPadding={8}>
          <Popover.Popup className="pop popup tools-menu" aria-label="Tools">
            <Tool
              label="Calculator"
              note="One step of arithmetic. Never asks."
              isOn={tools.calculator}
              onChange={(calculator) => set({ calculator })}
            />
            <Tool
              label="Python"
              note="Programs in a sandbox: no files, no network."
              isOn={tools.python}
              onChange={(python) => set({ python })}
            >
              <Checkbox checked={!tools.allowed.includes('execute_python')} onChange={(asks) => allow('execute_python', !asks)}>
                Ask before each run
              </Checkbox>
            </Tool>
            <Tool
              label="Fetch"
              note="Reads addresses of the hosts below, and nothing else."
              isOn={tools.fetch}
              onChange={(fetch) => set({ fetch })}
            >
              <TextArea
                label="Hosts"
                rows={2}
                placeholder={'example.org\n*.example.org'}
                value={hosts ?? tools.fetchHosts.join('\n')}
                onChange={setHosts}
                onBlur={keepHosts}
                error={problem}
              />
              <Checkbox checked={!tools.allowed.includes('http_get')} onChange={(asks) => allow('http_get', !asks)}>
                Ask before each request
              </Checkbox>
            </Tool>
            <p className="note">A model that was not made for tools says so when it is asked.</p>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** The names of what is offered, for people. */
export function toolsOffered({ calculator, python, fetch }: ChatTools): readonly string[] {
  return [...(calculator ? ['Calculator'] : []), ...(python ? ['Python'] : []), ...(fetch ? ['Fetch'] : [])];
}

interface ToolProps {
  readonly label: string;
  readonly note: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  /** What can be set while it is on. */
  readonly children?: React.ReactNode;
}

function Tool({ label, note, isOn, onChange, children }: ToolProps) {
  return (
    <section aria-label={label}>
      <div className="row spread">
        <span className="ink med sm">{label}</span>
        <Switch label={label} checked={isOn} onChange={onChange} />
      </div>
      <p className="note">{note}</p>
      {isOn ? children : null}
    </section>
  );
}
