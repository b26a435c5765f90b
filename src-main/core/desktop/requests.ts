import { assertNever } from '@shared/assert-never';
import type { RecordingSummary } from '@shared/domain/recording';
import { summaryOf } from '@shared/domain/recording';
import type { HotkeyAction } from '@shared/ipc/settings';
import type { CommandLineRequest } from './command-line';
import type { WindowRequests } from './window-requests';
import type { DesktopPort, NoticeAction, WindowPort } from '../ports/desktop';
import type { RecorderService } from '../recorder/contract';
import type { RecordingsService } from '../recordings/service';
import type { TrayCommand } from './tray-model';

/** What can be asked of RecLight from outside its window. */
export interface DesktopRequests {
  hotkey(action: HotkeyAction): void;
  tray(command: TrayCommand): void;
  commandLine(request: CommandLineRequest): void;
  notice(action: NoticeAction): void;
}

/** What the requests act on. */
export interface DesktopRequestServices {
  readonly recorder: RecorderService;
  readonly recordings: RecordingsService;
  readonly windowRequests: WindowRequests;
  readonly desktop: DesktopPort;
  /** Null before there is a window, and after the end. */
  readonly windows: () => WindowPort | null;
}

/** Joins hotkeys, tray, command line and notices to the services; what came of it is seen in the next snapshot. */
export function createDesktopRequests(services: DesktopRequestServices): DesktopRequests {
  const { recorder, recordings, windowRequests, desktop, windows } = services;

  const play = (recording: RecordingSummary): void => {
    windowRequests.play(recording);
    // The agent may be typing elsewhere: the window comes up, the keyboard stays where it is.
    windows()?.showWithoutFocus();
  };

  const playById = async (id: string): Promise<void> => {
    const known = recordings.summary(id);
    if (known !== null) {
      play(known);
      return;
    }
    // The answer may take long or be a failure; a press is answered at once.
    windows()?.showWithoutFocus();
    const details = await recordings.details(id);
    if (!details.ok) {
      // The window's list fails for the same reason, and says it; or the recording is no longer in it.
      recordings.invalidate();
      return;
    }
    play(summaryOf(details.value));
  };

  /** Just after the start, the list is still on its way. */
  const playLatest = async (): Promise<void> => {
    const latest = await recordings.latest();
    if (latest.ok && latest.value !== null) {
      play(latest.value);
      return;
    }
    // The window says why: no user is signed in, the server does not answer, or there are no recordings.
    if (!latest.ok) recordings.invalidate();
    windows()?.showWithoutFocus();
  };

  const hotkey = (action: HotkeyAction): void => {
    switch (action) {
      case 'record':
        recorder.record();
        return;
      case 'stop':
        recorder.stop();
        return;
      case 'pause':
        recorder.pause();
        return;
      case 'resume':
        recorder.resumeRecording();
        return;
      case 'mark':
        recorder.markMoment();
        return;
      case 'toggle-window':
        windows()?.toggle();
        return;
      default:
        assertNever(action);
    }
  };

  return {
    hotkey,
    tray: (command) => {
      switch (command.kind) {
        case 'record':
        case 'stop':
        case 'pause':
        case 'resume':
          hotkey(command.kind);
          return;
        case 'record-next-call':
          recorder.recordNextCall();
          return;
        case 'cancel-waiting':
          recorder.cancelWaiting();
          return;
        case 'play':
          play(command.recording);
          return;
        case 'open':
          windows()?.show();
          return;
        case 'settings':
          windowRequests.showSettings();
          windows()?.show();
          return;
        case 'quit':
          desktop.quit();
          return;
        default:
          assertNever(command);
      }
    },
    commandLine: (request) => {
      switch (request) {
        case 'stop':
        case 'pause':
        case 'resume':
        case 'mark':
          hotkey(request);
          return;
        case 'start':
          recorder.recordNextCall();
          return;
        case 'show':
          windows()?.show();
          return;
        case 'hide':
          windows()?.hide();
          return;
        case 'play-latest':
          void playLatest();
          return;
        default:
          assertNever(request);
      }
    },
    notice: (action) => {
      switch (action.kind) {
        case 'play':
          void playById(action.recordingId);
          return;
        case 'open-window':
          windows()?.show();
          return;
        default:
          assertNever(action);
      }
    },
  };
}
