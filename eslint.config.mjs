import { builtinModules } from 'node:module';
import { resolve } from 'node:path';

import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname;
/** @param {string} folder */
const at = (folder) => resolve(root, folder);

/** Rooms of the house and what each may not reach into (the laws of CONTRIBUTING.md). */
const zones = [
  {
    target: at('src-main/shared'),
    from: [
      at('src-main/core'),
      at('src-main/infra'),
      at('src-main/electron'),
      at('src-main/preload'),
      at('src-renderer'),
    ],
    message: 'shared/ is the contract: it imports from no other room.',
  },
  {
    target: at('src-main/core'),
    from: [
      at('src-main/infra'),
      at('src-main/electron'),
      at('src-main/preload'),
      at('src-main/app.ts'),
      at('src-main/index.ts'),
      at('src-renderer'),
    ],
    message: 'core/ decides through ports: it imports from core/ and shared/ only.',
  },
  {
    target: at('src-main/infra'),
    from: [at('src-main/electron'), at('src-main/preload'), at('src-renderer')],
    message: 'infra/ knows core/ports and shared/ only.',
  },
  {
    target: at('src-main/preload'),
    from: [at('src-main/core'), at('src-main/infra'), at('src-main/electron')],
    message: 'preload/ knows the contract only.',
  },
  {
    target: at('src-renderer'),
    from: [
      at('src-main/core'),
      at('src-main/infra'),
      at('src-main/electron'),
      at('src-main/preload'),
      at('src-main/app.ts'),
      at('src-main/index.ts'),
      at('test'),
    ],
    message: 'A window imports from src-main/shared only.',
  },
  {
    target: at('src-main'),
    from: [at('test'), at('src-renderer')],
    message: 'Shipped code imports nothing from test/ or the window.',
  },
];

const reserved = {
  electron: 'Only src-main/electron, src-main/preload and src-main/index.ts may import electron.',
  keytar: 'Only src-main/infra/keychain.ts may import keytar.',
  axios: 'Only src-main/infra/api/client.ts may import axios.',
};

/**
 * Forbids the reserved packages except the ones named; deep imports of them too.
 * @param {readonly string[]} allowed
 */
function packages(...allowed) {
  const forbidden = Object.entries(reserved).filter(([name]) => !allowed.includes(name));
  return {
    paths: forbidden.map(([name, message]) => ({ name, message })),
    patterns: forbidden.map(([name, message]) => ({ group: [`${name}/*`], message })),
  };
}

const noDynamic = Object.entries(reserved).map(([name, message]) => ({
  name,
  selector: `ImportExpression[source.value=/^${name}(\\/|$)/], CallExpression[callee.name='require'][arguments.0.value=/^${name}(\\/|$)/]`,
  message,
}));

/** A law that could not be read off the source would not be one. */
const noHiddenImport = {
  selector: 'ImportExpression > :not(Literal).source',
  message: 'import() takes a plain text, so that the laws can be checked.',
};

/** A library changes without notice what is not its public interface. */
const noPrivateMember = {
  selector: 'MemberExpression[computed=false][property.name=/^_/], ObjectPattern > Property[key.name=/^_/]',
  message: 'A member that begins with _ is private to its owner.',
};

/**
 * The same for `import()` and `require()`, which no-restricted-imports does not see.
 * @param {readonly string[]} allowed
 */
function dynamic(...allowed) {
  const forbidden = noDynamic
    .filter(({ name }) => !allowed.includes(name))
    .map(({ selector, message }) => ({ selector, message }));
  return [...forbidden, noHiddenImport, noPrivateMember];
}

/** What shared/ and core/ may import beside files of their own. */
const pureLibraries = ['valibot', 'intl-messageformat'];
const pureMessage = `shared/ and core/ are pure: beside their own files they import ${pureLibraries.join(' and ')} only.`;

const pure = [
  { name: 'setTimeout', message: 'Time is injected: use Clock.' },
  { name: 'setInterval', message: 'Time is injected: use Clock.' },
  { name: 'setImmediate', message: 'Time is injected: use Clock.' },
  { name: 'globalThis', message: 'shared/ and core/ are pure.' },
  { name: 'crypto', message: 'Chance is injected: use Random.' },
  { name: 'XMLHttpRequest', message: 'The network belongs to infra/.' },
  { name: 'localStorage', message: 'shared/ and core/ are pure.' },
  { name: 'performance', message: 'Time is injected: use Clock.' },
  { name: 'process', message: 'shared/ and core/ are pure.' },
  { name: 'Buffer', message: 'shared/ and core/ are pure.' },
  { name: 'fetch', message: 'The network belongs to infra/.' },
  { name: 'window', message: 'shared/ and core/ are pure.' },
  { name: 'document', message: 'shared/ and core/ are pure.' },
];

const pureSyntax = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Time is injected: use Clock.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time is injected: use Clock.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Chance is injected: use Random.',
  },
  { selector: 'ImportExpression', message: pureMessage },
  { selector: "CallExpression[callee.name='require']", message: pureMessage },
];

/** A test that fails by chance has to fail again. */
const noChance = [
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Chance is seeded: use test/fixtures/virtual-clock.ts.',
  },
  {
    selector: "ImportDeclaration[source.value='fast-check']",
    message: 'Chance is seeded: take fc from test/fixtures/seed.ts.',
  },
];

/** @param {readonly string[]} names */
const noIpcImport = (...names) => ({
  name: 'electron',
  importNames: names,
  message: 'ipcMain stays in src-main/electron/ipc.ts, ipcRenderer in src-main/preload/index.ts.',
});

