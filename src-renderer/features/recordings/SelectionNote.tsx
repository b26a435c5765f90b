import { maxSaved } from '../saving/use-saving';
import { text } from './messages';
import type { Selection } from './use-selection';

/**
 * How many recordings are selected, or that a number which was typed was not found.
 * @param props.missed the digits that no recording has; null: none were typed, or they were found
 */
export function SelectionNote({
  selection,
  missed,
}: {
  readonly selection: Selection;
  readonly missed: string | null;
}) {
  const { count, partial, capped, waiting } = selection;
  return (
    <p className="grid-selection" role="status">
      {missed !== null ? (
        <span>{text('typedMissed', { digits: missed })}</span>
      ) : waiting ? (
        <span>{text('marking')}</span>
      ) : (
        (count > 0 || partial) && (
          <span>
            {text(partial ? 'selectedPartly' : 'selected', { count })}
            {capped && <> {text('maxSelected', { most: maxSaved })}</>}
          </span>
        )
      )}
    </p>
  );
}
