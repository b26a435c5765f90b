import './part.css';

import { Component, Suspense, useLayoutEffect, useRef, type ReactNode } from 'react';

import type { WindowPart } from '@shared/ipc/window-failure';
import type { ModuleSource } from './module-source';
import { passFocusOn } from './pass-focus-on';
import { commonText } from './messages';

/** That a part cannot be shown. Plain elements only: what it would share with the part may be what has failed. */
function PartNote({
  part,
  failures,
  onRetry,
  onDismiss,
}: {
  readonly part: WindowPart;
  readonly failures: number;
  readonly onRetry: () => void;
  readonly onDismiss: (() => void) | null;
}) {
  const retry = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    // A part that failed again replaces the note whose button was pressed, and takes the focus with it.
    if (failures > 1 && document.activeElement === document.body) retry.current?.focus();
  }, [failures]);
  const what = commonText(failures > 1 ? 'partStillFailed' : 'partFailed', { part });
  return (
    <div ref={passFocusOn} className="note note-danger part-failure" role="alert">
      <div className="note-body">
        <p className="note-what">{what}</p>
        <p>{commonText(failures > 1 ? 'partStillFailedNext' : 'partFailedNext')}</p>
        <div className="note-actions">
          <button ref={retry} type="button" className="link-button" onClick={onRetry}>
            {commonText('tryAgain')}
          </button>
          {onDismiss !== null && (
            <button
              type="button"
              className="link-button"
              aria-label={commonText('dismissOf', { what })}
              onClick={onDismiss}
            >
              {commonText('dismiss')}
            </button>
          )}
        </div>
      </div>
    </div>
  );
}

/** See {@link Part}. */
export interface PartProps {
  readonly name: WindowPart;
  readonly children: ReactNode;
  /** Where a lazy part comes from: it is fetched again when it is tried again. */
  readonly source?: ModuleSource<unknown>;
  /** What the part was opened for; a new one tries again by itself, because the user asked for the part anew. */
  readonly occasion?: unknown;
  /** Closes a part that has failed; answers what opens it again. */
  readonly onFail?: () => () => void;
  /** Shows a button that puts the note away, and does this. */
  readonly onDismiss?: () => void;
  /** Draws instead of the note alone; gets the note. */
  readonly fallback?: (note: ReactNode) => ReactNode;
}

interface PartState {
  readonly failed: boolean;
  /** How often in a row. */
  readonly failures: number;
}

/**
 * A part of the window that fails on its own: where it cannot be drawn or fetched, a note takes its place and the rest
 * of the window goes on. The note is announced once, and the part is drawn again only when the user asks for it.
 */
export class Part extends Component<PartProps, PartState> {
  override readonly state: PartState = { failed: false, failures: 0 };
  #reopen: (() => void) | null = null;
  #mounted = false;

  static getDerivedStateFromError(): Partial<PartState> {
    return { failed: true };
  }

  override componentDidMount(): void {
    this.#mounted = true;
  }

  override componentDidCatch(): void {
    this.props.source?.forget();
    this.#reopen = this.props.onFail?.() ?? null;
    this.setState(({ failures }) => ({ failures: failures + 1 }));
  }

  override componentDidUpdate(before: PartProps, { failed }: PartState): void {
    const { occasion } = this.props;
    const isNew = occasion !== before.occasion && occasion !== null && occasion !== undefined;
    if (failed && this.state.failed && isNew) this.setState({ failed: false });
    if (failed && !this.state.failed) this.setState({ failures: 0 });
  }

  override componentWillUnmount(): void {
    this.#mounted = false;
  }

  readonly #retry = (): void => {
    const { source } = this.props;
    if (source === undefined) {
      this.#open();
      return;
    }
    // The note stays until the part is there: its button keeps the focus.
    void source.get().then(
      () => {
        if (this.#mounted) this.#open();
      },
      () => {
        source.forget();
        if (this.#mounted) this.setState(({ failures }) => ({ failures: failures + 1 }));
      },
    );
  };

  #open(): void {
    // What opens a closed part gives it a new occasion, and that tries again.
    if (this.#reopen === null) this.setState({ failed: false });
    else this.#reopen();
  }

  readonly #dismiss = (): void => {
    this.setState({ failed: false, failures: 0 });
    this.props.onDismiss?.();
  };

  override render(): ReactNode {
    const { name, children, source, fallback, onFail, onDismiss } = this.props;
    if (!this.state.failed) return source === undefined ? children : <Suspense>{children}</Suspense>;
    const note = (
      <PartNote
        part={name}
        failures={Math.max(1, this.state.failures)}
        onRetry={this.#retry}
        onDismiss={onFail === undefined && onDismiss === undefined ? null : this.#dismiss}
      />
    );
    return fallback === undefined ? note : fallback(note);
  }
}
