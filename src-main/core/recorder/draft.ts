import type { CodedError, ErrorCode, Operation } from '../../shared/domain/errors';
import type { RecorderNotice } from './contract';
import type { MachineEffect } from './events';
import type { MachineState } from './state';

/**
 * One transition in the making. It lives inside one call of `transition` and is written to by the parts of the
 * machine; outside, the machine is a pure function.
 */
export interface Step {
  state: MachineState;
  readonly now: number;
  readonly chance: number;
  readonly effects: MachineEffect[];
  refusal: CodedError | null;
}

/** Replaces some of the state. */
export function update(step: Step, patch: Partial<MachineState>): void {
  step.state = { ...step.state, ...patch };
}

/** Tells the user. */
export function notify(step: Step, notice: RecorderNotice): void {
  step.effects.push({ kind: 'notify', notice });
}

/** The number of a new request. */
export function nextSequence(step: Step): number {
  const sequence = step.state.sequence + 1;
  update(step, { sequence });
  return sequence;
}

/** Somebody did something: news is asked for more often for a while. */
export function expectNews(step: Step): void {
  update(step, { activeUntil: step.now + actionMs });
}

/** A command failed, sooner or later: it is shown and told. */
export function refuse(step: Step, error: CodedError): void {
  update(step, { lastError: { error: withLine(step.state, error), at: step.now } });
  notify(step, { kind: 'refused', error: withLine(step.state, error) });
}

/** A command is not accepted at all: also answered to the caller. */
export function decline(step: Step, code: ErrorCode, operation: Operation): void {
  const error = withLine(step.state, { code, operation, detail: {} });
  step.refusal = error;
  refuse(step, error);
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
