import { assertNever } from '@shared/assert-never';
import type { ChannelArguments } from '@shared/ipc/contract';
import { useApi } from '../../services/context';
import { useCommand } from '../../ui/use-command';

/** How many recordings one *Save as…* takes. */
export const maxSaved = 500;

/** How many recordings one package of evidence takes. */
export const maxEvidence = 50;

/** What the user wants to keep. */
export type SaveRequest =
  | { readonly kind: 'recordings' | 'evidence'; readonly ids: readonly string[] }
  | { readonly kind: 'list'; readonly filters: ChannelArguments<'exportList'> };

/** Asks to keep something, once at a time: the OS's dialog is open meanwhile. How it fares is in the snapshot. */
export function useSaving() {
  const api = useApi();
  const { run, error, clear } = useCommand((request: SaveRequest) => {
    switch (request.kind) {
      case 'recordings':
        return api.saveRecordings({ ids: [...request.ids] });
      case 'evidence':
        return api.saveEvidence({ ids: [...request.ids] });
      case 'list':
        return api.exportList(request.filters);
      default:
        return assertNever(request);
    }
  });
  return { save: run, error, clear };
}
