import { useState } from 'react';

import { dayBounds, isDay } from './query';

/**
 * A day of the filters. A date that is still being typed is none yet: until it is, the former one counts, which comes
 * back where it is left unfinished.
 * @param props.value `YYYY-MM-DD`; empty: none
 * @param props.first the earliest that makes sense; empty: any
 * @param props.last the latest that makes sense; empty: any
 * @param props.onChange a day was entered, or taken away
 */
export function DateField({
  label,
  value,
  first = '',
  last = '',
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly first?: string;
  readonly last?: string;
  readonly onChange: (value: string) => void;
}) {
  /** What the input tells of an unfinished one; null: it is finished. */
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <label className="filters-label">
      <span className="filters-name">{label}</span>
      <input
        className="filters-control filters-date"
        type="date"
        min={first || dayBounds.first}
        max={last || dayBounds.last}
        data-empty={value === '' || undefined}
        value={draft ?? value}
        onChange={({ target }) => {
          const isFinished = target.value === '' ? !target.validity.badInput : isDay(target.value);
          setDraft(isFinished ? null : target.value);
          if (isFinished) onChange(target.value);
        }}
        onBlur={({ target }) => {
          // Parts of a date are no value, so that React would leave them there.
          if (target.validity.badInput) target.value = value;
          setDraft(null);
        }}
      />
    </label>
  );
}
