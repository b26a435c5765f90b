import { use, type ComponentType } from 'react';

import type { ModuleSource } from './module-source';

/**
 * Makes a component that is fetched when it is first drawn. Unlike `React.lazy`, it can be fetched again after a
 * failure; it belongs into a `Part` with the same source.
 * @param source of the module
 * @param pick the component in it
 */
export function lazyPart<Module, Props extends object>(
  source: ModuleSource<Module>,
  pick: (module: Module) => ComponentType<Props>,
): ComponentType<Props> {
  return function LazyPart(props: Props) {
    const Component = pick(source.loaded() ?? use(source.get()));
    return <Component {...props} />;
  };
}
