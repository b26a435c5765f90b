import type { CodedError, ErrorCode, Operation } from '@shared/domain/errors';
import type { RecorderNotice } from './contract';
import type { MachineEffect } from './events';
import type { MachineState } from './state';

/**
 * One transition in the making. It lives inside one call of `transition` and is written to by the parts of the
 * machine; outside, the machine is a pure function.
 */
export interface Draft {
  state: MachineState;
  readonly now: number;
  readonly chance: number;
  readonly effects: MachineEffect[];
  refusal: CodedError | null;
}

/** Replaces some of the state. */
export function update(draft: Draft, patch: Partial<MachineState>): void {
  draft.state = { ...draft.state, ...patch };
}

/** Tells the user. */
export function notify(draft: Draft, notice: RecorderNotice): void {
  draft.effects.push({ kind: 'notify', notice });
}

/** The number of a new request. */
export function nextSequence(draft: Draft): number {
  const sequence = draft.state.sequence + 1;
  update(draft, { sequence });
  return sequence;
}

/** The user or the server acted: poll faster for a while. */
export function expectNews(draft: Draft): void {
  update(draft, { activeUntil: draft.now + actionMs });
}

/** A command failed, sooner or later: it is shown and told. */
export function refuse(draft: Draft, error: CodedError): void {
  update(draft, { lastError: { error: withLine(draft.state, error), at: draft.now } });
  notify(draft, { kind: 'refused', error: withLine(draft.state, error) });
}

/** A command is not accepted at all: also answered to the caller. */
export function decline(draft: Draft, code: ErrorCode, operation: Operation): void {
  const error = withLine(draft.state, { code, operation, detail: {} });
  draft.refusal = error;
  refuse(draft, error);
}

/** The messages name the line; not every answer of the server does. */
function withLine(state: MachineState, error: CodedError): CodedError {
  const number = state.session.kind === 'open' ? state.session.line.directoryNumber : null;
  if (error.operation !== 'start' || number === null || error.detail.directoryNumber !== undefined)
    return error;
  return { ...error, detail: { ...error.detail, directoryNumber: number } };
}

/** For how long after an action the server is asked more often, ms. */
const actionMs = 15_000;
