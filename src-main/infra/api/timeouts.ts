/** Time limits, ms. */
export interface ApiTimeouts {
  /** Start, stop, pause, resume and active recordings, to the end of the answer. */
  readonly live: number;
  readonly list: number;
  readonly details: number;
  /** Until a download's headers. */
  readonly downloadHeaders: number;
  /** Between two pieces of a download or an upload, while it is the network's turn. */
  readonly stall: number;
  /** From the last byte of an upload to its answer: the server converts the audio first. */
  readonly uploadAnswer: number;
}

/** The limits that hold where nothing else is said. */
export const defaultTimeouts: ApiTimeouts = {
  live: 10_000,
  list: 20_000,
  details: 10_000,
  downloadHeaders: 20_000,
  stall: 30_000,
  uploadAnswer: 120_000,
};
