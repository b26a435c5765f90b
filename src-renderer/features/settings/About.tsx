import { useApi, useSnapshot } from '../../services/context';
import { SettingFact } from './controls';
import { text } from './messages';

/** What runs here, and under which licence. */
export function About() {
  const api = useApi();
  const environment = useSnapshot((snapshot) => snapshot.environment);
  const { appVersion, electronVersion, chromeVersion, platform, hasTray, hasKeychain } = environment;
  return (
    <>
      <dl>
        <SettingFact name={text('version')}>{appVersion}</SettingFact>
        <SettingFact name={text('electron')}>{electronVersion}</SettingFact>
        <SettingFact name={text('chrome')}>{chromeVersion}</SettingFact>
        <SettingFact name={text('tray')}>{text(hasTray ? 'trayYes' : 'trayNo')}</SettingFact>
        <SettingFact name={text('keychain')}>{text(hasKeychain ? 'keychainYes' : 'keychainNo')}</SettingFact>
        <SettingFact name={text('licence')}>{text('licenceText')}</SettingFact>
      </dl>
      <div>
        <button
          type="button"
          className="button"
          onClick={() =>
            void api.copyText({
              text: text('versions', { appVersion, electronVersion, chromeVersion, platform }),
            })
          }
        >
          {text('copyVersions')}
        </button>
      </div>
    </>
  );
}
