import type { CodedError, Result } from '@shared/domain/errors';
import type { AudioDownload } from './audio-download';
import type { Clock, Disposable } from '../ports/clock';

/* Decides which downloads run at the same time, which one waits, and which one is given up. */

/**
 * How many downloads run at the same time, so that saves, lists and the light find a connection to the server. Two, and
 * not one: who goes on to the next recording may come back, and a download that was given up has to be asked for, and
 * stands in the audit trail, once more.
 */
const maxDownloads = 2;

/** How long a server may take to begin its answer while another recording is wanted, ms. */
const unansweredPatienceMs = 2_000;

const cancelled: CodedError = { code: 'cancelled', operation: 'download', detail: {} };

/** Which downloads run, and which one waits for room. */
export interface DownloadQueue {
  /**
   * Starts a download as soon as there is room for it, if need be in place of one that nobody reads. What the server
   * has not begun to answer is given up soon after, for the sake of this one.
   * @param superseded called where another one begins before there is room; the answer is then `cancelled`
   */
  begin<Value>(
    download: AudioDownload,
    start: () => Promise<Result<Value>>,
    superseded: () => void,
  ): Promise<Result<Value>>;
  isWaiting(download: AudioDownload): boolean;
  /** Starts the one that waits where there is room by now; to be called after a download has ended or lost a reader. */
  startWaiting(): void;
  /** Starts nothing more of what was asked for until now. */
  clear(): void;
}

/**
 * Makes the queue.
 * @param downloads all there are, in order of use
 * @param drop ends a download and forgets it
 */
export function createDownloadQueue(
  clock: Clock,
  downloads: () => readonly AudioDownload[],
  drop: (download: AudioDownload) => void,
): DownloadQueue {
  let waiting: { readonly download: AudioDownload; readonly settle: (starts: boolean) => void } | null = null;
  /** Looks again after those that the server has not answered. */
  let impatience: Disposable | null = null;

  /**
   * Whether another download may begin, if need be in place of one without readers: of those the one that has most
   * left to come, so that one which is nearly here need not be asked for again.
   */
  const makeRoom = (): boolean => {
    const running = downloads().filter(({ askedAt, status }) => askedAt !== null && status === 'downloading');
    if (running.length < maxDownloads) return true;
    const left = ({ sizeBytes, buffer }: AudioDownload) => (sizeBytes ?? Infinity) - buffer.receivedBytes;
    const [first, ...others] = running.filter(({ readers }) => readers === 0);
    if (first === undefined) return false;
    drop(others.reduce((most, download) => (left(download) > left(most) ? download : most), first));
    return true;
  };

  const endImpatience = (): void => {
    impatience?.dispose();
    impatience = null;
  };

  /** Gives up what the server has not begun to answer for too long, for the sake of the one that was asked for last. */
  const giveUpUnanswered = (wanted: AudioDownload): void => {
    endImpatience();
    if (wanted.status !== 'downloading' || wanted.answered) return;
    let nextMs = Infinity;
    for (const download of downloads()) {
      const { askedAt, answered, readers, status, buffer } = download;
      if (download === wanted || askedAt === null || answered || readers > 0 || status !== 'downloading')
        continue;
      const leftMs = askedAt + unansweredPatienceMs - clock.monotonicNow();
      if (leftMs > 0) nextMs = Math.min(nextMs, leftMs);
      else if (buffer.receivedBytes === 0) drop(download);
      // The rest of one that was cut: what came before can be heard again.
      else download.stop(cancelled);
    }
    if (nextMs < Infinity) {
      impatience = clock.schedule(nextMs, () => {
        giveUpUnanswered(wanted);
      });
    }
  };

  const settleWaiting = (starts: boolean): void => {
    const settled = waiting;
    waiting = null;
    settled?.settle(starts);
  };

  const waitForRoom = <Value>(
    download: AudioDownload,
    start: () => Promise<Result<Value>>,
    superseded: () => void,
  ): Promise<Result<Value>> =>
    new Promise((resolve) => {
      waiting = {
        download,
        settle: (starts) => {
          if (!starts) superseded();
          resolve(starts ? start() : { ok: false, error: cancelled });
        },
      };
    });

  return {
    begin: (download, start, superseded) => {
      settleWaiting(false);
      const started = makeRoom() ? start() : waitForRoom(download, start, superseded);
      giveUpUnanswered(download);
      return started;
    },
    isWaiting: (download) => download === waiting?.download,
    startWaiting: () => {
      if (waiting !== null && makeRoom()) settleWaiting(true);
    },
    clear: () => {
      settleWaiting(false);
      endImpatience();
    },
  };
}
