import './settings.css';

import { useEffect, useRef, type ComponentType } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';

import { useSnapshot, useUi } from '../../services/context';
import type { SettingsTab } from '../../services/ui';
import { IconButton } from '../../ui/IconButton';
import { Lamp } from '../../ui/Lamp';
import { statusText } from '../recorder/words';
import { About } from './About';
import { Account } from './Account';
import { Appearance } from './Appearance';
import { Connection } from './Connection';
import { LineTab } from './LineTab';
import { Notifications } from './Notifications';
import { Shortcuts } from './Shortcuts';
import { text } from './messages';

const tabs: readonly { readonly tab: SettingsTab; readonly Panel: ComponentType }[] = [
  { tab: 'account', Panel: Account },
  { tab: 'line', Panel: LineTab },
  { tab: 'shortcuts', Panel: Shortcuts },
  { tab: 'notifications', Panel: Notifications },
  { tab: 'appearance', Panel: Appearance },
  { tab: 'connection', Panel: Connection },
  { tab: 'about', Panel: About },
];

/** The settings, a view over the list and the light; the light stays to be seen beside the title. */
export function Settings() {
  const tab = useUi((ui) => ui.settingsTab);
  const showSettings = useUi((ui) => ui.showSettings);
  const showMain = useUi((ui) => ui.showMain);
  const status = useSnapshot((snapshot) => snapshot.recorder.status);
  const signedIn = useSnapshot((snapshot) => snapshot.session.status === 'signed-in');
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    back.current?.focus();
  }, []);
  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      // A field keeps what was typed by losing the focus.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      showMain();
    };
    window.addEventListener('keydown', leave);
    return () => {
      window.removeEventListener('keydown', leave);
    };
  }, [showMain]);
  return (
    <section className="settings" aria-label={text('view')}>
      <header className="settings-head">
        <IconButton icon="back" ref={back} label={text('back')} onClick={showMain} />
        <h1 className="settings-title">{text('view')}</h1>
        {signedIn && (
          <span className="settings-light">
            <Lamp status={status} size={16} />
            {statusText(status)}
          </span>
        )}
      </header>
      <Tabs
        className="settings-tabs"
        orientation="vertical"
        selectedKey={tab}
        onSelectionChange={(key) => {
          const chosen = tabs.find((candidate) => candidate.tab === key);
          if (chosen !== undefined) showSettings(chosen.tab);
        }}
      >
        <TabList className="settings-list" aria-label={text('tabs')}>
          {tabs.map((entry) => (
            <Tab key={entry.tab} id={entry.tab} className="settings-tab">
              {text(entry.tab)}
            </Tab>
          ))}
        </TabList>
        {tabs.map(({ tab: id, Panel }) => (
          <TabPanel key={id} id={id} className="settings-panel">
            <Panel />
          </TabPanel>
        ))}
      </Tabs>
    </section>
  );
}
