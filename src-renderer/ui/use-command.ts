import { useCallback, useEffect, useRef, useState } from 'react';

import type { CodedError, Result } from '@shared/domain/errors';
import { answered } from './answered';

/** A command to the main process as a control shows it. */
export interface Command<Arguments extends readonly unknown[]> {
  /** Sends it; a second press while it is on its way does nothing. */
  readonly run: (...args: Arguments) => void;
  readonly pending: boolean;
  /** Why the newest one was not accepted. */
  readonly error: CodedError | null;
  readonly clear: () => void;
}

/**
 * Runs a command for a control: shows at once that it was pressed, and keeps what came of it.
 * @param send one of the window API's functions, with its arguments
 */
export function useCommand<Arguments extends readonly unknown[]>(
  send: (...args: Arguments) => Promise<Result<unknown>>,
): Command<Arguments> {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<CodedError | null>(null);
  const underWay = useRef(false);
  const mounted = useRef(true);
  const latest = useRef(send);
  useEffect(() => {
    latest.current = send;
  });
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const run = useCallback((...args: Arguments) => {
    if (underWay.current) return;
    underWay.current = true;
    setPending(true);
    setError(null);
    void answered('ipc', () => latest.current(...args)).then((result) => {
      underWay.current = false;
      if (!mounted.current) return;
      setPending(false);
      if (!result.ok) setError(result.error);
    });
  }, []);
  const clear = useCallback(() => {
    setError(null);
  }, []);
  return { run, pending, error, clear };
}
