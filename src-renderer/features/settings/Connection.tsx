import { bounds, firstAutoResumeSeconds } from './bounds';
import { NumberSetting, Switch, useSettings } from './controls';
import { NameTemplate } from './NameTemplate';
import { text } from './messages';

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
          label={text(pace)}
          value={Math.round(polling[pace] / 1_000)}
          {...bounds[pace]}
          onChange={(seconds) => {
            save({ polling: { [pace]: seconds * 1_000 } });
          }}
        />
      ))}
      <div className="settings-divider" />
      <NumberSetting
        name="recording.waitMinutes"
        label={text('waitMinutes')}
        value={recording.waitMinutes}
        {...bounds.waitMinutes}
        onChange={(waitMinutes) => {
          save({ recording: { waitMinutes } });
        }}
      />
      <Switch
        name="recording.autoResumeSeconds"
        label={text('autoResume')}
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
          {...bounds.autoResumeSeconds}
          onChange={(autoResumeSeconds) => {
            save({ recording: { autoResumeSeconds } });
          }}
        />
      )}
      <div className="settings-divider" />
      <NumberSetting
        name="player.cacheMegabytes"
        label={text('cache')}
        value={settings.player.cacheMegabytes}
        {...bounds.cacheMegabytes}
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
