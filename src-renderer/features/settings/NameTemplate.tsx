import { useId, useState } from 'react';

import {
  defaultNameTemplate,
  isNameTemplate,
  namePlaceholders,
  type NamePlaceholder,
} from '@shared/domain/saves';
import { maxNameTemplateLength } from '@shared/ipc/setting-table';
import { settingLabel } from '@shared/text/setting-labels';
import { leaveOnEnter, useManaged, useSettings } from './controls';
import { text } from './messages';

/** A recording that shows what a template makes; data, not words. */
const example: Readonly<Record<NamePlaceholder, string>> = {
  start: '2026-03-02 14.02.05',
  remote: '+39 055 123456',
  reference: '1000042',
  local: '101',
  direction: 'incoming',
  owner: 'anna.rossi',
};

const names = namePlaceholders.map((name) => `{${name}}`).join(' ');

function exampleName(template: string): string {
  const stem = namePlaceholders.reduce(
    (name, placeholder) => name.replaceAll(`{${placeholder}}`, example[placeholder]),
    template,
  );
  return `${stem.trim()}.mp3`;
}

/** What saved recordings are named after, with an example that follows what is typed; emptied, it is the default. */
export function NameTemplate() {
  const managed = useManaged('keep.template');
  const { settings, save, failure } = useSettings();
  const { template } = settings.keep;
  const id = useId();
  const hintId = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const meant = (typed ?? template).trim() || defaultNameTemplate;
  const valid = isNameTemplate(meant);
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {settingLabel('keep.template')}
      </label>
      <input
        id={id}
        className="input"
        type="text"
        autoComplete="off"
        spellCheck={false}
        maxLength={maxNameTemplateLength}
        disabled={managed}
        aria-invalid={!valid || undefined}
        aria-describedby={hintId}
        value={typed ?? template}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
        onKeyDown={leaveOnEnter}
        onBlur={() => {
          if (typed === null || !valid) return;
          setTyped(null);
          if (meant !== template) save({ keep: { template: meant } });
        }}
      />
      <div id={hintId}>
        {managed && <p className="hint">{text('managed')}</p>}
        <p className="hint" role={valid ? undefined : 'alert'} data-refused={!valid || undefined}>
          {text(valid ? 'fileNamesHint' : 'fileNamesRefused', { names })}
        </p>
        {valid && (
          <p className="hint setting-example">{text('fileNamesExample', { name: exampleName(meant) })}</p>
        )}
      </div>
      {failure}
    </div>
  );
}
