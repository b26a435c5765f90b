import './sign-in.css';

import { useRef, useState, type FormEvent, type ReactNode } from 'react';

import type { CodedError } from '@shared/domain/errors';
import type { Line } from '@shared/domain/recording';
import { isOtherUser, lineFor } from '@shared/domain/user-line';
import { useApi, useSnapshot } from '../../services/context';
import { ErrorNote } from '../../ui/ErrorNote';
import { Field } from '../../ui/Field';
import { Lamp } from '../../ui/Lamp';
import { Select } from '../../ui/Select';
import { TextInput } from '../../ui/TextInput';
import { useCommand } from '../../ui/use-command';
import { blamedPart, type FormPart } from './blame';
import { text } from './messages';

/** What was typed of a line, and which username the form held then. */
interface TypedLine {
  readonly username: string;
  readonly directoryNumber?: string;
  readonly deviceName?: string;
  readonly mode?: Line['mode'];
}

/**
 * The line of the form: what was typed, else what is remembered for the username. Another username than that of the last
 * user empties it, and the former one brings it back.
 */
function useLine(serverAddress: string, username: string) {
  const settings = useSnapshot((snapshot) => snapshot.settings);
  const [typed, setTyped] = useState<TypedLine>({ username });
  const filled = lineFor(settings, serverAddress, username);
  // What the last user typed is not the next one's, nor the other way round.
  const own = isOtherUser(settings, typed.username) === isOtherUser(settings, username) ? typed : null;
  return {
    directoryNumber: own?.directoryNumber ?? filled.directoryNumber ?? '',
    deviceName: own?.deviceName ?? filled.deviceName ?? '',
    mode: own?.mode ?? filled.mode,
    type: (changes: Omit<TypedLine, 'username'>) => {
      setTyped({ ...own, ...changes, username });
    },
  };
}

/** What has to be filled in, from the top down. */
const required = ['serverAddress', 'username', 'password'] as const;

type Required = (typeof required)[number];

/** What was left empty. */
type Missing = Partial<Record<Required, string>>;

