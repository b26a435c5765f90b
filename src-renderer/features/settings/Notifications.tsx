import { noticeKinds } from '@shared/ipc/settings';
import { Switch, useSettings } from './controls';
import { text } from './messages';

/** Which notices the user wants, and whether there are sounds. */
export function Notifications() {
  const {
    settings: { notifications },
    save,
    failure,
  } = useSettings();
  return (
    <>
      <p className="hint">{text('notificationsHint')}</p>
      <div>
        {noticeKinds.map((kind) => (
          <Switch
            key={kind}
            name={`notifications.${kind}`}
            checked={notifications[kind]}
            onChange={(on) => {
              save({ notifications: { [kind]: on } });
            }}
          />
        ))}
      </div>
      <div className="settings-divider" />
      <Switch
        name="notifications.sounds"
        checked={notifications.sounds}
        onChange={(sounds) => {
          save({ notifications: { sounds } });
        }}
      />
      {failure}
    </>
  );
}
