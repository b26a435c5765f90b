import type { CodedError } from '@shared/domain/errors';
import type { Line } from '@shared/domain/recording';
import type { SessionView } from '@shared/ipc/snapshot';
import type { Account, RecorderApi } from '../ports/api';

/** A signed-in user, as the services get it. */
export interface FollowedSession extends Account {
  readonly api: RecorderApi;
}

/** The services that change hands with the session. */
export interface SessionFollowersOptions {
  readonly session: {
    view(): SessionView;
    current(): FollowedSession | null;
  };
  /** The line of the settings. */
  readonly line: () => Line;
  readonly recorder: {
    setSession(session: (FollowedSession & { readonly line: Line }) | null): void;
    lock(error: CodedError): void;
  };
  readonly recordings: { setSession(session: FollowedSession | null): void };
  readonly media: { setApi(api: RecorderApi | null): void };
  readonly saving: {
    setSession(session: FollowedSession | null): void;
    signOut(account: Account): void;
  };
  /** Carries out the pending removals, and drops the notices and requests, of the previous user. */
  readonly dropPrevious: () => void;
}

/** Hands each session to the services. */
export interface SessionFollowers {
  /** Hands over what changed; call it after every change of the session or of the line. */
  update(): void;
  /** From now on saves follow, too: the unfinished ones of an earlier run have been read. */
  savesLoaded(): void;
}

interface HandedOver {
  readonly api: RecorderApi | null;
  readonly line: string;
  readonly locked: boolean;
}

/** Makes the {@link SessionFollowers}. */
export function createSessionFollowers(options: SessionFollowersOptions): SessionFollowers {
  const { session, recorder, recordings, media, saving } = options;
  /** The last hand-over, so that an unrelated change does not restart the services. */
  let handedOver: HandedOver | null = null;
  let areSavesLoaded = false;
  let savesApi: RecorderApi | null = null;
  /** The account that is signed in, or was until its password was refused. */
  let present: Account | null = null;
  /** Accounts that have signed out while saves of an earlier run were not read yet: their saves are to be dropped. */
  const signedOut: Account[] = [];

  const update = (): void => {
    const view = session.view();
    const current = session.current();
    const line = options.line();
    const api = current?.api ?? null;
    const now = { api, line: JSON.stringify(line), locked: view.status === 'locked' };
    const isOther = handedOver?.api !== api;
    if (isOther) options.dropPrevious();
    // The recorder comes first: its poll is short and proves the credentials, while a list may take long.
    if (isOther || handedOver?.line !== now.line || handedOver.locked !== now.locked) {
      handedOver = now;
      if (current !== null) recorder.setSession({ ...current, line });
      else if (view.status === 'locked' && view.error !== null) recorder.lock(view.error);
      else recorder.setSession(null);
    }
    if (isOther) {
      recordings.setSession(current);
      media.setApi(api);
    }
    if (view.status === 'signed-in' || view.status === 'locked') present = view;
    if (view.status === 'signed-out' && present !== null) {
      signedOut.push(present);
      present = null;
    }
    if (!areSavesLoaded) return;
    for (const account of signedOut.splice(0)) saving.signOut(account);
    if (savesApi !== api) {
      savesApi = api;
      saving.setSession(current);
    }
  };

  return {
    update,
    savesLoaded: () => {
      areSavesLoaded = true;
      update();
    },
  };
}
