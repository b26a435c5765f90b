import type { ReactNode } from 'react';

import type { HotkeyAction } from '../../../src-main/shared/settings';
import type { RecorderControls, RecorderView } from '../../../src-main/shared/snapshot';
import { useApi, useSnapshot } from '../../store/context';
import { acceleratorForAria, acceleratorLabel } from '../../ui/accelerator';
import { ErrorNote } from '../../ui/ErrorNote';
import { Icon, type IconName } from '../../ui/Icon';
import { useCommand } from '../../ui/use-command';
import { text, type RecorderText } from './strings';

/** A command as a button: its name, its hotkey, and what it looks like. */
interface ButtonModel {
  readonly control: keyof RecorderControls;
  readonly label: RecorderText;
  readonly hotkey: HotkeyAction | null;
  readonly icon: IconName | null;
}

const buttons: Readonly<Record<keyof RecorderControls, ButtonModel>> = {
  record: { control: 'record', label: 'record', hotkey: 'record', icon: null },
  stop: { control: 'stop', label: 'stop', hotkey: 'stop', icon: null },
  cancelWaiting: { control: 'cancelWaiting', label: 'cancel', hotkey: null, icon: null },
  tryNow: { control: 'tryNow', label: 'tryNow', hotkey: null, icon: null },
  pause: { control: 'pause', label: 'pause', hotkey: 'pause', icon: 'pause' },
  resume: { control: 'resume', label: 'resume', hotkey: 'resume', icon: 'play' },
  markMoment: { control: 'markMoment', label: 'markMoment', hotkey: 'mark', icon: 'mark' },
  recordNextCall: { control: 'recordNextCall', label: 'recordNextCall', hotkey: null, icon: null },
};

const all = Object.values(buttons);

/** The button that matters most, even while its command is under way and it cannot be pressed again. */
function mainControl({ status, controls, startedHere }: RecorderView): keyof RecorderControls | null {
  if (status === 'unknown' && controls.tryNow) return 'tryNow';
  // Where nothing can be seen, only what was started here is known to be there to stop.
  if (status === 'not-visible' && controls.record && startedHere === null) return 'record';
  if (controls.stop) return 'stop';
  if (controls.cancelWaiting) return 'cancelWaiting';
  if (controls.record) return 'record';
  if (controls.tryNow) return 'tryNow';
  if (status === 'starting' || status === 'connecting') return 'record';
  if (status === 'stopping') return 'stop';
  return null;
}

/** The keys of a hotkey that the OS gave to RecLight, as they are labelled here. */
function useHotkey(action: HotkeyAction | null): { readonly label: string; readonly aria: string } | null {
  const hotkeys = useSnapshot((snapshot) => snapshot.hotkeys);
  const platform = useSnapshot((snapshot) => snapshot.environment.platform);
  const hotkey = hotkeys.find((candidate) => candidate.action === action);
  if (!hotkey?.registered || hotkey.accelerator === null) return null;
  return {
    label: acceleratorLabel(hotkey.accelerator, platform),
    aria: acceleratorForAria(hotkey.accelerator, platform),
  };
}

function RecorderButton({
  model,
  main,
  disabled,
  pending,
  onPress,
}: {
  readonly model: ButtonModel;
  readonly main: boolean;
  readonly disabled: boolean;
  readonly pending: boolean;
  readonly onPress: () => void;
}) {
  const hotkey = useHotkey(model.hotkey);
  const look = main ? (model.control === 'record' ? 'button-record' : 'button-strong') : '';
  return (
    <button
      type="button"
      className={`button ${main ? 'button-main' : ''} ${look}`}
      disabled={disabled}
      aria-busy={pending || undefined}
      aria-keyshortcuts={hotkey?.aria}
      title={hotkey?.label}
      onClick={onPress}
    >
      {model.icon !== null && <Icon name={model.icon} size={14} />}
      <span>{text(model.label)}</span>
      {main && hotkey !== null && (
        <kbd className="button-hotkey" aria-hidden="true">
          {hotkey.label}
        </kbd>
      )}
    </button>
  );
}

/**
 * The commands that can work now. The main one is the largest thing in the window.
 * @param props.recorder of the newest snapshot
 */
export function Buttons({ recorder }: { readonly recorder: RecorderView }) {
  const api = useApi();
  // Which recording is meant is decided where all is known, and the same for buttons, keys, tray and command line.
  const command = useCommand((control: keyof RecorderControls) => {
    switch (control) {
      case 'record':
        return api.startRecording({});
      case 'stop':
        return api.stopRecording({});
      case 'pause':
        return api.pauseRecording({});
      case 'resume':
        return api.resumeRecording({});
      case 'recordNextCall':
        return api.recordNextCall({});
      case 'cancelWaiting':
        return api.cancelWaiting({});
      case 'markMoment':
        return api.markMoment({});
      case 'tryNow':
        return api.tryNow({});
    }
  });
  const main = mainControl(recorder);
  const others = all.filter(({ control }) => control !== main && recorder.controls[control]);
  const render = (model: ButtonModel, isMain: boolean): ReactNode => (
    <RecorderButton
      key={model.control}
      model={model}
      main={isMain}
      disabled={!recorder.controls[model.control]}
      pending={command.pending}
      onPress={() => {
        command.run(model.control);
      }}
    />
  );
  const refused = command.error !== null && recorder.lastError === null ? command.error : null;
  return (
    <>
      {(main !== null || others.length > 0) && (
        <div className="recorder-buttons">
          {main !== null && render(buttons[main], true)}
          {others.length > 0 && (
            <div className="recorder-others">{others.map((model) => render(model, false))}</div>
          )}
        </div>
      )}
      {refused !== null && <ErrorNote error={refused} onDismiss={command.clear} />}
    </>
  );
}
