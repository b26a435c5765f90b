/** A marked moment of a recording; kept on this computer only. */
export interface MarkView {
  readonly id: number;
  /** ms since the recording began. */
  readonly offsetMs: number;
  /** What the user calls it; empty where it has no name. */
  readonly label: string;
}

/** The longest name of a mark, characters. */
export const maxMarkLabelLength = 80;
