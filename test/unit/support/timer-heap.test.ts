import { expect, test } from 'vitest';

import type { Timer } from '../../support/timer-heap';
import { TimerHeap } from '../../support/timer-heap';
import { fc } from '../../support/seed';

type Move = { readonly add: number } | { readonly remove: number } | 'fire';

const moves = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ add: fc.nat(60) }) },
    { weight: 2, arbitrary: fc.record({ remove: fc.nat(100) }) },
    { weight: 1, arbitrary: fc.constant<Move>('fire') },
  ),
  { size: 'large', maxLength: 200 },
);

test('whatever is added, ended and fired: the next one is the earliest, then the oldest', () => {
  fc.assert(
    fc.property(moves, (all) => {
      const heap = new TimerHeap();
      const model: Timer[] = [];
      // Sorting is stable: of the same time, the one that was added first stays first.
      const inOrder = () => [...model].sort((a, b) => a.at - b.at);
      for (const move of all) {
        if (move === 'fire') {
          const next = heap.peek();
          next?.dispose();
          if (next !== null) model.splice(model.indexOf(next), 1);
        } else if ('add' in move) {
          model.push(heap.add(move.add, () => undefined));
        } else {
          const [timer] = model.splice(move.remove % Math.max(1, model.length), 1);
          timer?.dispose();
          timer?.dispose();
        }
        expect(heap.size).toBe(model.length);
        expect(heap.peek()).toBe(inOrder()[0] ?? null);
      }
      for (const timer of inOrder()) {
        expect(heap.peek()).toBe(timer);
        timer.dispose();
      }
      expect(heap.peek()).toBeNull();
    }),
  );
});
