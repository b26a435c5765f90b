/** An event in the server's audit trail. */
export interface AuditEvent {
  readonly type: 'Download Recording';
  readonly username: string;
  /** GUID in lower case. */
  readonly recordingId: string;
  /** The server's epoch milliseconds. */
  readonly at: number;
}

/** The server's audit trail: each download of media leaves an event, however far it got. */
export class AuditTrail {
  private readonly list: AuditEvent[] = [];

  get events(): readonly AuditEvent[] {
    return this.list;
  }

  add(event: AuditEvent): void {
    this.list.push(event);
  }

  clear(): void {
    this.list.length = 0;
  }
}
