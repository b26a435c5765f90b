/** What can be removed by a slip of the hand: running saves, a mark, or the word of a recording that was not found. */
export type RemovalKind = 'saves' | 'mark' | 'unconfirmed';

/** A removal that is to be carried out in a moment, and can be undone until then. */
export interface RemovalView {
  readonly id: number;
  readonly kind: RemovalKind;
  /** How many things it removes. */
  readonly count: number;
  /** Of a mark: its recording; null otherwise. */
  readonly recordingId: string | null;
}
