import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import { summaryOf } from '@shared/domain/recording';
import type { QueuedSaves } from '@shared/domain/saves';
import type { SavingOptions, SavingService, SavingSession } from './contract';
import { fileMoment, recordingFileName, safeFileName } from './file-name';
import { savingText } from './messages';
import type { OrderServices, SaveOrder } from './order';
import { evidenceOrder, listOrder, recordingOrder } from './order';
import type { SaveFileKind, SaveTarget } from '../ports/saving';

/* Asks the user where saves go, one dialog at a time, and orders them. */

/** What the dialogs need. */
export interface SavingDialogsOptions extends OrderServices, Pick<SavingOptions, 'dialogs' | 'settings'> {
  /** Who is signed in; null: nobody. */
  readonly session: () => SavingSession | null;
  /** Whether someone who was asked is still there. */
  readonly isPresent: (asked: SavingSession) => boolean;
  /** Whether the queue takes so many more. */
  readonly hasRoomFor: (count: number) => boolean;
  readonly queue: (orders: readonly SaveOrder[]) => void;
}

/** The commands that ask where something goes. */
export type SavingDialogs = Pick<SavingService, 'saveRecordings' | 'exportList' | 'saveEvidence'>;

/** What came of a dialog; null where the user wants nothing any more. */
type Ordered = Result<readonly SaveOrder[] | null>;

const nothing: Ordered = succeed(null);

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}

/** Makes the dialogs; none is open. */
export function createSavingDialogs(options: SavingDialogsOptions): SavingDialogs {
  const { clock, dialogs, details, timeZone } = options;
  let asking = false;

  /** Asks someone who is signed in, and queues what they want if they still are. @param count how many at most */
  const ask = async (
    count: number,
    question: (asked: SavingSession) => Promise<Ordered>,
  ): Promise<Result<QueuedSaves>> => {
    const asked = options.session();
    if (asked === null) return fail('signed-out', 'file');
    if (asking || !options.hasRoomFor(count)) return fail('busy', 'file');
    asking = true;
    try {
      const ordered = await question(asked);
      if (!ordered.ok) return ordered;
      if (ordered.value === null) return succeed({ queued: 0 });
      if (!options.isPresent(asked)) return fail('signed-out', 'file');
      options.queue(ordered.value);
      return succeed({ queued: ordered.value.length });
    } finally {
      asking = false;
    }
  };

  const chooseFile = (
    kinds: readonly SaveFileKind[],
    title: string,
    suggested: string,
  ): Promise<SaveTarget | null> =>
    dialogs.chooseFile({
      title,
      kinds: kinds.map((kind) => ({ kind, name: savingText(`kind-${kind}`) })),
      suggested,
      folder: options.settings().folder,
    });

  const saveOne = async (asked: SavingSession, recordingId: string): Promise<Ordered> => {
    const { template } = options.settings();
    // Before the dialog: the name is made of them.
    const known = await details(recordingId);
    if (!known.ok) return known;
    if (!options.isPresent(asked)) return fail('signed-out', 'file');
    const suggested = recordingFileName(template, summaryOf(known.value), '.mp3', timeZone);
    const target = await chooseFile(['mp3'], savingText('choose-recording'), suggested);
    if (target === null) return nothing;
    return succeed([recordingOrder(options, { recordingId, ...target, template, details: known.value })]);
  };

  const saveMany = async (ids: readonly string[]): Promise<Ordered> => {
    const { template, folder: former } = options.settings();
    const folder = await dialogs.chooseFolder({
      title: savingText('choose-folder', { count: ids.length }),
      button: savingText('save-here'),
      folder: former,
    });
    if (folder === null) return nothing;
    return succeed(
      ids.map((recordingId) =>
        recordingOrder(options, { recordingId, folder, fileName: null, template, details: null }),
      ),
    );
  };

  const momentNow = (): string => fileMoment(clock.wallNow(), timeZone);

  return {
    saveRecordings: ({ ids }) => {
      const wanted = unique(ids);
      return ask(wanted.length, (asked) => {
        const [first] = wanted;
        return first !== undefined && wanted.length === 1 ? saveOne(asked, first) : saveMany(wanted);
      });
    },
    exportList: (query) =>
      ask(1, async (asked) => {
        const suggested = safeFileName(savingText('list-name', { moment: momentNow() }), '.csv');
        const target = await chooseFile(['csv', 'xlsx'], savingText('choose-list'), suggested);
        return target === null ? nothing : succeed([listOrder(options, asked, query, target)]);
      }),
    saveEvidence: ({ ids }) =>
      ask(1, async (asked) => {
        const suggested = safeFileName(savingText('evidence-name', { moment: momentNow() }), '.zip');
        const target = await chooseFile(['zip'], savingText('choose-evidence'), suggested);
        if (target === null) return nothing;
        const { template } = options.settings();
        return succeed([evidenceOrder(options, asked, unique(ids), target, template)]);
      }),
  };
}
