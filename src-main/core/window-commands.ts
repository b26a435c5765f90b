import type { Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import type { ChannelArguments, ChannelName, ChannelValue } from '@shared/ipc/contract';
import type { HotkeysService } from './desktop/hotkeys';
import type { WindowRequests } from './desktop/window-requests';
import type { SavingService } from './saving/contract';
import type { MediaLibrary } from './media/library';
import type { ProgressFeed } from './media/progress-feed';
import type { DesktopPort, Log, WindowPort } from './ports/desktop';
import type { RecorderService } from './recorder/contract';
import { dismissUnconfirmed } from './recorder/dismissal';
import type { MarkCommands } from './marks/commands';
import type { RecordingsService } from './recordings/service';
import { openServerPage } from './recordings/server-page';
import type { Removals } from './removals';
import type { SessionService } from './account/session';
import type { SettingsService } from './settings/service';
import type { State } from './state';
import type { Verifier } from './media/verify';
import type { Warnings } from './desktop/warnings';

/** What answers a window: one function a channel, with arguments that were already checked. */
export type WindowCommands = {
  readonly [Name in ChannelName]: (
    args: ChannelArguments<Name>,
  ) => Result<ChannelValue<Name>> | Promise<Result<ChannelValue<Name>>>;
};

/** What the commands act on. */
export interface WindowCommandServices {
  readonly state: State;
  readonly session: SessionService;
  readonly recorder: RecorderService;
  readonly recordings: RecordingsService;
  readonly media: MediaLibrary;
  readonly progress: ProgressFeed;
  readonly verify: Verifier;
  readonly marks: MarkCommands;
  readonly keep: SavingService;
  readonly removals: Removals;
  readonly settings: SettingsService;
  readonly hotkeys: HotkeysService;
  readonly warnings: Warnings;
  readonly windowRequests: WindowRequests;
  readonly windows: WindowPort;
  readonly desktop: DesktopPort;
  readonly log: Log;
}

/** Joins every channel of the contract to the service that answers it. */
export function createWindowCommands(services: WindowCommandServices): WindowCommands {
  const {
    state,
    session,
    recorder,
    recordings,
    media,
    progress,
    verify,
    marks,
    keep,
    removals,
    settings,
    hotkeys,
    warnings,
    windowRequests,
    windows,
    desktop,
    log,
  } = services;
  const done = (): Result<null> => succeed(null);
  return {
    getSnapshot: () => succeed(state.snapshot()),

    signIn: (args) => session.signIn(args),
    signOut: () => session.signOut(),
    skipKeychain: () => {
      session.skipKeychain();
      return done();
    },

    startRecording: () => recorder.record(),
    stopRecording: ({ id }) => recorder.stop(id),
    pauseRecording: ({ id }) => recorder.pause(id),
    resumeRecording: ({ id }) => recorder.resumeRecording(id),
    recordNextCall: () => recorder.recordNextCall(),
    cancelWaiting: () => recorder.cancelWaiting(),
    tryNow: () => recorder.tryNow(),
    markMoment: () => recorder.markMoment(),
    dismissError: () => recorder.dismissError(),
    dismissUnconfirmed: ({ id }) => dismissUnconfirmed(recorder, removals, id),
    dismissWarning: ({ id }) => {
      warnings.dismiss(id);
      return done();
    },

    listRecordings: (query) => recordings.list(query),
    cancelList: ({ ticket }) => {
      recordings.cancel(ticket);
      return done();
    },
    getRecording: ({ id, fresh }) => recordings.details(id, fresh),
    verifyRecording: ({ id }) => verify(id),
    openServerPage: () => openServerPage(session, desktop),
    openMedia: ({ id, ask }) => {
      // What becomes of it, the player is told under the media address.
      void media.open(id, ask);
      return done();
    },
    followMedia: ({ id, ticket }) => {
      progress.follow(id, ticket);
      return done();
    },
    unfollowMedia: ({ ticket }) => {
      progress.unfollow(ticket);
      return done();
    },
    readMedia: async ({ id, first }) => succeed({ bytes: await media.readChunk(id, first) }),

    listMarks: ({ id }) => marks.list(id),
    addMark: ({ id, offsetMs }) => marks.add(id, offsetMs),
    labelMark: ({ id, markId, label }) => marks.label(id, markId, label),
    deleteMark: ({ id, markId }) => marks.remove(id, markId),

    saveRecordings: (args) => keep.saveRecordings(args),
    exportList: (query) => keep.exportList(query),
    saveEvidence: (args) => keep.saveEvidence(args),
    pauseSave: (choice) => keep.pause(choice),
    resumeSave: (choice) => keep.resume(choice),
    cancelSave: (choice) => keep.cancel(choice),
    retrySave: (choice) => keep.retry(choice),
    clearFinishedSaves: () => keep.clearFinished(),
    showSavedFile: (choice) => keep.showFile(choice),

    undoRemoval: ({ id }) => removals.undo(id),

    updateSettings: (patch) => settings.update(patch),
    retryHotkeys: () => {
      hotkeys.retry();
      return done();
    },
    acknowledgeWindowRequest: ({ sequence }) => {
      windowRequests.acknowledge(sequence);
      return done();
    },
    copyText: ({ text }) => {
      desktop.copyText(text);
      return done();
    },
    hideWindow: () => {
      windows.hide();
      return done();
    },
    confirmDrawn: ({ drawn }) => {
      windows.confirmDrawn(drawn);
      return done();
    },
    reportWindowFailure: ({ part, error }) => {
      log.write('error', 'a part of the window failed', { part, error });
      return done();
    },
  };
}
