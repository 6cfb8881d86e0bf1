import { expect, it } from 'vitest';
import { holdUntilHeard } from '../../../main/held-events.ts';

it('what must not be missed waits for the page that shows it, is said once and in its order, and waits again while the page is loaded anew', () => {
  const told: unknown[] = [];
  const events = holdUntilHeard((_name, payload) => told.push(payload));
  events.publish('storage-notice', { notice: 'archive-rebuilt' });
  events.publish('storage-notice', { notice: 'drafts-lost' });
  expect(told).toEqual([]);
  events.release();
  expect(told).toEqual([{ notice: 'archive-rebuilt' }, { notice: 'drafts-lost' }]);
  events.publish('receipts-contradicted', { sessionId: 's1' });
  expect(told).toHaveLength(3);
  events.hold();
  events.publish('receipt-key-changed', {});
  expect(told).toHaveLength(3);
  events.release();
  expect(told.slice(3)).toEqual([{}]);
});
