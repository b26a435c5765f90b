import { useRef, useState, type ReactNode } from 'react';

import type { HotkeyAction } from '@shared/ipc/settings';
import type { RecorderControls, RecorderView } from '@shared/ipc/snapshot';
import { useSnapshot } from '../../services/context';
import { acceleratorForAria, acceleratorLabel } from '../../ui/accelerator';
import { Icon, type IconName } from '../../ui/Icon';
import { passFocusOn } from '../../ui/pass-focus-on';
import type { Command } from '../../ui/use-command';
import { text, type RecorderText } from './messages';

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
  /** What the button stood for when it was pressed: its name may change until it is let go. */
  const meant = useRef<keyof RecorderControls | null>(null);
  const mean = () => {
    meant.current = model.control;
  };
  const look = main ? (model.control === 'record' ? 'button-record' : 'button-strong') : '';
  return (
    <button
      ref={passFocusOn}
      type="button"
      data-heir={main || undefined}
      className={`button ${main ? 'button-main' : ''} ${look}`}
      // Not `disabled`, which would drop the focus of the pressed button.
      aria-disabled={disabled || undefined}
      aria-busy={pending || undefined}
      aria-keyshortcuts={hotkey?.aria}
      title={hotkey?.label}
      onPointerDown={mean}
      onKeyDown={mean}
      onClick={() => {
        const isMeant = meant.current === null || meant.current === model.control;
        meant.current = null;
        if (isMeant && !disabled) onPress();
      }}
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

/** Whether a control is one of *Pause* and *Resume*. */
const isToggle = (control: keyof RecorderControls): boolean => control === 'pause' || control === 'resume';

/**
 * The commands that can work now. The main one is the largest thing in the window: one button under changing names, so
 * that whoever has started by keyboard can stop.
 * @param props.recorder of the newest snapshot
 * @param props.command sends what was pressed
 */
export function Buttons({
  recorder,
  command,
}: {
  readonly recorder: RecorderView;
  readonly command: Command<[keyof RecorderControls]>;
}) {
  const { status, controls } = recorder;
  const main = mainControl(recorder);
  /** *Pause* or *Resume*, once pressed here: it stays, and keeps the focus, until the other one takes its place. */
  const [toggled, setToggled] = useState<keyof RecorderControls | null>(null);
  const isEitherOffered = controls.pause || controls.resume;
  const canToggle = (status === 'recording' || status === 'paused') && recorder.lastError === null;
  if (toggled !== null && !canToggle) setToggled(null);
  const isShown = (control: keyof RecorderControls) =>
    controls[control] || (control === toggled && !isEitherOffered);
  // Who pressed *Pause* may press *Resume* next: one button under changing names, unless both are offered.
  const areBothOffered = controls.pause && controls.resume;
  const keyOf = (control: keyof RecorderControls): string =>
    isToggle(control) && !areBothOffered ? 'toggle' : control;
  const others = all.filter(({ control }) => control !== main && isShown(control));
  const render = (model: ButtonModel, isMain: boolean): ReactNode => (
    <RecorderButton
      key={isMain ? 'main' : keyOf(model.control)}
      model={model}
      main={isMain}
      disabled={!controls[model.control]}
      pending={command.pending}
      onPress={() => {
        if (isToggle(model.control)) setToggled(model.control);
        command.run(model.control);
      }}
    />
  );
  if (main === null && others.length === 0) return null;
  return (
    <div className="recorder-buttons">
      {main !== null && render(buttons[main], true)}
      {others.length > 0 && (
        <div className="recorder-others">{others.map((model) => render(model, false))}</div>
      )}
    </div>
  );
}
