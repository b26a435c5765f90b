import { noticeKinds, type NoticeKind } from '../../../src-main/shared/ipc/settings';
import { Switch, useSettings } from './controls';
import { text, type SettingsText } from './messages';

const noticeNames: Readonly<Record<NoticeKind, SettingsText>> = {
  started: 'noticeStarted',
  stopped: 'noticeStopped',
  marked: 'noticeMarked',
  saved: 'noticeSaved',
  refused: 'noticeRefused',
  unknown: 'noticeUnknown',
  recovered: 'noticeRecovered',
  'pause-reminder': 'noticePauseReminder',
};

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
            label={text(noticeNames[kind])}
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
        label={text('sounds')}
        checked={notifications.sounds}
        onChange={(sounds) => {
          save({ notifications: { sounds } });
        }}
      />
      {failure}
    </>
  );
}
