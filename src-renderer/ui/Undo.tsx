import './undo.css';

import { useEffect, useId } from 'react';

import type { RemovalKind } from '@shared/domain/removal';
import { useApi, useSnapshot } from '../services/context';
import { answered } from './answered';
import { passFocusOn } from './pass-focus-on';
import { commonText } from './messages';

/** A text field has an undo of its own. */
function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, [contenteditable="true"]') !== null
  );
}

/** Undoes the newest removal by the key that undoes everywhere; draws nothing. */
export function UndoKey() {
  const api = useApi();
  const newest = useSnapshot(({ removals }) => removals.at(-1)?.id ?? null);
  useEffect(() => {
    if (newest === null) return;
    const pressed = (event: KeyboardEvent): void => {
      const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
      if (!isUndo || event.repeat || event.key.toLowerCase() !== 'z' || isTextField(event.target)) return;
      event.preventDefault();
      void answered('ipc', () => api.undoRemoval({ id: newest }));
    };
    window.addEventListener('keydown', pressed);
    return () => {
      window.removeEventListener('keydown', pressed);
    };
  }, [api, newest]);
  return null;
}

/**
 * What was removed last, and the button that brings it back; nothing where nothing can be brought back.
 * @param props.kind of what is removed here
 * @param props.recordingId whose marks are shown here; left out elsewhere
 * @param props.told whether the place says already what was removed
 */
export function Undo({
  kind,
  recordingId,
  told = false,
}: {
  readonly kind: RemovalKind;
  readonly recordingId?: string;
  readonly told?: boolean;
}) {
  const api = useApi();
  const textId = useId();
  const newest = useSnapshot(({ removals }) =>
    removals.findLast(
      (removal) =>
        removal.kind === kind &&
        (recordingId === undefined || removal.recordingId?.toLowerCase() === recordingId.toLowerCase()),
    ),
  );
  if (newest === undefined) return null;
  const { id, count } = newest;
  return (
    <span className="undo" ref={passFocusOn}>
      <span id={textId} role="status" className={told ? 'visually-hidden' : 'undo-text'}>
        {commonText('removed', { kind, count })}
      </span>
      <button
        type="button"
        className="link-button undo-button"
        aria-describedby={textId}
        onClick={() => void answered('ipc', () => api.undoRemoval({ id }))}
      >
        {commonText('undo')}
      </button>
    </span>
  );
}
