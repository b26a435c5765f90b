import type { CodedError } from '@shared/domain/errors';
import type { UploadMetadata } from '../../../../src-main/core/ports/api';

/** What a client in another process is asked to do; crosses as JSON. */
export type ProbeOrder =
  | { readonly kind: 'call'; readonly method: ProbeMethod; readonly args: readonly unknown[] }
  /** Downloads and forgets, leaving the loop after so many bytes where that is given. */
  | {
      readonly kind: 'download';
      readonly id: string;
      readonly leaveAfter?: number;
      readonly pauseMs?: number;
    }
  /** Uploads a WAV of so many bytes, made as it goes; cancelled after so many where that is given. */
  | {
      readonly kind: 'upload';
      readonly metadata: UploadMetadata;
      readonly sizeBytes: number;
      readonly cancelAfter?: number;
      readonly contentType?: string;
      readonly fileName?: string;
    }
  | { readonly kind: 'drop-idle-connections' };

/** The functions of the API that a plain JSON call can reach. */
export type ProbeMethod =
  | 'startRecording'
  | 'stopRecording'
  | 'pauseRecording'
  | 'probePause'
  | 'activeRecordings'
  | 'listRecordings'
  | 'getRecording';

/** An order with whom to be; numbered so that answers can overtake each other. */
export interface ProbeRequest {
  readonly sequence: number;
  readonly serverAddress: string;
  readonly username: string;
  readonly password: string;
  readonly order: ProbeOrder;
}

/** What a transfer came to. */
export interface TransferReport {
  readonly bytes: number;
  readonly error: CodedError | null;
  /** The most the process grew by while it ran, garbage not counted, bytes. */
  readonly growthBytes: number;
  readonly progress: readonly number[];
}

/** The answer to a {@link ProbeRequest}. */
export interface ProbeAnswer {
  readonly sequence: number;
  readonly value: unknown;
}