const noRawIpc = [
  {
    selector: "MemberExpression[object.name='ipcMain'][property.name=/^(on|once|handle|handleOnce)$/]",
    message: 'Channels are registered in src-main/electron/ipc.ts, which checks sender and arguments.',
  },
  {
    selector: "MemberExpression[object.name='ipcRenderer']",
    message: 'ipcRenderer stays in src-main/preload/index.ts.',
  },
];

const words = '[value=/[A-Za-z]{2,}/]';
const shownAttribute =
  'JSXAttribute[name.name=/^(aria-label|aria-description|aria-valuetext|aria-roledescription|title|placeholder|alt|label|hint|error)$/]';
const shownContent = ':matches(JSXElement, JSXFragment) > JSXExpressionContainer';

/** A text as itself, in braces, as a template, or as one side of a choice. */
const jsxLiterals = [
  `JSXText${words}`,
  `${shownAttribute} > Literal`,
  ...[`${shownAttribute} > JSXExpressionContainer`, shownContent].flatMap((place) => [
    `${place} > Literal${words}`,
    `${place} > TemplateLiteral > TemplateElement[value.raw=/[A-Za-z]{2,}/]`,
    `${place} > :matches(ConditionalExpression, LogicalExpression) > Literal${words}`,
  ]),
].map((selector) => ({
  selector,
  message: 'Every user-visible string comes from a message catalogue (messages.ts).',
}));

const windowGlobals = [
  { name: 'fetch', message: 'A window has no network of its own.' },
  { name: 'XMLHttpRequest', message: 'A window has no network of its own.' },
  { name: 'WebSocket', message: 'A window has no network of its own.' },
  { name: 'EventSource', message: 'A window has no network of its own.' },
  { name: 'localStorage', message: 'A window stores nothing: settings go through updateSettings.' },
  { name: 'sessionStorage', message: 'A window stores nothing.' },
  { name: 'indexedDB', message: 'A window stores nothing.' },
  { name: 'caches', message: 'A window stores nothing.' },
];

const windowSyntax = [
  {
    selector: `MemberExpression[object.name=/^(window|globalThis|self)$/][property.name=/^(${windowGlobals.map(({ name }) => name).join('|')})$/]`,
    message: 'A window has no network and stores nothing.',
  },
  {
    selector: "MemberExpression[object.name='document'][property.name='cookie']",
    message: 'A window stores nothing.',
  },
  {
    selector: "MemberExpression[object.name='navigator'][property.name='sendBeacon']",
    message: 'A window has no network of its own.',
  },
  {
    selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
    message: 'Nothing that a server sent is ever markup.',
  },
];

export default tseslint.config(
  { ignores: ['node_modules', 'out', 'dist', '**/*.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: at('tsconfig.json') })],
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-default-export': 'error',
      'import-x/no-cycle': 'error',
      'no-restricted-imports': ['error', packages()],
      'no-restricted-syntax': ['error', ...dynamic(), ...noRawIpc],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src-main/**/*.ts', 'src-renderer/**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    files: ['src-main/shared/**', 'src-main/core/**'],
    rules: {
      'no-restricted-globals': ['error', ...pure],
      'no-restricted-imports': [
        'error',
        {
          paths: packages().paths,
          patterns: [
            ...packages().patterns,
            { regex: `^(?!\\.{1,2}(/|$)|@shared/|(${pureLibraries.join('|')})$)`, message: pureMessage },
          ],
        },
      ],
      'no-restricted-syntax': ['error', ...dynamic(), ...noRawIpc, ...pureSyntax],
    },
  },
  {
    files: ['src-renderer/**'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'no-restricted-imports': [
        'error',
        {
          paths: packages().paths,
          patterns: [
            ...packages().patterns,
            { regex: `^(node:|(${builtinModules.join('|')})(/|$))`, message: 'A window has no Node.' },
          ],
        },
      ],
      'no-restricted-globals': ['error', ...windowGlobals],
      'no-restricted-syntax': ['error', ...dynamic(), ...noRawIpc, ...windowSyntax, ...jsxLiterals],
    },
  },
  {
    files: ['src-main/electron/**', 'src-main/index.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [...packages('electron').paths, noIpcImport('ipcMain', 'ipcRenderer')],
          patterns: packages('electron').patterns,
        },
      ],
      'no-restricted-syntax': ['error', ...dynamic('electron'), ...noRawIpc],
    },
  },
  {
    files: ['src-main/electron/ipc.ts'],
    rules: {
      'no-restricted-imports': ['error', packages('electron')],
      'no-restricted-syntax': ['error', ...dynamic('electron'), ...noRawIpc.slice(1)],
    },
  },
  {
    files: ['src-main/preload/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [...packages('electron').paths, noIpcImport('ipcMain')],
          patterns: packages('electron').patterns,
        },
      ],
      'no-restricted-syntax': ['error', ...dynamic('electron'), ...noRawIpc.slice(0, 1)],
    },
  },
  {
    files: ['src-main/infra/api/client.ts'],
    rules: { 'no-restricted-imports': ['error', packages('axios')] },
  },
  {
    files: ['src-main/infra/keychain.ts'],
    rules: {
      'no-restricted-imports': ['error', packages('keytar')],
      'no-restricted-syntax': ['error', ...dynamic('keytar'), ...noRawIpc],
    },
  },
  {
    // Tests drive the real things: the keyring, a bare Electron app as the floor of a measurement.
    files: ['test/**', 'resources/**', '*.config.{ts,mjs}'],
    rules: {
      'no-restricted-imports': 'off',
      'no-restricted-syntax': ['error', ...noChance],
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['test/fixtures/seed.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['*.config.{ts,mjs}'], rules: { 'import-x/no-default-export': 'off' } },
  {
    files: ['**/*.{cjs,mjs,js}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        URL: 'readonly',
        require: 'readonly',
        module: 'readonly',
        __dirname: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
      },
    },
  },
);
