import { Choice, Switch, useSettings } from './controls';
import { text } from './messages';

/** How RecLight looks, and when it shows itself. */
export function Appearance() {
  const {
    settings: { appearance },
    save,
    failure,
  } = useSettings();
  return (
    <>
      <Choice
        name="appearance.theme"
        value={appearance.theme}
        options={[
          { value: 'system', label: text('themeSystem') },
          { value: 'light', label: text('themeLight') },
          { value: 'dark', label: text('themeDark') },
        ]}
        onChange={(theme) => {
          save({ appearance: { theme } });
        }}
      />
      <div>
        <Switch
          name="appearance.showAtStart"
          checked={appearance.showAtStart}
          onChange={(showAtStart) => {
            save({ appearance: { showAtStart } });
          }}
        />
        <Switch
          name="appearance.startAtLogin"
          checked={appearance.startAtLogin}
          onChange={(startAtLogin) => {
            save({ appearance: { startAtLogin } });
          }}
        />
      </div>
      {failure}
    </>
  );
}
