import { useId, useState, type ReactNode } from 'react';

import type { CodedError } from '@shared/domain/errors';
import { boundsOf, type SettingName } from '@shared/ipc/setting-table';
import { withPatch, type SettingsPatch } from '@shared/ipc/settings';
import { settingLabel } from '@shared/text/setting-labels';
import { useApi, useSnapshot } from '../../services/context';
import { answered } from '../../ui/answered';
import { ErrorNote } from '../../ui/ErrorNote';
import { Field } from '../../ui/Field';
import { isDone } from '../../ui/key-press';
import { Select, type SelectOption } from '../../ui/Select';
import { TextInput } from '../../ui/TextInput';
import { text } from './messages';

/**
 * The settings as they are chosen here, and the way to change them. A change is sent at once, also while another one
 * is being saved, and is shown before the main process has told it: keys come faster than the disk answers.
 */
export function useSettings() {
  const api = useApi();
  const stored = useSnapshot((snapshot) => snapshot.settings);
  const [pending, setPending] = useState<readonly SettingsPatch[]>([]);
  const [error, setError] = useState<CodedError | null>(null);
  const save = (patch: SettingsPatch): void => {
    setError(null);
    setPending((patches) => [...patches, patch]);
    void answered('settings', () => api.updateSettings(patch)).then((result) => {
      setPending((patches) => patches.filter((other) => other !== patch));
      if (!result.ok) setError(result.error);
    });
  };
  const clear = (): void => {
    setError(null);
  };
  return {
    settings: pending.reduce(withPatch, stored),
    save,
    failure: error === null ? null : <ErrorNote error={error} onDismiss={clear} />,
  };
}

/** Whether the administrator has fixed a setting. */
export function useManaged(name: SettingName): boolean {
  return useSnapshot((snapshot) => snapshot.managedSettings.includes(name));
}

function ManagedHint({ id }: { readonly id: string }) {
  return (
    <p className="hint" id={id}>
      {text('managed')}
    </p>
  );
}

/** A setting that is on or off. */
export function Switch({
  name,
  checked,
  onChange,
}: {
  readonly name: SettingName;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  const managed = useManaged(name);
  const hintId = useId();
  return (
    <div>
      <label className="check">
        <input
          type="checkbox"
          checked={checked}
          disabled={managed}
          aria-describedby={managed ? hintId : undefined}
          onChange={(event) => {
            onChange(event.target.checked);
          }}
        />
        {settingLabel(name)}
      </label>
      {managed && <ManagedHint id={hintId} />}
    </div>
  );
}

/** A setting that is one of a few. */
export function Choice<Value extends string>({
  name,
  value,
  options,
  onChange,
}: {
  readonly name: SettingName;
  readonly value: Value;
  readonly options: readonly SelectOption<Value>[];
  readonly onChange: (value: Value) => void;
}) {
  const managed = useManaged(name);
  return (
    <Field label={settingLabel(name)} hint={managed ? text('managed') : null}>
      {(control) => (
        <Select {...control} value={value} options={options} disabled={managed} onChange={onChange} />
      )}
    </Field>
  );
}

/** The keys of a field that is saved when one leaves it. */
export function leaveOnEnter(event: {
  readonly key: string;
  readonly nativeEvent: Event;
  readonly currentTarget: HTMLInputElement;
}): void {
  if (!isDone(event)) return;
  // Blur saves the field; focus it again, so that the user stays in it.
  event.currentTarget.blur();
  event.currentTarget.focus();
}

/**
 * A setting that is a short text, saved when one leaves the field.
 * @param props.value null: empty
 */
export function TextSetting({
  name,
  value,
  maximumLength,
  onChange,
}: {
  readonly name: SettingName;
  readonly value: string | null;
  readonly maximumLength: number;
  readonly onChange: (value: string | null) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <Field label={settingLabel(name)}>
      {(control) => (
        <TextInput
          {...control}
          maxLength={maximumLength}
          value={typed ?? value ?? ''}
          onChange={setTyped}
          onKeyDown={leaveOnEnter}
          onBlur={() => {
            if (typed === null) return;
            const next = typed.trim() || null;
            setTyped(null);
            if (next !== value) onChange(next);
          }}
        />
      )}
    </Field>
  );
}

/**
 * A setting that is a whole number within its bounds, saved when the field loses the focus.
 * @param props.unit of which the field shows whole multiples, in stored units: 1,000 shows ms as s
 * @param props.label where the field is not named as the setting is
 */
export function NumberSetting({
  name,
  label = settingLabel(name),
  value: stored,
  unit = 1,
  onChange,
}: {
  readonly name: SettingName;
  readonly label?: string;
  readonly value: number;
  readonly unit?: number;
  readonly onChange: (value: number) => void;
}) {
  const managed = useManaged(name);
  const bounds = boundsOf(name);
  const [minimum, maximum] = [bounds.minimum / unit, bounds.maximum / unit];
  const value = Math.round(stored / unit);
  const [typed, setTyped] = useState<string | null>(null);
  const [refused, setRefused] = useState(false);
  const outOfBounds = refused && !managed;
  const hint = managed ? text('managed') : text('bounds', { minimum, maximum });
  return (
    <Field
      label={label}
      hint={outOfBounds ? null : hint}
      error={outOfBounds ? text('outOfBounds', { minimum, maximum }) : null}
      inline
    >
      {(control) => (
        <TextInput
          {...control}
          className="input number-setting"
          type="number"
          inputMode="numeric"
          min={minimum}
          max={maximum}
          step={1}
          disabled={managed}
          value={typed ?? String(value)}
          onChange={setTyped}
          onKeyDown={leaveOnEnter}
          onBlur={() => {
            if (typed === null) return;
            const next = Number(typed);
            const valid = typed !== '' && Number.isInteger(next) && next >= minimum && next <= maximum;
            setRefused(!valid);
            if (!valid) return;
            setTyped(null);
            if (next !== value) onChange(next * unit);
          }}
        />
      )}
    </Field>
  );
}

/** A fact that cannot be changed here. */
export function SettingFact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="setting-fact">
      <dt>{name}</dt>
      <dd className="selectable">{children}</dd>
    </div>
  );
}