/** The sign-in form; also shown when the server has refused the password, with the reason. */
export function SignIn() {
  const api = useApi();
  const session = useSnapshot((snapshot) => snapshot.session);
  const account = useSnapshot((snapshot) => snapshot.settings.account);
  const hasKeychain = useSnapshot((snapshot) => snapshot.environment.hasKeychain);
  const serverFixed = useSnapshot((snapshot) => snapshot.managedSettings.includes('account.serverAddress'));
  const known = session.status === 'restoring' ? null : session;
  const [typedAddress, setTypedAddress] = useState(known?.serverAddress ?? account.serverAddress ?? '');
  const serverAddress = serverFixed ? (account.serverAddress ?? '') : typedAddress;
  const [username, setUsername] = useState(known?.username ?? account.username ?? '');
  const [password, setPassword] = useState('');
  const [remember, setRemember] = useState(hasKeychain && account.remember);
  const { directoryNumber, deviceName, mode, type: typeLine } = useLine(serverAddress, username);
  const [missing, setMissing] = useState<Missing>({});
  const [edited, setEdited] = useState(false);
  const inputs = useRef<Partial<Record<Required, HTMLInputElement | null>>>({});
  /** What was missing is complained of until something is there. */
  const fill = (part: Required, isThere: boolean) => {
    if (isThere) setMissing(({ [part]: _, ...others }) => others);
  };

  const command = useCommand(() =>
    api.signIn({
      serverAddress: serverAddress.trim(),
      username: username.trim(),
      password,
      remember: remember && hasKeychain,
      line: {
        directoryNumber: directoryNumber.trim() || null,
        deviceName: deviceName.trim() || null,
        mode,
      },
    }),
  );
  /** The keyboard begins where something is missing; decided once, or it would wander while one types. */
  const [begin] = useState(() =>
    serverAddress === '' ? 'serverAddress' : username === '' ? 'username' : 'password',
  );
  const busy = command.pending || session.status === 'signing-in';
  const locked = session.status === 'locked';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const found: Missing = {
      ...(serverAddress.trim() === '' && { serverAddress: text('serverMissing') }),
      ...(username.trim() === '' && { username: text('usernameMissing') }),
      ...(password === '' && { password: text('passwordMissing') }),
    };
    setMissing(found);
    setEdited(true);
    const first = required.find((part) => found[part] !== undefined);
    if (first !== undefined) {
      command.clear();
      inputs.current[first]?.focus();
      return;
    }
    command.run();
  };

  // What this window was answered counts; before the first try, what the main process already knows.
  const earlier = edited || known === null ? null : known.error;
  const error: CodedError | null = busy ? null : (command.error ?? earlier);
  const blamed = error === null ? null : blamedPart(error);
  const errorFor = (part: FormPart): ReactNode =>
    error !== null && blamed === part ? <ErrorNote error={error} /> : null;
  const problemFor = (part: Required): ReactNode => missing[part] ?? errorFor(part);

  return (
    <form className="sign-in" aria-label={text('form')} noValidate onSubmit={submit}>
      {!locked && (
        <div className="sign-in-head">
          <Lamp status={busy ? 'connecting' : 'signed-out'} size={56} />
          <p className="sign-in-intro">{busy ? text('submitting') : text('intro')}</p>
        </div>
      )}
      {locked && <p className="sign-in-intro">{text('lockedIntro')}</p>}
      <Field label={text('serverAddress')} error={problemFor('serverAddress')}>
        {(control) => (
          <TextInput
            {...control}
            inputMode="url"
            autoCapitalize="none"
            required
            ref={(input) => {
              inputs.current.serverAddress = input;
            }}
            autoFocus={begin === 'serverAddress'}
            placeholder={text('serverHint')}
            readOnly={serverFixed}
            title={serverFixed ? text('serverFixed') : undefined}
            value={serverAddress}
            onChange={(typed) => {
              setTypedAddress(typed);
              fill('serverAddress', typed.trim() !== '');
            }}
          />
        )}
      </Field>
      <Field label={text('username')} error={problemFor('username')}>
        {(control) => (
          <TextInput
            {...control}
            autoCapitalize="none"
            required
            ref={(input) => {
              inputs.current.username = input;
            }}
            autoFocus={begin === 'username'}
            value={username}
            onChange={(typed) => {
              setUsername(typed);
              fill('username', typed.trim() !== '');
            }}
          />
        )}
      </Field>
      <Field label={text('password')} error={problemFor('password')}>
        {(control) => (
          <TextInput
            {...control}
            type="password"
            required
            ref={(input) => {
              inputs.current.password = input;
            }}
            autoFocus={begin === 'password'}
            value={password}
            onChange={(typed) => {
              setPassword(typed);
              fill('password', typed !== '');
            }}
          />
        )}
      </Field>
      <label className="check">
        <input
          type="checkbox"
          checked={remember}
          disabled={!hasKeychain}
          onChange={(event) => {
            setRemember(event.target.checked);
          }}
        />
        {text('remember')}
      </label>
      {!hasKeychain && <p className="hint">{text('noKeychain')}</p>}
      <fieldset className="sign-in-line">
        <legend className="sign-in-legend">{text('line')}</legend>
        <div className="sign-in-pair">
          <Field label={text('directoryNumber')}>
            {(control) => (
              <TextInput
                {...control}
                inputMode="tel"
                maxLength={64}
                value={directoryNumber}
                onChange={(typed) => {
                  typeLine({ directoryNumber: typed });
                }}
              />
            )}
          </Field>
          <Field label={text('deviceName')}>
            {(control) => (
              <TextInput
                {...control}
                maxLength={128}
                value={deviceName}
                onChange={(typed) => {
                  typeLine({ deviceName: typed });
                }}
              />
            )}
          </Field>
        </div>
        {/* The error is about the line as a whole: the mode is not what is invalid. */}
        <Field label={text('mode')} error={errorFor('line')} invalid={false}>
          {(control) => (
            <Select
              {...control}
              value={mode}
              options={[
                { value: 'media-forking', label: text('mediaForking') },
                { value: 'dial-in', label: text('dialIn') },
              ]}
              onChange={(chosen) => {
                typeLine({ mode: chosen });
              }}
            />
          )}
        </Field>
        <p className="hint">{text('lineHint')}</p>
      </fieldset>
      {errorFor('form')}
      <div className="sign-in-submit">
        <button type="submit" className="button button-accent button-main" aria-busy={busy || undefined}>
          {text('submit')}
        </button>
      </div>
    </form>
  );
}
