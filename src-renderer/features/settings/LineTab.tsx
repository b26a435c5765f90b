import { useSnapshot } from '../../store/context';
import { Choice, TextSetting, useSave } from './controls';
import { text } from './strings';

/** Which line the light follows. */
export function LineTab() {
  const line = useSnapshot((snapshot) => snapshot.settings.line);
  const { save, failure } = useSave();
  return (
    <>
      <TextSetting
        label={text('directoryNumber')}
        value={line.directoryNumber}
        maximumLength={64}
        onChange={(directoryNumber) => {
          save({ line: { ...line, directoryNumber } });
        }}
      />
      <TextSetting
        label={text('deviceName')}
        value={line.deviceName}
        maximumLength={128}
        onChange={(deviceName) => {
          save({ line: { ...line, deviceName } });
        }}
      />
      <Choice
        name="line.mode"
        label={text('mode')}
        value={line.mode}
        options={[
          { value: 'media-forking', label: text('mediaForking') },
          { value: 'dial-in', label: text('dialIn') },
        ]}
        onChange={(mode) => {
          save({ line: { ...line, mode } });
        }}
      />
      <p className="hint">{text('lineHint')}</p>
      {failure}
    </>
  );
}
