import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';

import { maxMarkLabelLength, type MarkView } from '@shared/domain/marks';
import { useLocale } from '../../services/context';
import { formatLength } from '../../ui/format';
import { IconButton } from '../../ui/IconButton';
import { isDone } from '../../ui/key-press';
import { Select } from '../../ui/Select';
import { TextInput } from '../../ui/TextInput';
import { Undo } from '../../ui/Undo';
import type { PlayerEngine } from '../../services/player/engine';
import type { Marks, Neighbours } from './hooks';
import { channels } from '../../services/player/channels';
import { text } from './messages';

function ChannelButtons({ engine }: { readonly engine: PlayerEngine }) {
  const stereo = useStore(engine.waveform.store, ({ peaks }) => (peaks?.channels.length ?? 1) > 1);
  const channel = useStore(engine.store, (state) => state.channel);
  // A choice that was made stays within reach, also over a recording with one channel.
  if (!stereo && channel === 'both') return null;
  return (
    <div role="group" aria-label={text('listenTo')} className="tool-group">
      {channels.map((value) => (
        <button
          key={value}
          type="button"
          className="tool"
          aria-pressed={channel === value}
          onClick={() => {
            engine.setChannel(value);
          }}
        >
          {text(value)}
        </button>
      ))}
    </div>
  );
}

function OutputSelect({ engine }: { readonly engine: PlayerEngine }) {
  const { outputs } = engine;
  const { list, chosen } = useStore(outputs.store);
  useEffect(() => void outputs.look(), [outputs]);
  if (list.length === 0) return null;
  return (
    <Select
      className="player-speed player-output"
      aria-label={text('output')}
      title={text('output')}
      value={chosen}
      options={[
        { value: '', label: text('outputDefault') },
        ...list.map(({ id, label }) => ({ value: id, label })),
      ]}
      onChange={(id) => void outputs.choose(id)}
    />
  );
}

function MarkRow({
  mark,
  engine,
  label,
  remove,
}: {
  readonly mark: MarkView;
  readonly engine: PlayerEngine;
  readonly label: (label: string) => void;
  readonly remove: () => void;
}) {
  const locale = useLocale();
  const [draft, setDraft] = useState(mark.label);
  const time = formatLength(mark.offsetMs, locale);
  const keep = () => {
    setDraft(draft.trim());
    if (draft.trim() !== mark.label) label(draft.trim());
  };
  return (
    <li className="mark">
      <button
        type="button"
        className="tool mark-time"
        aria-label={text('goToMark', { time, label: mark.label })}
        onClick={() => {
          engine.playback.seek(mark.offsetMs / 1_000);
        }}
      >
        {time}
      </button>
      <TextInput
        className="mark-name"
        aria-label={text('markName', { time })}
        placeholder={text('markPlaceholder')}
        maxLength={maxMarkLabelLength}
        value={draft}
        onChange={setDraft}
        onBlur={keep}
        onKeyDown={(event) => {
          if (isDone(event)) keep();
        }}
      />
      <IconButton
        icon="close"
        size={12}
        className="mark-delete"
        label={text('deleteMark', { time })}
        onClick={remove}
      />
    </li>
  );
}

/** The marks of the recording, by offset. */
function MarkList({ engine, marks }: { readonly engine: PlayerEngine; readonly marks: Marks }) {
  const list = useRef<HTMLUListElement>(null);
  /** Deleting by keyboard moves the focus to the next mark, the one before, or the player, not to the window's top. */
  const remove = (id: number) => {
    const index = marks.list.findIndex((mark) => mark.id === id);
    const buttons = list.current?.querySelectorAll<HTMLElement>('.mark-delete') ?? [];
    const next = buttons[index + 1] ?? buttons[index - 1];
    (next ?? list.current?.closest<HTMLElement>('.player'))?.focus();
    marks.remove(id);
  };
  return (
    <ul className="marks" aria-label={text('marks')} ref={list}>
      {marks.list.map((mark) => (
        <MarkRow
          key={mark.id}
          mark={mark}
          engine={engine}
          label={(label) => {
            marks.label(mark.id, label);
          }}
          remove={() => {
            remove(mark.id);
          }}
        />
      ))}
    </ul>
  );
}

/**
 * What is not needed every day: the recordings before and after, channels, loop, silence, output, marks.
 * @param props.neighbours of what plays, in the list
 */
export function Tools({
  engine,
  marks,
  neighbours: { hasPrevious, hasNext, move },
}: {
  readonly engine: PlayerEngine;
  readonly marks: Marks;
  readonly neighbours: Neighbours;
}) {
  const { loop, skipsSilence } = useStore(engine.skipping.store);
  const drawable = useStore(engine.waveform.store, ({ status }) => status !== 'plain');
  const loopName = loop === null ? 'loopFrom' : loop.to === null ? 'loopTo' : 'loopEnd';
  return (
    <div role="group" aria-label={text('tools')} className="player-tools">
      <div className="tool-row">
        <IconButton
          icon="previous"
          label={text('previous')}
          // Not `disabled`, which would drop the focus of the pressed button at the end of the list.
          aria-disabled={!hasPrevious}
          onClick={() => {
            move(-1);
          }}
        />
        <IconButton
          icon="next"
          label={text('next')}
          aria-disabled={!hasNext}
          onClick={() => {
            move(1);
          }}
        />
        <button
          type="button"
          className="tool"
          aria-pressed={loop !== null}
          onClick={() => {
            engine.skipping.stepLoop();
          }}
        >
          {text(loopName)}
        </button>
        {drawable && (
          <button
            type="button"
            className="tool"
            aria-pressed={skipsSilence}
            onClick={() => {
              engine.skipping.setSkipsSilence(!skipsSilence);
            }}
          >
            {text('skipSilence')}
          </button>
        )}
        <ChannelButtons engine={engine} />
        <OutputSelect engine={engine} />
      </div>
      {marks.list.length > 0 && <MarkList engine={engine} marks={marks} />}
      <Undo kind="mark" recordingId={marks.recordingId} />
    </div>
  );
}
