import { Choice, TextSetting, useSettings } from './controls';
import { text } from './messages';

/** Which line the light follows. */
export function LineTab() {
  const {
    settings: { line },
    save,
    failure,
  } = useSettings();
  return (
    <>
      <TextSetting
        name="line.directoryNumber"
        value={line.directoryNumber}
        maximumLength={64}
        onChange={(directoryNumber) => {
          save({ line: { directoryNumber } });
        }}
      />
      <TextSetting
        name="line.deviceName"
        value={line.deviceName}
        maximumLength={128}
        onChange={(deviceName) => {
          save({ line: { deviceName } });
        }}
      />
      <Choice
        name="line.mode"
        value={line.mode}
        options={[
          { value: 'media-forking', label: text('mediaForking') },
          { value: 'dial-in', label: text('dialIn') },
        ]}
        onChange={(mode) => {
          save({ line: { mode } });
        }}
      />
      <p className="hint">{text('lineHint')}</p>
      {failure}
    </>
  );
}
