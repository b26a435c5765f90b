import type { CodedError } from '../../../../src-main/shared/errors';
import type { Fate, RequestRecord } from '../../../support/virtual-server';

/** Through, 10 ms each way. */
export const fine: Fate = { kind: 'ok', outMs: 10, backMs: 10 };

/** The cable is pulled: every connection is refused at once. */
export const pulled: Fate = {
  kind: 'failed',
  afterMs: 1,
  error: { code: 'connection-refused', detail: { outcomeUnknown: false } },
};

/** An answer of the server (or of something in its place). */
export function answering(code: CodedError['code'], detail: CodedError['detail'] = {}): Fate {
  return { kind: 'failed', afterMs: 10, error: { code, detail } };
}

/** The given fate for the first so many requests of a kind; all others get through. */
export function once(kind: RequestRecord['kind'], fate: Fate, times = 1): (record: RequestRecord) => Fate {
  let left = times;
  return (record) => {
    if (record.kind !== kind || left === 0) return fine;
    left -= 1;
    return fate;
  };
}
