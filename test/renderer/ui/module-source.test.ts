import { expect, test, vi } from 'vitest';

import { createModuleSource, LoadError } from '../../../src-renderer/ui/module-source';

/** A load function whose source reads as the bundler leaves it. */
function bundled(load: () => Promise<string>): () => Promise<string> {
  return Object.assign(() => load(), {
    toString: () => '()=>preload(()=>import(`./lazy-parts-abc.js`),[],import.meta.url)',
  });
}

test('a module is fetched once', async () => {
  const load = vi.fn(() => Promise.resolve('module'));
  const source = createModuleSource(bundled(load), 'app://reclight/assets/index.js');
  expect(source.get()).toBe(source.get());
  await source.get();
  source.forget();
  expect(await source.get()).toBe('module');
  expect(load).toHaveBeenCalledTimes(1);
});

test('a failed fetch is answered until it is forgotten, then each has an address of its own (R-15)', async () => {
  const answers = ['missing', 'module'];
  const importFrom = vi.fn(() => {
    const answer = answers.shift();
    return answer === 'module' ? Promise.resolve(answer) : Promise.reject(new TypeError('missing'));
  });
  const source = createModuleSource(
    bundled(() => Promise.reject(new TypeError('missing'))),
    'app://reclight/assets/index.js',
    importFrom,
  );
  const first = source.get();
  await expect(first).rejects.toBeInstanceOf(LoadError);
  expect(source.get()).toBe(first);
  source.forget();
  await expect(source.get()).rejects.toBeInstanceOf(LoadError);
  source.forget();
  expect(await source.get()).toBe('module');
  expect(importFrom.mock.calls).toEqual([
    ['app://reclight/assets/lazy-parts-abc.js?fetch=2'],
    ['app://reclight/assets/lazy-parts-abc.js?fetch=3'],
  ]);
});

test('a fetch under way is not forgotten', () => {
  const source = createModuleSource(
    bundled(() => new Promise(() => undefined)),
    'app://reclight/assets/index.js',
  );
  const first = source.get();
  source.forget();
  expect(source.get()).toBe(first);
});
