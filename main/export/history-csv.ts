import type { HistoryLine } from '../../contract/history.ts';
import { csvLine } from './csv.ts';

/** The columns of a CSV export, by the names that the fields have in the contract, and what each says: codes, seconds and UTC times. */
const columns: Record<string, (line: HistoryLine) => string> = {
  id: ({ id }) => id,
  kind: ({ kind }) => kind,
  status: ({ state }) => state.status,
  createdAt: ({ createdAt }) => createdAt,
  requester: ({ requester }) => requester.userName,
  requesterName: ({ requester }) => requester.displayName,
  session: ({ session }) => session.id,
  user: ({ session }) => session.user,
  credential: ({ session }) => session.credential,
  device: ({ session }) => session.device,
  protocol: ({ session }) => session.protocol,
  reason: ({ reason }) => reason.label,
  governanceCode: ({ governanceCode }) => governanceCode ?? '',
  justification: ({ justification }) => justification,
  askedStart: ({ asked }) => asked.start,
  askedEnd: ({ asked }) => asked.end,
  windowStart: ({ window }) => window.start,
  windowEnd: ({ window }) => window.end,
  deadline: ({ deadline }) => deadline,
  decidedAt: ({ state }) => (state.status === 'pending' ? '' : state.at),
  approvers: ({ decisions }) => decisions.map(({ by, verdict }) => `${by.displayName} (${verdict})`).join('; '),
  comments: ({ decisions, state }) =>
    [...decisions, ...(state.status === 'revoked' ? [state] : [])]
      .filter(({ comment }) => comment !== '')
      .map(({ by, comment }) => `${by.displayName}: ${comment}`)
      .join('\n'),
  viewings: ({ viewings }) => String(viewings.length),
  watchedSeconds: ({ viewings }) => String(Math.round(viewings.reduce((sum, { watchedMs }) => sum + watchedMs, 0) / 1000)),
};
const cells = Object.values(columns);

export const historyCsvHead = csvLine(Object.keys(columns));
export const historyCsvLine = (line: HistoryLine): string => csvLine(cells.map((cell) => cell(line)));
