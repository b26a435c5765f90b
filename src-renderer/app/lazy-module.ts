import { createModuleSource } from '../ui/module-source';

/** Where the parts come from that the first frame does without. */
export const lazyModule = createModuleSource(() => import('./lazy-parts'), import.meta.url);
