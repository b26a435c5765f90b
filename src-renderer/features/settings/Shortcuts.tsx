import { useEffect, useState, type KeyboardEvent } from 'react';

import { assertNever } from '@shared/assert-never';
import { acceleratorHarm, isSameAccelerator } from '@shared/domain/accelerator';
import { defaultHotkeys, hotkeyActions, type HotkeyAction, type SettingsPatch } from '@shared/ipc/settings';
import type { HotkeyView } from '@shared/ipc/snapshot';
import { describeError } from '@shared/text/error-messages';
import { settingLabel } from '@shared/text/setting-labels';
import { useApi, useSnapshot } from '../../services/context';
import { acceleratorLabel, acceleratorOf, type PressedKeys } from '../../ui/accelerator';
import { answered } from '../../ui/answered';
import { IconButton } from '../../ui/IconButton';
import { useSettings } from './controls';
import { text } from './messages';

/** What does the same from a shortcut that the desktop itself has bound. */
const commands: Readonly<Partial<Record<HotkeyAction, string>>> = {
  record: 'reclight --start',
  stop: 'reclight --stop',
  pause: 'reclight --pause',
  resume: 'reclight --resume',
  mark: 'reclight --mark',
  'toggle-window': 'reclight --show',
};

function problemText(pressed: Extract<PressedKeys, { problem: string }>): string {
  switch (pressed.problem) {
    case 'needs-modifier':
      return text('needsModifier');
    case 'alt-graph':
      return text('altGraph');
    case 'unusable':
      return text('unusableKey', { key: pressed.key });
    default:
      return assertNever(pressed);
  }
}

/** One shortcut: pressing the button listens for the keys. */
function Shortcut({
  action,
  accelerator,
  hotkey,
  taken,
  onChange,
}: {
  readonly action: HotkeyAction;
  readonly accelerator: string | null;
  readonly hotkey: HotkeyView | null;
  /** Which action has an accelerator already. */
  readonly taken: (accelerator: string) => HotkeyAction | null;
  readonly onChange: (accelerator: string | null) => void;
}) {
  const platform = useSnapshot((snapshot) => snapshot.environment.platform);
  const [listening, setListening] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const name = settingLabel(`hotkeys.${action}`);
  const keys = accelerator === null ? text('none') : acceleratorLabel(accelerator, platform);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!listening) return;
    const bare = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.key === 'Tab' && bare) return;
    event.preventDefault();
    if (event.key === 'Escape' && bare) {
      setListening(false);
      return;
    }
    if (['Control', 'Alt', 'Shift', 'Meta', 'AltGraph'].includes(event.key)) return;
    // Where Alt itself is held, too, it is what the user means.
    const altGraph = event.getModifierState('AltGraph') && !event.altKey;
    const { key, code, ctrlKey, altKey, shiftKey, metaKey } = event;
    const pressed = acceleratorOf({ key, code, ctrlKey, altKey, shiftKey, metaKey, altGraph }, platform);
    if ('problem' in pressed) {
      setProblem(problemText(pressed));
      return;
    }
    setListening(false);
    const other = taken(pressed.accelerator);
    if (other !== null && other !== action) {
      setProblem(text('alreadyUsed', { action: settingLabel(`hotkeys.${other}`) }));
      return;
    }
    setProblem(null);
    if (pressed.accelerator !== accelerator) onChange(pressed.accelerator);
  };
  const error =
    hotkey?.error && accelerator !== null
      ? { ...hotkey.error, detail: { ...hotkey.error.detail, accelerator: keys } }
      : null;
  const unregistered = accelerator !== null && hotkey !== null && !hotkey.registered;
  const trouble =
    problem ??
    (error !== null && unregistered
      ? describeError(error).what
      : unregistered
        ? text('notRegistered')
        : null);
  const command = commands[action];
  const needsCommand = hotkey?.unconfirmed === true || hotkey?.error?.code === 'shortcuts-unsupported';
  const harm = accelerator === null ? null : acceleratorHarm(accelerator, platform);
  return (
    <li className="shortcut">
      <span className="shortcut-name">{name}</span>
      <button
        type="button"
        className="button shortcut-keys"
        aria-label={listening ? text('pressKeys') : text('shortcutOf', { action: name, keys })}
        aria-pressed={listening}
        data-empty={accelerator === null || undefined}
        onClick={() => {
          setListening(!listening);
          setProblem(null);
        }}
        onBlur={() => {
          setListening(false);
        }}
        onKeyDown={onKeyDown}
      >
        {listening ? text('pressKeys') : keys}
      </button>
      <IconButton
        icon="close"
        size={14}
        label={text('clearOf', { action: name })}
        title={text('clear')}
        // Not `disabled`, which would drop the focus of the pressed button.
        aria-disabled={accelerator === null || undefined}
        onClick={() => {
          if (accelerator === null) return;
          setProblem(null);
          onChange(null);
        }}
      />
      {trouble !== null && (
        <p className="shortcut-trouble" role="alert">
          {trouble}
        </p>
      )}
      {trouble === null && hotkey?.unconfirmed === true && (
        <p className="shortcut-trouble" role="status">
          {text('unconfirmed', { keys })}
        </p>
      )}
      {needsCommand && (
        <p className="hint selectable">
          {command === undefined ? text('noCommand') : text('bindCommand', { command })}
        </p>
      )}
      {trouble === null && harm !== null && (
        <p className="shortcut-trouble" role="status">
          {text(harm === 'types' ? 'harmTypes' : 'harmConsole')}
        </p>
      )}
    </li>
  );
}

const isTaken = (chosen: string | null, accelerator: string, isMac: boolean): boolean =>
  chosen !== null && isSameAccelerator(chosen, accelerator, isMac);

/** The global shortcuts, and whether the computer gave them to RecLight. */
export function Shortcuts() {
  const hotkeys = useSnapshot((snapshot) => snapshot.hotkeys);
  const isMac = useSnapshot((snapshot) => snapshot.environment.platform === 'darwin');
  const api = useApi();
  useEffect(() => {
    void answered('hotkey', () => api.retryHotkeys({}));
  }, [api]);
  const { settings: chosen, save, failure } = useSettings();
  const settings = chosen.hotkeys;
  const change = (hotkeysPatch: NonNullable<SettingsPatch['hotkeys']>) => {
    save({ hotkeys: hotkeysPatch });
  };
  return (
    <>
      <p className="hint">{text('shortcutsHint')}</p>
      <ul className="shortcuts">
        {hotkeyActions.map((action) => (
          <Shortcut
            key={action}
            action={action}
            accelerator={settings[action]}
            hotkey={hotkeys.find((hotkey) => hotkey.action === action) ?? null}
            taken={(accelerator) =>
              hotkeyActions.find((other) => isTaken(settings[other], accelerator, isMac)) ?? null
            }
            onChange={(accelerator) => {
              change({ [action]: accelerator });
            }}
          />
        ))}
      </ul>
      <div>
        <button
          type="button"
          className="button"
          onClick={() => {
            change(defaultHotkeys);
          }}
        >
          {text('reset')}
        </button>
      </div>
      {failure}
    </>
  );
}
