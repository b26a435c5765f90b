import type { CodedError } from '@shared/domain/errors';
import type { AcceptedSignIn } from './sign-in-check';
import type { LoginGuard } from './login-guard';
import { createLoginGuard } from './login-guard';
import { recognizeOldServer } from './old-server';
import type { Account, Connection } from '../ports/api';
import type { Clock } from '../ports/clock';

/* Holds the connection of who is signed in, behind a guard that the first refusal of the password closes. */

/** A signed-in user with a connection whose credentials have not been refused. */
export interface SignedIn {
  readonly api: LoginGuard;
  readonly serverAddress: string;
  readonly username: string;
}

/** The connection of who is signed in, if anybody is. */
export interface HeldConnection {
  /**
   * Holds another connection instead.
   * @param refused why its credentials were refused before; null: they were not
   * @param accepted what the server has just answered; null: it was not asked
   */
  replace(next: Connection, refused: CodedError | null, accepted: AcceptedSignIn | null): void;
  /** Closes it. */
  close(): void;
  connection(): Connection | null;
  /** Why its credentials were refused; null: they were not. */
  refusal(): CodedError | null;
  /** Null where there is no connection, or its credentials were refused. */
  signedIn(): SignedIn | null;
}

/** Makes it; nobody is signed in. @param refused called when the server has refused the credentials */
export function createHeldConnection(
  clock: Clock,
  refused: (account: Account, error: CodedError) => void,
): HeldConnection {
  let connection: Connection | null = null;
  let guard: LoginGuard | null = null;
  let refusal: CodedError | null = null;

  const close = (): void => {
    guard?.dispose();
    connection?.close();
    guard = null;
    connection = null;
    refusal = null;
  };

  return {
    replace: (next, formerRefusal, accepted) => {
      close();
      connection = next;
      refusal = formerRefusal;
      const guarded = createLoginGuard({
        api: next.api,
        clock,
        ...(formerRefusal === null ? {} : { refused: formerRefusal }),
        ...(accepted === null ? {} : { provenAt: accepted.provenAt }),
        onRefused: (error) => {
          if (connection !== next) return;
          refusal = error;
          refused(next.account, error);
        },
      });
      guard = recognizeOldServer(guarded, accepted?.listAnswered ?? false);
    },
    close,
    connection: () => connection,
    refusal: () => refusal,
    signedIn: () => {
      if (connection === null || guard === null || refusal !== null) return null;
      const { serverAddress, username } = connection.account;
      return { api: guard, serverAddress, username };
    },
  };
}
