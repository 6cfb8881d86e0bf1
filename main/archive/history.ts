import type {
  HistoryFigures,
  HistoryFilter,
  HistoryItem,
  HistoryPage,
  HistoryQuery,
  HistoryRow,
  ViewingRecord,
} from '../../contract/history.ts';
import type { AccessRequest } from '../../contract/request.ts';
import type { Session } from '../../contract/session.ts';
import { type Json, json } from './calls.ts';
import type { Database } from './database.ts';
import type { viewingQueries } from './viewings.ts';
import { fold } from './words.ts';

/** What History asks of the archive. */
export function historyQueries(db: Database, viewings: ReturnType<typeof viewingQueries>) {
  const all = db.prepare<[], string>('select json from requests order by row desc').pluck();
  const one = db.prepare<[string], string>('select json from requests where id = ?').pluck();
  const session = db.prepare<[string], string>('select json from sessions where id = ?').pluck();
  const found = ({ filter }: { filter: HistoryFilter }) =>
    all
      .all()
      .filter((text) => fold(text).includes(fold(filter.text ?? '')))
      .map((text): AccessRequest => JSON.parse(text));
  return {
    page: (query: HistoryQuery, from: number, limit: number): Json<HistoryPage> =>
      json({
        rows: found(query)
          .slice(from, from + limit)
          .map(rowOf),
        from,
      }),
    count: (query: HistoryQuery): number => found(query).length,
    get(requestId: string): Json<HistoryItem | null> {
      const text = one.get(requestId);
      if (text === undefined) return 'null';
      const request: AccessRequest = JSON.parse(text);
      const seen = session.get(request.session.id);
      return json({
        request,
        session: seen === undefined ? null : (JSON.parse(seen) as Session),
        viewings: viewings.about(requestId, request.session.id).map((one): ViewingRecord => JSON.parse(one)),
        confirmation: 'waiting',
      });
    },
    figures(filter: HistoryFilter): Json<HistoryFigures> {
      const requests = found({ filter });
      const count = (status: string) => requests.filter(({ state }) => state.status === status).length;
      return json({
        asked: requests.length,
        approved: count('approved') + count('revoked'),
        rejected: count('rejected'),
        expired: count('expired'),
        canceled: count('canceled'),
        revoked: count('revoked'),
        watched: 0,
        medianDecideMs: null,
        watchedMs: 0,
        weeks: [],
      });
    },
    values: (): string[] => [],
  };
}

function rowOf(request: AccessRequest): HistoryRow {
  const { id, version, kind, requester, governanceCode, window, createdAt, deadline, state, decisions } = request;
  return {
    id,
    version,
    kind,
    requester,
    governanceCode,
    window,
    createdAt,
    deadline,
    state,
    reason: request.reason.label,
    session: { id: request.session.id, user: request.session.user, device: request.session.device },
    decidedAt: state.status === 'pending' ? null : state.at,
    approvers: decisions.map((decision) => decision.by.displayName),
    watchedMs: 0,
  };
}
