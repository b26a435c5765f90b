import type { ComponentProps } from 'react';

import type { ControlName } from './Field';

/** See {@link TextInput}; every other attribute of an input is passed on. */
export type TextInputProps = ControlName &
  Omit<ComponentProps<'input'>, 'type' | 'value' | 'defaultValue' | 'onChange'> & {
    /** A text unless given. */
    readonly type?: 'text' | 'password' | 'search' | 'number';
    /** What is typed; of a number as well. */
    readonly value: string;
    readonly onChange: (value: string) => void;
  };

/**
 * An input that is typed into. It completes and spell-checks nothing unless told to.
 * @param props.className the look; that of a field unless given
 */
export function TextInput({
  type = 'text',
  className = 'input',
  autoComplete = 'off',
  spellCheck = false,
  onChange,
  ...others
}: TextInputProps) {
  return (
    <input
      {...others}
      type={type}
      className={className}
      autoComplete={autoComplete}
      spellCheck={spellCheck}
      onChange={(event) => {
        onChange(event.target.value);
      }}
    />
  );
}
