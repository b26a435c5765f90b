import type { ComponentProps } from 'react';

import type { ControlName } from './Field';

/** One of the values that a {@link Select} offers. */
export interface SelectOption<Value extends string | number> {
  readonly value: Value;
  readonly label: string;
}

/** See {@link Select}; every other attribute of a select is passed on. */
export type SelectProps<Value extends string | number> = ControlName &
  Omit<ComponentProps<'select'>, 'value' | 'defaultValue' | 'onChange' | 'children' | 'multiple'> & {
    readonly value: Value;
    /** From the top down; no value twice. */
    readonly options: readonly SelectOption<Value>[];
    readonly onChange: (value: Value) => void;
  };

/**
 * A list that one value is chosen from.
 * @param props.className the look; that of a field unless given
 */
export function Select<Value extends string | number>({
  options,
  className = 'select',
  onChange,
  ...others
}: SelectProps<Value>) {
  return (
    <select
      {...others}
      className={className}
      onChange={(event) => {
        // The element knows values as texts only.
        const chosen = options.find(({ value }) => String(value) === event.target.value);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      {options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
