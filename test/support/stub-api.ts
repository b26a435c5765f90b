import type { CallOptions, RecorderApi } from '../../src-main/core/ports';
import type { Result } from '../../src-main/shared/errors';

/** A call of the API, except the two that ask the server nothing. */
export type StubMethod = Exclude<keyof RecorderApi, 'fingerprint' | 'dropIdleConnections'>;

/** One call that reached the API. */
export interface StubCall {
  readonly method: StubMethod;
  /** Without the options. */
  readonly args: readonly unknown[];
  readonly signal: AbortSignal | undefined;
  /** Of a download: where its part begins. */
  readonly firstByte?: number;
  /** Answers it, where the stub has no answers of its own. */
  readonly answer: (result: Result<unknown>) => void;
}

/** Answers a call at once; undefined: the test answers it later. */
export type StubAnswers = (call: StubCall) => Result<unknown> | Promise<Result<unknown>> | undefined;

/** An API without a server: every call is noted, and answered as the test wishes. */
export class StubApi implements RecorderApi {
  readonly calls: StubCall[] = [];
  #answers: StubAnswers;

  constructor(answers: StubAnswers = () => undefined) {
    this.#answers = answers;
  }

  /** From now on calls are answered like this. */
  answerWith(answers: StubAnswers): void {
    this.#answers = answers;
  }

  /** The calls of one method. */
  of(method: StubMethod): readonly StubCall[] {
    return this.calls.filter((call) => call.method === method);
  }

  #take<Value>(
    method: StubMethod,
    args: readonly unknown[],
    options: (CallOptions & { readonly firstByte?: number }) | undefined,
  ): Promise<Result<Value>> {
    return new Promise((resolve) => {
      const answer = (result: Result<unknown>) => {
        resolve(result as Result<Value>);
      };
      const { signal, firstByte } = options ?? {};
      const call: StubCall = {
        method,
        args,
        signal,
        ...(firstByte === undefined ? {} : { firstByte }),
        answer,
      };
      this.calls.push(call);
      const given = this.#answers(call);
      if (given !== undefined) resolve(given as Result<Value> | Promise<Result<Value>>);
    });
  }

  startRecording: RecorderApi['startRecording'] = (line, o) => this.#take('startRecording', [line], o);
  stopRecording: RecorderApi['stopRecording'] = (id, o) => this.#take('stopRecording', [id], o);
  stopLine: RecorderApi['stopLine'] = (line, o) => this.#take('stopLine', [line], o);
  stopMine: RecorderApi['stopMine'] = (o) => this.#take('stopMine', [], o);
  pauseRecording: RecorderApi['pauseRecording'] = (id, o) => this.#take('pauseRecording', [id], o);
  resumeRecording: RecorderApi['resumeRecording'] = (id, o) => this.#take('resumeRecording', [id], o);
  pauseLine: RecorderApi['pauseLine'] = (number, o) => this.#take('pauseLine', [number], o);
  resumeLine: RecorderApi['resumeLine'] = (number, o) => this.#take('resumeLine', [number], o);
  probePause: RecorderApi['probePause'] = (o) => this.#take('probePause', [], o);
  activeRecordings: RecorderApi['activeRecordings'] = (filter, o) =>
    this.#take('activeRecordings', [filter], o);
  listRecordings: RecorderApi['listRecordings'] = (filters, paging, o) =>
    this.#take('listRecordings', [filters, paging], o);
  getRecording: RecorderApi['getRecording'] = (id, o) => this.#take('getRecording', [id], o);
  downloadRecording: RecorderApi['downloadRecording'] = (id, o) => this.#take('downloadRecording', [id], o);
  uploadRecording: RecorderApi['uploadRecording'] = (metadata, file, o) =>
    this.#take('uploadRecording', [metadata, file], o);
  fingerprint = (): string | null => 'Server: stub';
  dropIdleConnections = (): Promise<void> => Promise.resolve();
}
