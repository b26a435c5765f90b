import { useId, type ReactNode } from 'react';

/** What ties a control to the words of its {@link Field}; spread it on the control. */
export interface FieldControl {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

/** How a control gets its accessible name: from the label of a {@link Field}, or from words that are not visible. */
export type ControlName = { readonly id: string } | { readonly 'aria-label': string };

/** Whether there is something to draw; `condition && words` is false where there is not. */
function isShown(words: ReactNode): boolean {
  return words !== null && words !== undefined && words !== false;
}

/** See {@link Field}. */
export interface FieldProps {
  readonly label: string;
  /** Describes the control. Nothing is drawn for null, undefined and false. */
  readonly hint?: ReactNode;
  /**
   * Why the value is refused: describes the control and marks it as invalid. A text is announced when it appears; an
   * element announces itself. Nothing is drawn for null, undefined and false.
   */
  readonly error?: ReactNode;
  /** Whether the control is marked as invalid; where there is an error unless given. */
  readonly invalid?: boolean;
  /** Puts hint and error beside the control instead of below it. */
  readonly inline?: boolean;
  /** Draws the control. */
  readonly children: (control: FieldControl) => ReactNode;
}

/** A label, the control that it names, and the hint and the error that describe the control. */
export function Field({
  label,
  hint,
  error,
  invalid = isShown(error),
  inline = false,
  children,
}: FieldProps) {
  const id = useId();
  const hintId = isShown(hint) ? `${id}-hint` : null;
  const errorId = isShown(error) ? `${id}-error` : null;
  const describedBy = [hintId, errorId].filter((other) => other !== null).join(' ');
  const parts = (
    <>
      {children({
        id,
        'aria-describedby': describedBy || undefined,
        'aria-invalid': invalid || undefined,
      })}
      {hintId !== null && (
        <div id={hintId} className="hint">
          {hint}
        </div>
      )}
      {errorId !== null && (
        <div id={errorId}>
          {typeof error === 'string' ? (
            <p role="alert" className="field-error">
              {error}
            </p>
          ) : (
            error
          )}
        </div>
      )}
    </>
  );
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {inline ? <div className="field-inline">{parts}</div> : parts}
    </div>
  );
}
