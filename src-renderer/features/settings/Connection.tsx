import { NumberSetting, Switch, useSettings } from './controls';
import { NameTemplate } from './NameTemplate';
import { text } from './messages';

/** What automatic resuming begins with, s. */
const firstAutoResumeSeconds = 60;

const paces = ['activeMs', 'visibleMs', 'hiddenMs'] as const;

/** How often the server is asked, how long a call is waited for, and what is kept of recordings, where. */
export function Connection() {
  const { settings, save, failure } = useSettings();
  const { polling, recording } = settings;
  return (
    <>
      <p className="hint">{text('pollingHint')}</p>
      {paces.map((pace) => (
        <NumberSetting
          key={pace}
          name={`polling.${pace}`}
          value={polling[pace]}
          unit={1_000}
          onChange={(intervalMs) => {
            save({ polling: { [pace]: intervalMs } });
          }}
        />
      ))}
      <div className="settings-divider" />
      <NumberSetting
        name="recording.waitMinutes"
        value={recording.waitMinutes}
        onChange={(waitMinutes) => {
          save({ recording: { waitMinutes } });
        }}
      />
      <Switch
        name="recording.autoResumeSeconds"
        checked={recording.autoResumeSeconds !== null}
        onChange={(on) => {
          save({ recording: { autoResumeSeconds: on ? firstAutoResumeSeconds : null } });
        }}
      />
      {recording.autoResumeSeconds !== null && (
        <NumberSetting
          name="recording.autoResumeSeconds"
          label={text('autoResumeSeconds')}
          value={recording.autoResumeSeconds}
          onChange={(autoResumeSeconds) => {
            save({ recording: { autoResumeSeconds } });
          }}
        />
      )}
      <div className="settings-divider" />
      <NumberSetting
        name="player.cacheMegabytes"
        value={settings.player.cacheMegabytes}
        onChange={(megabytes) => {
          save({ player: { cacheMegabytes: megabytes } });
        }}
      />
      <p className="hint">{text('cacheHint')}</p>
      <div className="settings-divider" />
      <NameTemplate />
      {failure}
    </>
  );
}
