import type { AccessRequest, Decision, SeenRequest } from '../../../contract/request.ts';
import type { Instant, Window } from '../../../contract/time.ts';

/** One thing that is not as it was seen. */
export type Difference =
  | { what: 'window'; from: Window; to: Window }
  | { what: 'deadline'; from: Instant; to: Instant }
  | { what: 'level'; from: number; to: number }
  | { what: 'decision'; decision: Decision }
  | { what: 'state'; status: AccessRequest['state']['status'] };

/** What has changed about a request since somebody looked at it, in the order in which it matters to who decides. Pure. */
export function differencesOf(seen: SeenRequest, now: SeenRequest): Difference[] {
  if (seen.version === now.version) return [];
  const differences: Difference[] = [];
  const known = new Set(seen.decisions.map((one) => `${one.by.id} ${one.level} ${one.at}`));
  for (const decision of now.decisions) {
    if (!known.has(`${decision.by.id} ${decision.level} ${decision.at}`)) differences.push({ what: 'decision', decision });
  }
  if (seen.window.start !== now.window.start || seen.window.end !== now.window.end)
    differences.push({ what: 'window', from: seen.window, to: now.window });
  if (seen.deadline !== now.deadline) differences.push({ what: 'deadline', from: seen.deadline, to: now.deadline });
  if (seen.state.status !== now.state.status) differences.push({ what: 'state', status: now.state.status });
  else if (seen.state.status === 'pending' && now.state.status === 'pending' && seen.state.level !== now.state.level)
    differences.push({ what: 'level', from: seen.state.level, to: now.state.level });
  return differences;
}

/** As much of a request as a decision rests on. */
export const seenOf = ({ version, window, deadline, decisions, state }: AccessRequest): SeenRequest => ({
  version,
  window,
  deadline,
  decisions,
  state,
});
