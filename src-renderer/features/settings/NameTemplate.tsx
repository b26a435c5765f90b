import { useState } from 'react';

import {
  defaultNameTemplate,
  isNameTemplate,
  namePlaceholders,
  type NamePlaceholder,
} from '@shared/domain/saves';
import { maxNameTemplateLength } from '@shared/ipc/setting-table';
import { settingLabel } from '@shared/text/setting-labels';
import { Field } from '../../ui/Field';
import { TextInput } from '../../ui/TextInput';
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
  const [typed, setTyped] = useState<string | null>(null);
  const meant = (typed ?? template).trim() || defaultNameTemplate;
  const valid = isNameTemplate(meant);
  const hint = (
    <>
      {managed && <p>{text('managed')}</p>}
      {valid && <p>{text('fileNamesHint', { names })}</p>}
      {valid && <p className="setting-example">{text('fileNamesExample', { name: exampleName(meant) })}</p>}
    </>
  );
  return (
    <>
      <Field
        label={settingLabel('keep.template')}
        hint={(managed || valid) && hint}
        error={valid ? null : text('fileNamesRefused', { names })}
      >
        {(control) => (
          <TextInput
            {...control}
            maxLength={maxNameTemplateLength}
            disabled={managed}
            value={typed ?? template}
            onChange={setTyped}
            onKeyDown={leaveOnEnter}
            onBlur={() => {
              if (typed === null || !valid) return;
              setTyped(null);
              if (meant !== template) save({ keep: { template: meant } });
            }}
          />
        )}
      </Field>
      {failure}
    </>
  );
}
